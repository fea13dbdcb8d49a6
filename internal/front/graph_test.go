package front

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"pong/internal/client"
	"pong/internal/dial"
)

// A sight is a page as a person sees it: a kind of card, or the page of a menu, of a server of this process or another.
type sight struct {
	kind CardKind
	page page
	own  bool
	left bool // the person has left the program
}

// A node is a page, and what the person cannot see of the way there.
type node struct {
	sight
	wish    Want
	reached bool
}

// nodeOf returns the page at which a person is.
func nodeOf(p *person) node {
	n := node{sight{kind: p.screen().Card.Kind}, p.flow.wish, p.flow.reached}
	switch {
	case p.flow.Left():
		return node{sight: sight{left: true}}
	case n.kind == CardMenu:
		n.page, n.own = p.flow.menu.page, p.flow.menu.alone
	}
	return n
}

// listed returns what the page offers: the key of each choice, each row by a click and by arrow keys and Enter,
// and an address that is typed.
func listed(p *person) (all [][]Input) {
	c := p.screen().Card
	for _, g := range c.Choices {
		for key := Action(1); key <= Quit; key <<= 1 {
			if g.Keys.Has(key) {
				all = append(all, []Input{{Actions: key}})
			}
		}
	}
	if c.Kind == CardAddress {
		all = append(all, []Input{{Text: "h"}, {Actions: Enter}})
	}
	var way []Input
	for row := range c.Rows {
		all = append(all, []Input{{Row: row + 1}})
		way = append(way, Input{Actions: Down})
		all = append(all, append(slices.Clone(way), Input{Actions: Enter}))
	}
	return all
}

// A graph has the pages of a flow, and the pages to which each one leads.
type graph map[node]map[node]bool

// draw draws the graph of a flow at servers that behave as one person's do. It repeats the way to each page from the
// beginning, once for each of the choices there.
func draw(t *testing.T, cfg Config, servers person) graph {
	t.Helper()
	g, todo := graph{}, [][]Input{nil}
	for len(todo) > 0 {
		way := todo[0]
		todo = todo[1:]
		var offers [][]Input
		var at node
		walk := func(script func(p *person)) {
			tryAt(t, servers, cfg, func(p *person) {
				p.wait(guardTime)
				for _, in := range way {
					p.do(in)
				}
				script(p)
			})
		}
		walk(func(p *person) {
			at, offers = nodeOf(p), listed(p)
			if !slices.ContainsFunc(offers, func(o []Input) bool { return o[0] == Input{Actions: Back} }) {
				t.Errorf("%v does not list Esc", at)
			}
		})
		if g[at] != nil {
			continue
		}
		g[at] = map[node]bool{}
		if at.left {
			continue
		}
		for _, offer := range offers {
			walk(func(p *person) {
				for _, in := range offer {
					p.do(in)
				}
				g[at][nodeOf(p)] = true
			})
			todo = append(todo, slices.Concat(way, offer))
		}
	}
	return g
}

// reach returns the pages that a person can see after one.
func (g graph) reach(from node) map[sight]bool {
	seen, todo, all := map[node]bool{from: true}, []node{from}, map[sight]bool{from.sight: true}
	for len(todo) > 0 {
		for to := range g[todo[0]] {
			if !seen[to] {
				seen[to], all[to.sight] = true, true
				todo = append(todo, to)
			}
		}
		todo = todo[1:]
	}
	return all
}

// TestFlow_EveryPageIsReachable draws the graph of pages for servers that do everything that a server can do. From each
// page the keys and rows that it lists lead to every other, and Esc is among them.
func TestFlow_EveryPageIsReachable(t *testing.T) {
	own := Config{Want: Want{Kind: Practice, Level: Normal, Address: "pong://127.0.0.1:7", Name: "ada"}, Alone: true}
	starts := map[string]Config{
		"address": {}, "friend": {Want: Want{Kind: Friend, Room: "maple-42"}}, "servers": knows(testLink, "h:7"),
		"given": {Want: Want{Address: "h"}}, "watch": {Want: Want{Address: "h", Kind: Watch}}, "own": own,
	}
	unknown := person{ask: dial.Question{Host: "h:5555", Fingerprint: "aaaa:bbbb:cccc:dddd"}, askOnce: true}
	servers := map[string]person{
		"willing": {},
		"failing": {err: errors.New("no connection")}, "refusing": {err: &dial.RefusedError{Code: "room"}},
		"slow": {hang: true}, "unknown": unknown,
	}
	for stage := client.StageWaiting; stage <= client.StageClosed; stage++ {
		for _, watching := range []bool{false, true} {
			v := rally()
			v.Stage, v.Watching, v.Room = stage, watching, "maple-42"
			if stage == client.StageWaiting {
				v.Presence[1] = client.Absent
			}
			servers[fmt.Sprintf("%v, watching %v", stage, watching)] = person{match: &madeUp{frame: v}}
		}
	}
	for start, cfg := range starts {
		for name, server := range servers {
			if server.match != nil && start != "given" { // the stages of a match do not depend on the start
				continue
			}
			t.Run(start+"/"+name, func(t *testing.T) { checkGraph(t, draw(t, cfg, server), server.err == nil) })
		}
	}
}

// checkGraph checks a graph of pages. If a server answers, its menu is among them.
func checkGraph(t *testing.T, g graph, answers bool) {
	t.Helper()
	must := map[sight]bool{{left: true}: true, {kind: CardAddress}: true, {kind: CardQuitting}: true}
	for p := pageMain; answers && p <= pageName; p++ {
		must[sight{kind: CardMenu, page: p}] = true
	}
	for n := range g {
		if n.kind != CardQuestion && n.kind != CardFailed { // which depend on the server
			must[n.sight] = true
		}
	}
	for from := range g {
		reached := g.reach(from)
		for to := range must {
			if !from.left && !reached[to] {
				t.Errorf("%+v does not lead to %+v", from, to)
			}
		}
	}
}
