package netcode

// Reveal copies to dst the inputs of their player that my player may see before their ticks are played, and returns
// how many there are: dst[0] is of the next tick to be played, and each other one is of the tick after. It stops at
// the first tick for which the input of either player has not arrived.
//
// A server that sends them shortens the time by which a client draws the other player late, because it need not wait
// for a state. The price would be that a modified client sees a move before it makes its own. So each player commits
// first: an input is revealed only if the receiver's own input of the same tick has arrived, which no later one
// replaces (see [InputBuffer.Put]). This is the scheme of commitment and reveal of cheat-proof playout (N. Baughman
// and B. Levine, "Cheat-Proof Playout for Centralized and Distributed Online Games", INFOCOM 2001), with the server in
// the place of the hashes.
//
// Both buffers must have played the same ticks. Otherwise there is nothing to reveal.
func Reveal[I comparable](dst []I, theirs, mine *InputBuffer[I]) int {
	if theirs.next != mine.next {
		return 0
	}
	for i := range dst {
		at := slot(theirs.next + Tick(i))
		if !theirs.places[at].present || !mine.places[at].present {
			return i
		}
		dst[i] = theirs.places[at].input
	}
	return len(dst)
}

// Revealed returns their player's input of a tick that is not played yet, if my player may see it (see [Reveal]).
func Revealed[I comparable](t Tick, theirs, mine *InputBuffer[I]) (input I, ok bool) {
	at := slot(t)
	if theirs.next != mine.next || !theirs.places[at].present || !mine.places[at].present {
		return input, false
	}
	return theirs.places[at].input, true
}
