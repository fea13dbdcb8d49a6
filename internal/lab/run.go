package lab

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"time"

	"pong/internal/client"
	"pong/internal/wire"
)

// Config chooses what to measure.
type Config struct {
	Profiles  []Profile
	Variants  []Variant
	LossModel LossModel // If zero, ByPacket.
	First     uint64    // the first seed. If zero, 1.
	Seeds     int       // the number of seeds; they count up from First
	Minutes   float64   // of each match

	// Without are techniques that the clients do without, each in a column of its own, beside the variants.
	Without []client.Settings

	Fairness wire.Fairness // of the server
	Repeat   bool          // clients send INPUTs with a new key once more: client.Settings.Repeat

	// Watch is called after each cell, in the order of the cells, by one goroutine; an error ends the run. If nil, it
	// is not called.
	Watch func(done, all int, r *Recording) error
}

func (c *Config) first() uint64 { return max(c.First, 1) }

// A column is one of the ways of playing that are compared: a variant, perhaps without some techniques.
type column struct {
	variant Variant
	without client.Settings
	name    string
}

// columns returns the columns, in the order of the result. Those without techniques draw with the view filter.
func (c *Config) columns() (all []column) {
	for _, v := range c.Variants {
		all = append(all, column{v, client.Settings{}, v.String()})
	}
	for _, without := range c.Without {
		without.View = Filter.mode()
		all = append(all, column{Filter, without, without.String()})
	}
	return all
}

// isJudged reports whether the column is the one that has targets. The others are there for comparison.
func (c *column) isJudged() bool { return c.variant == Filter && c.without == client.Settings{} }

// cells returns all matches to play, in the order of the result.
func (c *Config) cells() (all []Cell) {
	for _, p := range c.LossModel.apply(c.Profiles) {
		length := minutes(c.Minutes) * time.Duration(max(p.Longer, 1))
		for _, col := range c.columns() {
			if !c.plays(&p, &col) {
				continue
			}
			without := col.without
			without.Repeat = c.Repeat
			for seed := range c.seeds(&p, &col) {
				all = append(all, Cell{Profile: p, Variant: col.variant, Column: col.name,
					Seed: c.first() + uint64(seed), Length: length, Fairness: c.Fairness, Without: without})
			}
		}
	}
	return all
}

// plays reports whether a column is played on a profile. If both loss models are, columns that are not judged are
// played under the first only.
func (c *Config) plays(p *Profile, col *column) bool {
	return col.isJudged() || !p.InTime || c.LossModel != BothModels || !slices.ContainsFunc(c.columns(),
		func(other column) bool { return other.isJudged() })
}

// seeds returns the number of seeds of a column on a profile.
func (c *Config) seeds(p *Profile, col *column) int {
	if !col.isJudged() {
		return c.Seeds
	}
	return c.Seeds * max(p.MoreSeeds, 1)
}

// An outcome is what is kept of a cell.
type outcome struct {
	rec     *Recording // until it has been watched
	figures []figure   // by measure
	rally   Rally
}

// Measure plays all cells, on all cores, and returns the result, which does not depend on the number of cores. It
// returns early if ctx ends or Watch fails.
func (c Config) Measure(ctx context.Context) (Result, error) {
	ctx, stop := context.WithCancel(ctx)
	var running sync.WaitGroup
	defer running.Wait()
	defer stop()
	cells, measures := c.cells(), Measures()
	outcomes := make([]chan outcome, len(cells))
	free := make(chan struct{}, runtime.GOMAXPROCS(0)) // bounds the number of recordings: each takes some megabytes
	for i := range cells {
		outcomes[i] = make(chan outcome, 1)
	}
	running.Go(func() {
		for i, cell := range cells {
			select {
			case free <- struct{}{}:
			case <-ctx.Done():
				return
			}
			withRally := cell.Seed == c.first() && cell.Column == c.columns()[0].name && c.telling(cell.Profile.Name)
			if withRally {
				cell.Beside = besides(cell.Variant)
			}
			running.Go(func() { outcomes[i] <- measure(cell, measures, withRally) })
		}
	})
	kept := make([]outcome, len(cells))
	for i := range cells {
		select {
		case kept[i] = <-outcomes[i]:
		case <-ctx.Done():
			return Result{}, ctx.Err()
		}
		if c.Watch != nil {
			if err := c.Watch(i+1, len(cells), kept[i].rec); err != nil {
				return Result{}, err
			}
		}
		kept[i].rec = nil
		<-free
	}
	return c.result(cells, measures, kept), nil
}

// measure plays one cell and measures it; withRally is true if a rally of it is to be kept.
func measure(cell Cell, measures []Measure, withRally bool) outcome {
	o := outcome{rec: Run(cell), figures: make([]figure, len(measures))}
	for i := range measures {
		f := &o.figures[i]
		value, samples, ok := measures[i].Of(o.rec)
		*f = figure{value, distribute(samples, measures[i].Step), ok}
	}
	if withRally {
		o.rally = o.rec.rally()
	}
	return o
}

// result collects the outcomes, which are in the order of the cells.
func (c *Config) result(cells []Cell, measures []Measure, kept []outcome) Result {
	r := Result{Minutes: c.Minutes, First: c.first(), Seeds: c.Seeds}
	for _, p := range c.LossModel.apply(c.Profiles) {
		r.Profiles = append(r.Profiles, Named{Name: p.Name, Title: p.Title})
	}
	for _, col := range c.columns() {
		r.Views = append(r.Views, col.name)
	}
	for _, m := range measures {
		r.Measures = append(r.Measures, Named{Name: m.Name, Title: m.Title, Unit: m.Unit, Definition: m.Definition,
			Noticed: m.Noticed})
	}
	for i, n := 0, 0; i < len(cells); i += n {
		for n = 1; i+n < len(cells) && cells[i+n].Seed == cells[i].Seed+uint64(n); n++ {
		}
		for j := range measures {
			figures := make([]figure, n)
			for seed := range figures {
				figures[seed] = kept[i+seed].figures[j]
			}
			if row, ok := summarize(&cells[i], &measures[j], figures); ok {
				r.Rows = append(r.Rows, row)
			}
		}
		if len(kept[i].rally.Truth) > 0 {
			r.Rallies = append(r.Rallies, kept[i].rally)
		}
	}
	return r
}

// besides returns the ways of drawing that are shown beside another one.
func besides(v Variant) (others []Variant) {
	for _, other := range []Variant{Filter, Predict, Interp, Original} {
		if other != v {
			others = append(others, other)
		}
	}
	return others
}

// telling reports whether rallies of a profile are kept: those of the profile on which the variants differ most.
func (c *Config) telling(profile string) bool {
	for _, p := range c.Profiles {
		if p.Name == "L6" {
			return profile == "L6"
		}
	}
	return profile == c.Profiles[len(c.Profiles)-1].Name
}
