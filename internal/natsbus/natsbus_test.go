package natsbus

import (
	"fmt"
	"testing"
	"time"
)

// await waits for a condition, for a minute.
func await(t *testing.T, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !done(); {
		if time.Now().After(end) {
			t.Fatalf("not within a minute: %s", what)
		}
		<-time.After(5 * time.Millisecond)
	}
}

// embed returns a bus that is closed at the end of the test.
func embed(t *testing.T, cfg Embedded) *Bus {
	t.Helper()
	cfg.Cluster, cfg.Host, cfg.Port = "test", "127.0.0.1", -1
	b, err := Embed(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return b
}

// inbox takes the messages of a bus.
func inbox(b *Bus) chan string {
	taken := make(chan string, 1000)
	b.Receive(func(m []byte) {
		select {
		case taken <- string(m):
		default:
		}
	})
	return taken
}

func TestBus_CarriesMessagesBetweenProcesses(t *testing.T) {
	secret := []byte("0123456789abcdef")
	a := embed(t, Embedded{Node: "a", Secret: secret})
	b := embed(t, Embedded{Node: "b", Secret: secret, Peers: []string{routes(a)}})
	operated, err := Connect(Operated{Cluster: "test", Node: "c", URL: clientURL(a)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(operated.Close)
	buses := map[string]*Bus{"a": a, "b": b, "operated": operated}
	inboxes := map[string]chan string{}
	for name, bus := range buses {
		inboxes[name] = inbox(bus)
		if err := bus.Join("instance-" + name); err != nil {
			t.Fatal(err)
		}
	}
	for from, sender := range buses {
		for to, taken := range inboxes {
			want := fmt.Sprintf("from %s to %s", from, to)
			await(t, want, func() bool {
				sender.Send("instance-"+to, []byte(want))
				select {
				case got := <-taken:
					return got == want
				case <-time.After(20 * time.Millisecond):
					return false
				}
			})
		}
	}
	await(t, "a message to all arrives at b and at the operated one", func() bool {
		a.Send("", []byte("to all"))
		for _, name := range []string{"b", "operated"} {
			select {
			case <-inboxes[name]:
			case <-time.After(20 * time.Millisecond):
				return false
			}
		}
		return true
	})
}

// clientURL returns the address of the NATS server of a bus for clients, with the password that its process has made.
func clientURL(b *Bus) string {
	is := b.conn.Opts
	return fmt.Sprintf("nats://%s:%s@%s", is.User, is.Password, b.embedded.Addr())
}

func TestBus_NodeWithAnotherSecretGetsNoRoute(t *testing.T) {
	a := embed(t, Embedded{Node: "a", Secret: []byte("0123456789abcdef")})
	b := embed(t, Embedded{Node: "b", Secret: []byte("0123456789abcdeX"), Peers: []string{routes(a)}})
	c := embed(t, Embedded{Node: "c", Secret: []byte("0123456789abcdef"), Peers: []string{routes(a)}})
	await(t, "c has a route", func() bool { return c.embedded.NumRoutes() > 0 })
	if n := b.embedded.NumRoutes(); n != 0 {
		t.Errorf("a node with another secret has %d routes", n)
	}
	if _, err := Embed(Embedded{Cluster: "test", Host: "127.0.0.1", Port: -1, Secret: []byte("short")}); err == nil {
		t.Error("a secret of 5 characters was taken")
	}
}

// routes returns where the NATS server of a bus listens for routes.
func routes(b *Bus) string { return b.embedded.ClusterAddr().String() }
