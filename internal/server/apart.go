package server

// apart runs a function in a goroutine that ends with it, and waits. A TLS handshake needs a stack of 16 KiB,
// which the goroutine that goes on to read a player's lines for hours would keep.
func apart(f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	<-done
}
