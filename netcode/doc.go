// Package netcode makes a game over the internet feel as if it were played on one machine.
//
// # The problem
//
// A key is pressed. If the picture waits for the server's answer, it moves a round trip later: 30 ms for neighbours,
// 250 ms across an ocean, and a different number every time. If it does not wait, every machine shows another game.
// This package is for games in which one server decides what happened, the players see their own keys at once, and
// what was shown is put right, mostly unseen, when the server's word differs.
//
// It knows no game, no socket and no clock. A game is a function from a state and inputs to the next state; datagrams
// come in and go out as plain values; the time is an argument. So all of it runs in a test, in virtual time, and the
// same calls give the same results.
//
// # The loop
//
// Time is counted in ticks of fixed length ([Tick]). The client is ahead of the server by about half a round trip and
// a margin, so that the input of tick t is there when the server comes to play tick t:
//
//	client, at tick 107                                     server, at tick 100
//
//	key -> InputLog --- inputs of all unacknowledged ticks -----> InputBuffer
//	   \                                                              | one input for each tick
//	    '-> Predictor: 101..107 are guesses                           v
//	           ^                                              game step 100 -> 101
//	           |                                                      |
//	        Confirm <---- state 101, inputs played, margin -----------'
//	           |                       |
//	        Timeline, Smoother       Pacer: how far ahead?
//	           |
//	        picture                  Echo, Loss, Lateness at both ends: round trip, jitter, loss, late tail
//
// The client keeps all inputs the server has not acknowledged and sends them all every time ([InputLog]); one lost
// datagram costs nothing. The server keeps them until their tick ([InputBuffer]), plays each at the tick it was made
// for and no other, and does not wait: a missing one is replaced by the last for a moment. It sends its state a few
// times less often than it ticks. The client compares that with what it had predicted for the same tick
// ([Predictor]). If they are equal, nothing happens at all. If not, it takes the server's state and plays the ticks
// since again.
//
// How far ahead the client must be is not computed from clocks, which differ, or from half the round trip, which
// assumes that both ways take the same time. The server says how early the inputs come, and the client turns its
// clock by a few per cent until that is as it should be ([Pacer]).
//
// # The calls, in order
//
// The client, for every datagram that has come, after it has been found authentic:
//
//  1. [Echo.Receive] with its packet number and [Stamp], [Lateness.Add] with the [Arrival], [Loss.Add] with the number;
//  2. the first time, once there is a round trip: [Pacer.Start]; after that drop what is older than the newest state;
//  3. [Predictor.SetInput] for every input the server says it has played, one's own too;
//  4. [Predictor.Confirm] with the state; what it returns tells whether the present has changed, so that a [Smoother] can
//     hide that from the eye;
//  5. [InputLog.Ack] with the acknowledged tick, [Pacer.Report] with the [InputReport], [Timeline.Observe] with the tick.
//
// The client, for every frame of its screen:
//
//  1. [Pacer.Advance]; then for each tick between [Predictor.Head] and what it returns: read the key, [InputLog.Put],
//     [Predictor.SetInput], [Predictor.Advance];
//  2. if there was a tick: send [Echo.Stamp] and [InputLog.AppendRuns];
//  3. draw: one's own things from the predicted present, with the fraction of a tick that [Pacer.Present] has; what
//     others do either from there too, or from the confirmed past at [Timeline.Advance]; with [Smoother.Fade] on top.
//
// The server, for every authentic datagram: [Echo.Receive] and the like, then [InputBuffer.PutRuns] with its inputs. The time from
// now to the use of its tick goes into the margin, unless the input is known already (Again). Those that come TooEarly
// count as well, or a client that is far ahead would never learn of it.
//
// The server, for every tick: [InputBuffer.Take] for each player, the step of the game, and at every third tick or so
// the state, the inputs played since a few states ago, [InputBuffer.Acked], and the smallest margin since the last
// time.
//
// The example is all of this with two bad lines in between, in one file.
//
// # The contract
//
// The step of the game must be deterministic: the same state and inputs give the same next state, to the bit, on
// every machine that plays. So compute with integers (a multiplication and an addition of floats may be fused to one
// rounding on one processor and not on another), keep the random word in the state, never range over a map, and keep
// nothing outside the state. The state is a comparable value: no slices, no maps, and pointers only if you know why.
// Saving is =, comparing is ==, so keep it to some hundred bytes. [Predictor.SyncTest] finds most violations; a
// [Correction] with Desync set is what the rest look like.
//
// What may go wrong is defined: inputs and states may be lost, come twice, late, in another order or in bursts. What
// may not come in is a forgery. Let nothing in that is not authenticated and fresh, and decide on the server alone: a
// client's word is its keys, and the ticks they are for.
//
// # What is yours to do
//
// The transport: any datagrams will do, UDP as well as WebTransport; package netcode/sealed encrypts and
// authenticates them with keys from a TLS connection. The encoding: a [Run], a [Stamp] and a [InputReport] are a few bytes
// each. The bad network to try it on is netcode/netsim. Stamp datagrams where they are sent and take the time where
// they arrive: what they wait for a frame is otherwise measured as the network's.
//
// No type here may be used by two goroutines at once, none has a lock, and none allocates after it has been made.
//
// # Where it comes from
//
// Prediction by the client and its reconciliation are QuakeWorld's (J. Carmack, .plan of 1996) and Quake III's
// (cg_predict.c); the sending of several inputs in each datagram too. Y. Bernier, "Latency Compensating Methods in
// Client/Server In-game Protocol Design and Optimization" (GDC 2001), tells why. Rollback by comparison, the guess
// that a key stays held and the sync test are those of T. Cannon's GGPO (2006). G. Fiedler's articles
// (gafferongames.com: "Fix Your Timestep!", "State Synchronization") are the best introduction to fixed ticks and to
// smoothing. The stamps are those of RFC 7323 and of RTCP, and one of the jitters is that of RFC 3550 section 6.4.1.
// The Pacer is a P-controller with a Smith predictor (O. Smith, "Closer Control of Loops with Dead Time", 1957), as
// in Unity's NetworkTimeSystem.
package netcode
