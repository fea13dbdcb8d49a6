package panel

import (
	"fmt"
	"strings"

	"pong/internal/client"
	"pong/netcode/netsim"
)

// techniques are the techniques with a key, in the order of the keys, and the sentences about switching them.
var techniques = []struct{ name, label, off, on string }{
	{
		"prediction", "prediction",
		"Prediction is off: your paddle waits for the server. Raise the delay, and feel each key come late.",
		"Prediction is on: your paddle moves in the frame of your key, whatever the delay.",
	},
	{
		"reconciliation", "reconciliation",
		"Reconciliation is off: a STATE replaces the present. Watch your paddle jump back and move a second time.",
		"Reconciliation is on: your inputs after a STATE are played again. Watch your paddle stop jumping.",
	},
	{
		"redundancy", "redundancy",
		"Redundancy is off: each input is sent once. With loss, watch the corrections of your paddle.",
		"Redundancy is on: datagrams repeat inputs until they are acknowledged. Loss costs no input now.",
	},
	{
		"timing", "timing",
		"Timing is off: your clock is not adjusted any more. Raise the delay, and watch the margin fall below zero.",
		"Timing is on: your clock follows the network. Watch the margin come back to what is wanted.",
	},
	{
		"in-flight", "in-flight term",
		"The in-flight term is off: the clock corrects again what it has corrected. Watch the margin swing.",
		"The in-flight term is on: the clock waits for what it has corrected. Watch the margin settle.",
	},
	{
		"smoothing", "smoothing",
		"Smoothing is off: corrections show at once. With jitter and loss, watch ball and paddles jump.",
		"Smoothing is on: a correction fades within a tenth of a second. Watch the jumps become slides.",
	},
	{
		"exactness", "exactness",
		"Exactness is off: STATEs count as rounded to pixels. Watch how far the picture is from the truth.",
		"Exactness is on: STATEs have every bit of the game. Predictions come true to the last digit.",
	},
}

// aboutView has a sentence about each view.
var aboutView = [...]string{
	client.ViewFilter: "View filter: your side is in the present, the other side in the past. " +
		"Watch the ball glide from one time to the other.",
	client.ViewPredict: "View predict: all is in the predicted present. " +
		"Watch the other paddle jump when it changes its direction.",
	client.ViewInterp: "View interp: all but your paddle is in the past. " +
		"At a long delay, watch the ball turn before it reaches your paddle.",
	client.ViewOriginal: "View original: the program that this one replaces. " +
		"Watch the ball stand still between STATEs, and your paddle jump.",
}

// aboutNetwork returns the sentence about a network of the laboratory.
func aboutNetwork(k Named) string {
	look := "Watch the round trip in the graphs."
	switch {
	case k.Up.OutageFor > 0:
		look = "Wait for the outage, and watch what goes on without news."
	case k.Up.Loss >= 0.1:
		look = "Watch your paddle: it still obeys at once."
	case k.Up.Loss > 0:
		look = "Watch the loss and the corrections in the graphs."
	case k.Up.Rate > 0:
		look = "Watch the round trip grow while the queue is full."
	case k.Up.Reorder > 0:
		look = "Watch the jitter: datagrams overtake each other."
	}
	return fmt.Sprintf("Network %s: %s. %s", k.Name, k.Title, look)
}

// aboutSlider returns the sentence about a figure of a link that was changed.
func aboutSlider(s *slider, w way, p *netsim.Profile) string {
	on := "each way"
	if w != bothWays {
		on = "on the way " + wayNames[w]
	}
	look := map[string]string{
		"delay":     "Watch the round trip: your paddle moves at once all the same.",
		"jitter":    "Watch the margin that is wanted grow.",
		"loss":      "Watch the loss in the figures, and your paddle go on.",
		"burst":     "Watch for how long nothing arrives.",
		"reorder":   "Watch the jitter: old datagrams are dropped.",
		"duplicate": "Watch that nothing changes: copies are dropped.",
		"rate":      "Watch the round trip: a full queue delays what passes it.",
	}[s.label]
	text := fmt.Sprintf("%s %s, %s. %s", s.label, s.text(p), on, look)
	return strings.ToUpper(text[:1]) + text[1:]
}
