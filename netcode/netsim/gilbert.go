package netsim

// gilbert decides which packets are lost by the model of Gilbert (1960), the special case of Elliott's in which the
// good state loses nothing and the bad state everything:
//
//	        enter
//	   ,-------------.
//	   |             v
//	( good )      ( bad ) --. stay
//	   ^             |  ^---'
//	   '-------------'
//	       1 - stay
//
// A burst lasts 1 / (1 - stay) packets on average, and the share of packets in the bad state is enter / (enter + 1 -
// stay). set solves both for the wanted loss and burst.
//
// The state changes with packets and not with time: a pause in sending does not end a burst, and more packets end it
// sooner. See spells for the same model in time.
type gilbert struct {
	enter, stay float64
	bad         bool
}

// set takes the mean loss and the mean burst. Independent losses already have a mean burst of 1 / (1 - loss); in a
// shorter burst losses would avoid each other, which does not happen in networks.
func (g *gilbert) set(loss, burst float64) {
	switch {
	case !(loss > 0):
		g.enter, g.stay = 0, 0
	case loss >= 1 || burst*(1-loss) <= 1:
		g.enter, g.stay = loss, loss
	default:
		g.enter, g.stay = loss/(burst*(1-loss)), 1-1/burst
	}
}

// lose takes a random number in [0, 1) for the next packet and reports whether that packet is lost.
func (g *gilbert) lose(unit float64) bool {
	if g.bad {
		g.bad = unit < g.stay
	} else {
		g.bad = unit < g.enter
	}
	return g.bad
}
