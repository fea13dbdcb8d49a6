package main

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"syscall/js"
	"time"
)

// The ways to the server, as dial tries them: it begins with the first, and changes over if no STATE arrives that way.
const (
	webTransport = "webtransport"
	webSocket    = "websocket"
)

// otherAfter is how long the connection of WebTransport is awaited before WebSocket is tried, too.
const otherAfter = 2 * time.Second

// A transport is a dial.Transport: the connections of the browser. pongTransport of JavaScript opens them.
type transport struct {
	host    js.Value
	address string
	dialing atomic.Int32 // of WebTransport
}

func newTransport(address string) *transport {
	return &transport{host: js.Global().Get("pongTransport"), address: address}
}

// Resolve returns the ways that the browser has.
func (t *transport) Resolve(context.Context, string) ([]string, error) {
	if t.host.Get("datagrams").Bool() {
		return []string{webTransport, webSocket}, nil
	}
	return []string{webSocket}, nil
}

// DialStream opens a connection.
func (t *transport) DialStream(ctx context.Context, way string) (net.Conn, error) {
	if way == webTransport {
		t.dialing.Add(1)
		defer t.dialing.Add(-1)
	} else {
		for late := time.Now().Add(otherAfter); t.dialing.Load() > 0 && time.Now().Before(late); {
			select {
			case <-ctx.Done():
				return nil, context.Cause(ctx)
			case <-time.After(50 * time.Millisecond):
			}
		}
	}
	c := newConn(way)
	opened := make(chan error, 1)
	done := js.FuncOf(func(_ js.Value, args []js.Value) any {
		if len(args) > 0 && args[0].Truthy() {
			opened <- errors.New(args[0].Call("toString").String())
			return nil
		}
		opened <- nil
		return nil
	})
	c.opens(t.host.Call("open", way, c.onStream, c.onDatagram, c.onClose, done))
	select {
	case err := <-opened:
		if err != nil {
			c.Close()
			return nil, err
		}
		return c, nil
	case <-ctx.Done():
		c.Close()
		return nil, context.Cause(ctx)
	}
}

// DialDatagrams returns the game channel of a connection. The browser moves it to another network by itself.
func (t *transport) DialDatagrams(_ context.Context, stream net.Conn, port int) (net.Conn, error) {
	return &datagrams{conn: stream.(*conn), port: uint16(port), closed: make(chan struct{})}, nil
}

// A way is the address of a conn.
type way string

func (w way) Network() string { return string(w) }
func (w way) String() string  { return string(w) }

// A conn is the control channel of a connection, and holds its datagrams. The functions of JavaScript must not wait, so
// what they take is put into queues.
type conn struct {
	net.Conn // the end of a pipe
	way      way
	far      net.Conn
	js       js.Value

	onStream, onDatagram, onClose js.Func

	mu       sync.Mutex // guards what follows
	received [][]byte   // of the stream
	more     chan struct{}

	arrived chan []byte // datagrams
	once    sync.Once
	ended   chan struct{}
}

// maxArrived is how many datagrams wait for the program.
const maxArrived = 64

func newConn(w string) *conn {
	c := &conn{
		way: way(w), more: make(chan struct{}, 1), arrived: make(chan []byte, maxArrived),
		ended: make(chan struct{}),
	}
	c.Conn, c.far = net.Pipe()
	c.onStream = js.FuncOf(func(_ js.Value, args []js.Value) any {
		c.mu.Lock()
		c.received = append(c.received, bytesOf(args[0]))
		c.mu.Unlock()
		select {
		case c.more <- struct{}{}:
		default:
		}
		return nil
	})
	c.onDatagram = js.FuncOf(func(_ js.Value, args []js.Value) any {
		select {
		case c.arrived <- bytesOf(args[0]):
		default:
		}
		return nil
	})
	c.onClose = js.FuncOf(func(js.Value, []js.Value) any {
		go c.Close()
		return nil
	})
	return c
}

// bytesOf returns the bytes of a Uint8Array.
func bytesOf(array js.Value) []byte {
	b := make([]byte, array.Get("length").Int())
	js.CopyBytesToGo(b, array)
	return b
}

// arrayOf returns a Uint8Array with some bytes.
func arrayOf(b []byte) js.Value {
	array := js.Global().Get("Uint8Array").New(len(b))
	js.CopyBytesToJS(array, b)
	return array
}

// opens starts the goroutines that carry the stream.
func (c *conn) opens(connection js.Value) {
	c.js = connection
	go func() {
		for {
			select {
			case <-c.more:
			case <-c.ended:
				return
			}
			c.mu.Lock()
			parts := c.received
			c.received = nil
			c.mu.Unlock()
			for _, part := range parts {
				if _, err := c.far.Write(part); err != nil {
					return
				}
			}
		}
	}()
	go func() {
		buffer := make([]byte, 16<<10)
		for {
			n, err := c.far.Read(buffer)
			if err != nil {
				return
			}
			c.js.Call("write", arrayOf(buffer[:n]))
		}
	}()
}

func (c *conn) LocalAddr() net.Addr  { return c.way }
func (c *conn) RemoteAddr() net.Addr { return c.way }

// Close closes the connection. The last bytes are still sent.
func (c *conn) Close() error {
	c.once.Do(func() {
		close(c.ended)
		c.Conn.Close()
		c.far.Close()
		if !c.js.IsUndefined() {
			c.js.Call("close")
		}
	})
	return nil
}

// A datagrams is the game channel of a conn.
type datagrams struct {
	*conn
	port   uint16
	over   sync.Once
	closed chan struct{}
}

// Read waits for a datagram.
func (d *datagrams) Read(b []byte) (int, error) {
	select {
	case datagram := <-d.arrived:
		return copy(b, datagram), nil
	case <-d.closed:
		return 0, net.ErrClosed
	case <-d.ended:
		return 0, io.ErrClosedPipe
	}
}

// Write sends a datagram to the shard at the port.
func (d *datagrams) Write(b []byte) (int, error) {
	select {
	case <-d.ended:
		return 0, os.ErrClosed
	default:
	}
	d.js.Call("send", arrayOf(append(binary.BigEndian.AppendUint16(nil, d.port), b...)))
	return len(b), nil
}

// Close ends Read. The connection stays open.
func (d *datagrams) Close() error {
	d.over.Do(func() { close(d.closed) })
	return nil
}
