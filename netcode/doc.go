// Package netcode makes a game over the internet feel as if it were played on one machine.
//
// # The problem
//
// A player presses a key. If the picture waits for the server's answer, it moves a round trip later: 30 ms for
// neighbours, 250 ms across an ocean, and a different time for each key. If it does not wait, every machine shows
// another game. This package is for games in which one server decides what happened, players see the effect of their
// own keys at once, and the picture is corrected, mostly unseen, when the server decided otherwise.
//
// It knows no game, no socket and no clock. A game is a function from a state and inputs to the next state; datagrams
// come in and go out as plain values; the time is an argument. So everything here runs in a test, in virtual time,
// and the same calls give the same results.
//
// # The loop
//
// Time is counted in ticks of fixed length ([Tick]). The client is ahead of the server by about half a round trip and
// a margin, so that the input of tick t arrives before the server plays tick t:
//
//	client, at tick 107                                     server, at tick 100
//
//	key -> InputLog --- inputs of all unacknowledged ticks -----> InputBuffer
//	   \                                                              | one input for each tick
//	    '-> Predictor: 101..107 are predicted                         v
//	           ^                                              game step 100 -> 101
//	           |                                                      |
//	        Confirm <---- state 101, inputs played, report -----------'
//	           |                       |
//	        Timeline, Smoother       Pacer: how far ahead?
//	           |
//	        picture                  Echo, Loss, Lateness at both ends: round trip, jitter, loss, late tail;
//	                                 InputLateness at the server: the margin that inputs need
//
// The client keeps all inputs that the server has not acknowledged and sends them all in every datagram ([InputLog]),
// so a lost datagram costs nothing. The server keeps them until their tick ([InputBuffer]). It plays each input at
// the tick for which it was made, and does not wait: it repeats the last input for a moment if one is missing. It
// sends its state a few times less often than it plays ticks. The client compares that with its prediction of the
// same tick ([Predictor]). If they are equal, nothing happens. If not, the client takes the server's state and plays
// the ticks since then again.
//
// The lead is not computed from clocks, which differ, or from half the round trip, which assumes that both directions
// take the same time. The server reports how early the inputs arrive, and the client runs its clock a few per cent
// faster or slower until they arrive as early as they should ([Pacer]).
//
// # The calls, in order
//
// The client, for every datagram that arrives, once it has proved authentic:
//
//  1. [Echo.Receive] with its packet number and [Stamp], then [Lateness.Add] and, after a round trip, [SendRate.Add]
//     with the [Arrival], and [Loss.Add] with the number;
//  2. drop it if its state is not newer than the newest one; for the first one, once there is a round trip,
//     [Pacer.Start];
//  3. [Predictor.SetInput] for every input that the server reports as played, including the client's own, and for
//     those of others that it has revealed ahead;
//  4. [Predictor.Confirm] with the state; if the result says that the present has changed, [Smoother.Add] hides that
//     from the eye;
//  5. [InputLog.Ack] with the acknowledged tick, [Pacer.Report] with the [InputReport], [Timeline.Observe] with the
//     tick.
//
// The client, for every frame of its screen:
//
//  1. [Pacer.Advance]; then for each tick from [Predictor.Head] up to its result: read the key, [InputLog.Put],
//     [Predictor.SetInput], [Predictor.Advance];
//  2. if there was a tick, and [SendRate.Every] ticks since the last time: send [Echo.Stamp] and
//     [InputLog.AppendRuns];
//  3. draw: its own things from the predicted present, with the fraction of a tick that [Pacer.Present] has; the
//     things of others from there as well, or from the confirmed past at [Timeline.Advance], or in between
//     ([Contour]); all moved by what [Smoother.Fade] has left.
//
// The server, for every datagram that arrives, once it has proved authentic: [Echo.Receive] and [Loss.Add] as above,
// then [InputBuffer.PutRuns] with its inputs, and [InputLateness.Add] with their number. Of the inputs that are
// reported as arrived, the time from now to the tick of the newest is its margin. Added to what InputLateness.Add
// returns, it is the margin of the [InputReport]; the smallest since the last report counts. Inputs that are TooEarly
// count as well; otherwise a client that is far ahead would never learn of it.
//
// The server, for every tick: [InputBuffer.Take] for each player, then the step of the game. At every third tick or
// so it sends the state, the inputs played since a few states ago, the inputs of others for ticks to come that the
// receiver may see ([Reveal]), [InputBuffer.Acked] and the InputReport.
//
// The package example is all of this in one file: two ends, sealed datagrams and a bad network in between.
//
// # The contract
//
// The step of the game must be deterministic: the same state and inputs give the same next state, to the bit, on
// every machine that plays. Compute with integers, since some processors round a multiplication and an addition of
// floats once and others twice. Let chance be an input, which the server draws from a secret: every client can run a
// generator in the state ahead. Never range over a map, and keep nothing outside the state. The state is a comparable
// value: no slices, no maps, and pointers only if you know why. Assignment saves it and == compares it, so keep it to
// some hundred bytes. [Predictor.SyncTest] finds most violations; the others show as a [Correction] with Desync set.
//
// Datagrams may be lost, repeated, late, reordered or delivered in bursts. They must not be forged: pass on only
// datagrams that are authenticated and not replayed, as those of netcode/sealed are. Let the server decide
// everything: a client may claim its inputs and their ticks, and nothing else.
//
// # What is left to you
//
// The transport: any datagrams will do, over UDP or WebTransport. Package netcode/sealed encrypts and authenticates
// them with keys from a TLS connection. The encoding: a [Run], a [Stamp] and an [InputReport] are a few bytes each. A
// bad network for tests: package netcode/netsim. Stamp datagrams where they are sent, and take the time where they
// arrive: otherwise the time for which a datagram waits for a frame counts as the network's.
//
// No type here may be used by two goroutines at once, none has a lock, and none allocates after it has been made. The
// constants are chosen for some 60 ticks a second; each says what it assumes.
//
// # Sources
//
// Client-side prediction and server reconciliation are those of QuakeWorld (J. Carmack, .plan of 1996) and Quake III
// (cg_predict.c), which also sent several inputs in each datagram. Y. Bernier, "Latency Compensating Methods in
// Client/Server In-game Protocol Design and Optimization" (GDC 2001), gives the reasons. Rollback by comparison, the
// guess that a key stays held and the sync test are those of T. Cannon's GGPO (2006). G. Fiedler's articles
// (gafferongames.com: "Fix Your Timestep!", "State Synchronization") are the best introduction to fixed ticks and to
// smoothing. The stamps are those of RFC 7323 and of RTCP (RFC 3550 section 6.4.1). The Pacer is a P-controller with
// a Smith predictor (O. Smith, "Closer Control of Loops with Dead Time", 1957), as in Unity's NetworkTimeSystem. The
// Contour is a local perception filter; its sources stand there.
package netcode
