package server

// onFreshStack runs a function in a goroutine that ends with it, and waits. A TLS handshake needs a stack of 16 KiB, a line that is
// written one of 8, and the goroutines that wait for a player's lines for hours would keep what they once had.
func onFreshStack(f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	<-done
}
