// Package front has everything that front ends have in common: the flow from the address of a server to the end of a
// match, and the sentences on the way. The window and the terminal turn keys into an [Input] and draw a [Screen]; a
// replay viewer or a web page can do the same.
//
//	leave Pong? <--> address --> dialling --> menu <--> dialling --> the match <--> leave the match?
//	                    ^           |           ^           |
//	                    '-- failed <+           '-- failed <+
//	                                '-- question            '-- question   (an unknown server: is it the right one?)
//
// Esc leads back, from the match to the menu, from the menu to the address, and from there to the question whether to
// leave the program. From each page the keys that it lists lead to every other one.
//
// A [Flow] is a state machine that takes the time as an argument. [Flow.Do] carries out a person's actions, [Flow.Step]
// plays a frame, and [Flow.Screen] returns what to draw. None of them blocks: the goroutines that dial servers are in
// calls.go, and Step takes their results. They call a [Dialer] (dialer.go). A [Store] keeps a player's name and
// settings in files (store.go). The rest of the package has no clock, goroutine or device.
//
// The sentences are in the files of the cards (card.go, match.go, menupage.go) and in words.go. The client and the
// server only report codes and values.
package front
