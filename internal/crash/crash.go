// Package crash gives the terminal back before a panic ends the process, whatever the goroutine. Otherwise the shell
// would get a terminal that shows no keys, with the screen of the game, and the stack of the panic would be lost with
// that screen.
//
// Every goroutine of a program that takes the terminal runs its function through Guarded, and arch_test.go checks that.
// SIGKILL and fatal errors of the Go runtime, such as two goroutines that write to a map at once, run no code of the
// process. For these a second process would have to watch the first one, which would cost every game more than the
// command reset costs after one of them.
package crash

import "sync/atomic"

// restore is what to call before a panic ends the process, or nil.
var restore atomic.Pointer[func()]

// OnPanic has f called before a panic in a guarded goroutine ends the process, once. f must return soon. The function
// that OnPanic returns takes that back.
func OnPanic(f func()) (end func()) {
	restore.Store(&f)
	return func() { restore.CompareAndSwap(&f, nil) }
}

// Guarded returns f as the function of a goroutine.
func Guarded(f func()) func() {
	return func() {
		defer func() {
			if p := recover(); p != nil {
				if f := restore.Swap(nil); f != nil {
					(*f)()
				}
				panic(p) // with the stack of the first one
			}
		}()
		f()
	}
}
