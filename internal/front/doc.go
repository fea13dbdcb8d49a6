// Package front is what every front end has in common: the flow from the address of a server to the end of a match, and
// the sentences that are shown on the way. The window and the terminal turn keys into an [Input] and draw the [Screen];
// a replay viewer or a web page can do the same.
//
//	                     .---------- failed <---------.
//	                     v                            |
//	address <-------> menu <-------> dialling --> the match <--> leaving?
//	   ^                 |               |
//	   |                 '--> question <-'
//	   '--- failed            (an unknown server: is it the right one?)
//
// A [Flow] is a state machine with the time as an argument. [Flow.Do] takes what a person did, [Flow.Step] moves the
// match on by a frame, and [Flow.Screen] says what to draw. None of them waits: servers are dialled and asked in
// goroutines of calls.go, and Step takes their results. A [Dialer] is what they call (dialer.go), and a [Store] keeps a
// player's name and settings in files (store.go). All else in this package is free of clocks, goroutines and devices.
//
// What can be chosen once a server is known is a [Menu]; it ends in a [Want], which is what to dial.
package front
