package netsim

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"sync"
	"time"
)

const (
	dialTimeout = 10 * time.Second
	acceptPause = 10 * time.Millisecond
	chunkBytes  = 16 << 10
	chunksMost  = 64 // delayed in one direction of a connection: with more than 1 MiB TCP slows the sender
)

// serveControl accepts connections until the listener is closed.
func (r *Relay) serveControl(ctx context.Context) error {
	for failures := 0; ; {
		client, err := r.control.Accept()
		if errors.Is(err, net.ErrClosed) {
			return nil
		}
		if err != nil { // for example too many open files, which may pass
			r.countError()
			if failures++; failures == failuresInARow {
				return fmt.Errorf("accept control connection: %w", err)
			}
			wait(ctx, acceptPause)
			continue
		}
		failures = 0
		r.running.Go(func() { r.serveConn(ctx, client.(*net.TCPConn)) })
	}
}

// serveConn relays one connection until both directions have ended, or one has failed.
func (r *Relay) serveConn(ctx context.Context, client *net.TCPConn) {
	if !r.admit() {
		_ = client.Close()
		return
	}
	defer r.dismiss()
	if !r.own(client) {
		return
	}
	defer r.disown(client)
	dialer := net.Dialer{Timeout: dialTimeout}
	conn, err := dialer.DialContext(ctx, "tcp", r.config.ToControl)
	if err != nil {
		r.countError()
		return
	}
	server := conn.(*net.TCPConn)
	if !r.own(server) {
		return
	}
	defer r.disown(server)

	abort := func() { // makes the other direction fail too
		_ = client.Close()
		_ = server.Close()
	}
	back := make(chan struct{})
	r.running.Go(func() {
		defer close(back)
		copyDelayed(ctx, client, server, func() time.Duration { _, down := r.Profiles(); return down.Delay }, abort)
	})
	copyDelayed(ctx, server, client, func() time.Duration { up, _ := r.Profiles(); return up.Delay }, abort)
	<-back
}

// A halfCloser is the part of *net.TCPConn that the end of one direction needs.
type halfCloser interface {
	io.Writer
	CloseWrite() error
}

// copyDelayed copies src to dst, each byte with the delay that delay returns when it arrives, and then the end of src.
// If either fails or ctx ends, it calls abort, which must make both fail. It returns when everything is written.
func copyDelayed(ctx context.Context, dst halfCloser, src io.Reader, delay func() time.Duration, abort func()) {
	type chunk struct {
		due  time.Time
		data []byte
	}
	late := make(chan chunk, chunksMost)
	var failed error // set when reader has ended
	var reader sync.WaitGroup
	reader.Go(func() {
		defer close(late)
		buffer := make([]byte, chunkBytes)
		for {
			n, err := src.Read(buffer)
			if n > 0 {
				late <- chunk{time.Now().Add(delay()), slices.Clone(buffer[:n])}
			}
			if err != nil {
				failed = err
				return
			}
		}
	})
	for c := range late {
		if !wait(ctx, time.Until(c.due)) { // what is not due yet is lost
			abort()
			break
		}
		if _, err := dst.Write(c.data); err != nil {
			abort()
			break
		}
	}
	for range late { // drop the rest, so that the reader does not block
	}
	reader.Wait()
	if !errors.Is(failed, io.EOF) {
		abort()
		return
	}
	_ = dst.CloseWrite() // fails only if dst has failed
}

// wait waits for d and returns true, or returns false when ctx ends.
func wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// Profiles returns the profiles of both directions.
func (r *Relay) Profiles() (up, down Profile) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.up, r.down
}

// admit counts a connection, unless there are too many.
func (r *Relay) admit() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stats.Conns >= r.config.Clients {
		r.stats.Refused++
		return false
	}
	r.stats.Conns++
	r.stats.Accepted++
	return true
}

func (r *Relay) dismiss() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stats.Conns--
}

// own registers a connection for Close to close. If the relay is closed already, it closes the connection and returns
// false.
func (r *Relay) own(c *net.TCPConn) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		_ = c.Close()
		return false
	}
	r.conns[c] = struct{}{}
	return true
}

func (r *Relay) disown(c *net.TCPConn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.conns, c)
	_ = c.Close() // mostly for the second time, so an error means nothing
}
