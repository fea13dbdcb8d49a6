// Command peers compares the cost for a server of answering small encrypted messages in time. 1 000 clients send 40
// bytes 20 and 60 times a second and get them back, through Pong's sealed sessions and batches and through its peers.
// Each server is a process of its own; the measurement is its CPU time, user and system, for an echo.
//
// All clients have their own socket, verify no certificate, and use the loopback interface. Handshakes come before
// the measurement. Everything ends within three minutes.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	clients  = 1000
	payload  = 40
	measured = 5 * time.Second
	// timeout bounds the time for all connections, and for a server to start and to end.
	timeout = 30 * time.Second
)

// A line is a client's connection that carries messages.
type line interface {
	Send(message []byte) error
	Receive(buffer []byte) (int, error)
	Close() error
}

// A peer is a way to send small messages.
type peer struct {
	name string
	// serve echoes messages until the process ends. It returns its address.
	serve func() (string, error)
	dial  func(address string, client int) (line, error)
}

var peers = []peer{ours, quicPeer, dtlsPeer, kcpPeer, webSocketPeer}

func main() {
	if len(os.Args) == 3 && os.Args[1] == "serve" {
		serve(os.Args[2])
		return
	}
	failed := false
	fmt.Println("| | echoes a second asked | answered | CPU us an echo | of it in the kernel |")
	fmt.Println("|---|---|---|---|---|")
	for _, p := range peers {
		if len(os.Args) > 1 && !slices.Contains(os.Args[1:], p.name) {
			continue
		}
		if err := measure(p); err != nil {
			fmt.Fprintf(os.Stderr, "peers: %s: %v\n", p.name, err)
			failed = true
		}
	}
	if failed {
		os.Exit(1)
	}
}

// serve is the child process. It prints its address, and then its CPU time for each line that it reads.
func serve(name string) {
	signal.Ignore(os.Interrupt) // the parent ends this process
	for _, p := range peers {
		if p.name != name {
			continue
		}
		address, err := p.serve()
		if err != nil {
			fmt.Fprintln(os.Stderr, "peers: serve:", err)
			os.Exit(1)
		}
		fmt.Println(address)
		for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
			var u syscall.Rusage
			if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
				os.Exit(1)
			}
			fmt.Println(u.Utime.Nano(), u.Stime.Nano())
		}
		return // the parent has ended
	}
	fmt.Fprintf(os.Stderr, "peers: unknown peer %s\n", name)
	os.Exit(2)
}

// A child is a server's process.
type child struct {
	*exec.Cmd
	in  io.WriteCloser
	out *bufio.Scanner
}

func start(p peer) (*child, string, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, "", err
	}
	c := &child{Cmd: exec.Command(self, "serve", p.name)}
	c.Stderr = os.Stderr
	if c.in, err = c.StdinPipe(); err != nil {
		return nil, "", err
	}
	out, err := c.StdoutPipe()
	if err != nil {
		return nil, "", err
	}
	c.out = bufio.NewScanner(out)
	if err := c.Start(); err != nil {
		return nil, "", err
	}
	if !c.out.Scan() {
		c.end()
		return nil, "", errors.New("the server did not start")
	}
	return c, c.out.Text(), nil
}

// cpu returns the CPU time of the server in user and kernel mode.
func (c *child) cpu() (user, system time.Duration, err error) {
	if _, err := fmt.Fprintln(c.in); err != nil {
		return 0, 0, err
	}
	if !c.out.Scan() {
		return 0, 0, errors.New("the server has ended")
	}
	fields := strings.Fields(c.out.Text())
	if len(fields) != 2 {
		return 0, 0, fmt.Errorf("the server printed %q", c.out.Text())
	}
	u, err1 := strconv.ParseInt(fields[0], 10, 64)
	s, err2 := strconv.ParseInt(fields[1], 10, 64)
	return time.Duration(u), time.Duration(s), errors.Join(err1, err2)
}

func (c *child) end() {
	c.in.Close()
	kill := time.AfterFunc(timeout, func() { _ = c.Process.Kill() })
	_ = c.Wait()
	kill.Stop()
}

// measure connects all clients of a peer and lets them send at both rates.
func measure(p peer) error {
	server, address, err := start(p)
	if err != nil {
		return err
	}
	defer server.end()
	lines, err := dialAll(p, address)
	defer func() {
		for _, l := range lines {
			if l != nil {
				l.Close()
			}
		}
	}()
	if err != nil {
		return err
	}
	var echoes atomic.Int64
	for _, l := range lines {
		go func() {
			for buffer := make([]byte, 2048); ; {
				n, err := l.Receive(buffer)
				if err != nil {
					return
				}
				if n == payload {
					echoes.Add(1)
				}
			}
		}()
	}
	for _, rate := range []int{20, 60} {
		if err := run(p, server, lines, rate, &echoes); err != nil {
			return err
		}
	}
	return nil
}

func dialAll(p peer, address string) ([]line, error) {
	lines := make([]line, clients)
	var all sync.WaitGroup
	var failure atomic.Value
	places := make(chan struct{}, 16) // handshakes at once
	begun := time.Now()
	for i := range lines {
		places <- struct{}{}
		if time.Since(begun) > timeout || failure.Load() != nil {
			break
		}
		all.Go(func() {
			defer func() { <-places }()
			l, err := p.dial(address, i)
			if err != nil {
				failure.Store(fmt.Errorf("client %d: %w", i, err))
				return
			}
			lines[i] = l
		})
	}
	all.Wait()
	if err, ok := failure.Load().(error); ok {
		return lines, err
	}
	if slices.Contains(lines, nil) {
		return lines, errors.New("not all clients connected in time")
	}
	return lines, nil
}

// run lets all clients send at a rate, and prints what an echo costs the server.
func run(p peer, server *child, lines []line, rate int, echoes *atomic.Int64) error {
	period := time.Second / time.Duration(rate)
	stop := make(chan struct{})
	var senders sync.WaitGroup
	for i, l := range lines {
		senders.Go(func() {
			message := make([]byte, payload)
			next := time.NewTimer(period * time.Duration(i) / clients) // spread over the period
			defer next.Stop()
			for due := time.Now(); ; due = due.Add(period) {
				select {
				case <-stop:
					return
				case <-next.C:
				}
				if l.Send(message) != nil {
					return
				}
				next.Reset(time.Until(due.Add(period)))
			}
		})
	}
	defer senders.Wait()
	defer close(stop)
	time.Sleep(time.Second)
	before := echoes.Load()
	u0, s0, err := server.cpu()
	if err != nil {
		return err
	}
	time.Sleep(measured)
	u1, s1, err := server.cpu()
	if err != nil {
		return err
	}
	n := echoes.Load() - before
	if n == 0 {
		return fmt.Errorf("at %d a second no echo arrived", rate)
	}
	each := float64(u1-u0+s1-s0) / float64(n) / 1e3
	fmt.Printf("| %s | %d | %.0f | %.1f | %.0f %% |\n", p.name, rate*clients, float64(n)/measured.Seconds(), each,
		100*float64(s1-s0)/float64(u1-u0+s1-s0))
	return nil
}
