package lab

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"pong/netcode/netsim"
)

// viewWords explains each variant to people who have not read the netcode.
var viewWords = map[string]string{
	"filter": "Ours, the local perception filter: my paddle in my present, the opponent's in the confirmed " +
		"past. The ball moves from one time to the other as it crosses the field.",
	"predict": "Everything is drawn where it should be by now. The opponent's keys are guessed, and every wrong " +
		"guess is corrected on the screen.",
	"interp": "The textbook's way: everything but my own paddle is drawn as it was a moment ago. So my paddle " +
		"and the ball belong to different times.",
	"original": "The control: the program that ours replaces. The ball stands still where the last message had it " +
		"until the next one comes.",
}

// wordsOf returns the words about a column.
func wordsOf(column string) string {
	if words := viewWords[column]; words != "" {
		return words
	}
	return "Ours, without " + strings.ReplaceAll(strings.ReplaceAll(column, "no-", ""), ",", " and ") + "."
}

// likenesses say where such a network occurs, by profile.
var likenesses = map[string]string{
	"L0":   "Two computers on one switch.",
	"L1":   "Two homes in one city, by cable.",
	"L2":   "A good connection that loses packets now and then.",
	"L3":   "A laptop in the next room, with other devices on the air.",
	"L4":   "Two ends of a continent.",
	"L5":   "Two ends of a continent over a bad connection.",
	"L6":   "Across an ocean.",
	"L7":   "Across an ocean over a bad connection.",
	"L8.1": "A Wi-Fi that is gone for a second, every 20 seconds, for one player or the other.",
	"L8.2": "A Wi-Fi that is gone for five seconds.",
	"L8.3": "Across an ocean, and gone for a second.",
	"L8.4": "Across an ocean, and gone for five seconds.",
	"L9":   "A connection that is slow in one direction only.",
	"L10":  "A path that changes during the match and changes back.",
	"L11":  "A connection that is nearly full.",
	"L12":  "Packets that overtake each other or arrive twice.",
	"L13":  "Computers that freeze for a moment and whose clocks drift apart.",
	"L14":  "One player next to the server, the other across an ocean: is it fair?",
	"L15":  "A mobile contract whose fast data is used up.",
}

// lengthOf returns how much was played, in words.
func lengthOf(r *Result) string {
	if r.Own != "" {
		return r.Own
	}
	return fmt.Sprintf("%s, %s, %s: %s of %s virtual minutes each",
		counted(len(r.Profiles), "network"), counted(len(r.Views), "way", "of drawing"), counted(r.Seeds, "seed"),
		counted(r.matches(), "match"), brief(r.Minutes))
}

// matches returns how many matches were played. Not every view is played on every network, and L14 has more seeds.
func (r *Result) matches() (n int) {
	seeds := make(map[key]int) // by profile and view
	for i := range r.Rows {
		row := &r.Rows[i]
		k := key{profile: row.Profile, view: row.View}
		seeds[k] = max(seeds[k], len(row.Seeds))
	}
	for _, some := range seeds {
		n += some
	}
	return n
}

// counted returns a number with its noun, in the plural if it is not 1.
func counted(n int, noun string, rest ...string) string {
	if n != 1 {
		if strings.HasSuffix(noun, "h") {
			noun += "e"
		}
		noun += "s"
	}
	return strings.Join(append([]string{fmt.Sprint(n), noun}, rest...), " ")
}

// networkWords describes what a profile does to packets; "" if there is no such profile.
func networkWords(name string) string {
	all := BothModels.apply(Profiles())
	i := slices.IndexFunc(all, func(p Profile) bool { return p.Name == name })
	if i < 0 {
		return ""
	}
	p := &all[i]
	words := []string{likenesses[strings.TrimSuffix(name, inTimeMark)], seatWords(p, 0)}
	if p.Up[0] != p.Up[1] || p.Down[0] != p.Down[1] {
		words[1] = "Left: " + words[1]
		words = append(words, "Right: "+seatWords(p, 1))
	}
	if p.InTime {
		words = append(words, "Losses and stalls happen in time.")
	}
	return strings.TrimSpace(strings.Join(words, " "))
}

// seatWords describes the links of a player.
func seatWords(p *Profile, seat int) string {
	up, down := p.Up[seat], p.Down[seat]
	parts := []string{fmt.Sprintf("%s there and back", short(up.Delay+down.Delay))}
	if up.Delay != down.Delay {
		parts[0] = fmt.Sprintf("%s there, %s back", short(up.Delay), short(down.Delay))
	}
	return strings.Join(append(parts, wayWords(up)...), ", ") + "."
}

// wayWords describes what one direction does besides its delay.
func wayWords(w netsim.Profile) (parts []string) {
	add := func(is bool, format string, args ...any) {
		if is {
			parts = append(parts, fmt.Sprintf(format, args...))
		}
	}
	add(w.Jitter > 0, "each way ±%s", short(w.Jitter))
	add(w.Loss > 0, "%s %% lost", brief(100*w.Loss))
	add(w.Loss > 0 && w.Burst > 1, "%s in a row", brief(w.Burst))
	add(w.Spike > 0, "%s %% stall for up to %s", brief(100*w.Spike), short(w.SpikeDelay))
	add(w.Reorder > 0, "%s %% overtaken", brief(100*w.Reorder))
	add(w.Duplicate > 0, "%s %% twice", brief(100*w.Duplicate))
	add(w.Rate > 0, "%d kbit/s, a queue of %s", w.Rate/1000, short(w.Queue))
	return parts
}

// short formats a duration for people.
func short(d time.Duration) string {
	return brief(float64(d)/float64(time.Millisecond)) + " ms"
}

// signs returns a target with mathematical signs.
func signs(t *Target) string {
	return strings.NewReplacer(">=", "≥", "<=", "≤").Replace(t.String())
}
