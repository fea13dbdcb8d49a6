package netsim_test

import (
	"context"
	"fmt"
	"net"
	"time"

	"pong/netcode/netsim"
)

// Half a second of a bad link, in virtual time.
func ExampleLink() {
	link := netsim.NewLink(netsim.Profile{
		Delay:  40 * time.Millisecond,
		Jitter: 5 * time.Millisecond,
		Loss:   0.2,
		Burst:  2,
	}, 6)

	start := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	for tick := range 30 {
		now := start.Add(time.Duration(tick) * time.Second / 60)
		if tick < 10 {
			link.Send(now, fmt.Appendf(nil, "packet %d", tick))
		}
		for {
			packet, at, ok := link.Receive(now)
			if !ok {
				break
			}
			fmt.Printf("%s arrived after %v\n", packet, at.Sub(start).Round(time.Millisecond))
		}
	}
	fmt.Printf("%d lost\n", link.Stats().Lost)
	// Output:
	// packet 0 arrived after 31ms
	// packet 1 arrived after 63ms
	// packet 2 arrived after 71ms
	// packet 3 arrived after 92ms
	// packet 4 arrived after 115ms
	// packet 8 arrived after 183ms
	// packet 9 arrived after 187ms
	// 3 lost
}

func ExamplePipe() {
	client, server := netsim.Pipe(netsim.Profile{Delay: 5 * time.Millisecond, Duplicate: 1}, netsim.Profile{}, 1)
	defer client.Close()
	defer server.Close()

	if _, err := client.Write([]byte("hello")); err != nil {
		fmt.Println(err)
		return
	}
	b := make([]byte, 1500)
	for range 2 {
		n, from, err := server.ReadFrom(b)
		fmt.Printf("%q from %v, %v\n", b[:n], from, err)
	}
	// Output:
	// "hello" from 192.0.2.1:1, <nil>
	// "hello" from 192.0.2.1:1, <nil>
}

func ExampleRelay() {
	// A server somewhere else; here just a socket.
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()

	relay, err := netsim.ListenRelay(netsim.RelayConfig{
		ToGame: server.LocalAddr().String(),
		Up:     netsim.Profile{Delay: 20 * time.Millisecond},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ended := make(chan error)
	go func() { ended <- relay.Run(ctx) }()

	client, err := net.Dial("udp", relay.GameAddr().String())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()
	sent := time.Now()
	fmt.Fprint(client, "hello")
	b := make([]byte, 100)
	n, _, err := server.ReadFrom(b)
	fmt.Printf("%s %v, at least 20ms later: %v\n", b[:n], err, time.Since(sent) >= 20*time.Millisecond)
	cancel()
	fmt.Println(<-ended)
	// Output:
	// hello <nil>, at least 20ms later: true
	// <nil>
}
