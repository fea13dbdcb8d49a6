package main

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestAskedToEnd ends each command with a signal, in the middle of its work.
func TestAskedToEnd(t *testing.T) {
	t.Parallel()
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		t.Run(fmt.Sprint(signal), func(t *testing.T) {
			t.Parallel()
			server := serve(t)
			network, _ := relay(t, server)
			bot := start(t, "bot", server.Link, "--matches", "0") // who leaves loses: one match would be over
			bot.line("waiting")
			other := start(t, "bot", server.Link, "--matches", "0", "--json")
			server.line("started")
			alone := start(t, "--headless")
			alone.line("link")

			for _, p := range []*process{alone, other, bot, network, server.process} {
				p.signal(signal)
				p.end(exitDone)
				if p.stderr.Len() > 0 {
					t.Errorf("pong %s was asked to end and complains: %s", p.what(), p.stderr.String())
				}
			}
			if last := server.seen[len(server.seen)-1]; !strings.Contains(last, "stopped") {
				t.Errorf("the server's last word is %s", last)
			}
		})
	}
}

// TestServerGone: a bot whose server has ended has failed, and says why.
func TestServerGone(t *testing.T) {
	t.Parallel()
	server := serve(t)
	bot := start(t, "bot", server.Link, "--matches", "0", "--patience", "2s")
	bot.line("waiting")
	server.signal(syscall.SIGTERM)
	server.end(exitDone)
	bot.end(exitFailed)
	if got := bot.stderr.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, "server") {
		t.Errorf("a bot whose server has gone says %q", got)
	}
}

// stubborn, in the environment, makes the test binary a program that never ends when asked once.
const stubborn = "stubborn"

func beStubborn() {
	ctx, _ := interruptContext()
	fmt.Println("ready")
	<-ctx.Done()
	fmt.Println("asked")
	select {}
}

// TestSecondInterrupt: what hangs after the first Ctrl-C ends at another.
func TestSecondInterrupt(t *testing.T) {
	t.Parallel()
	cmd := command(t)
	cmd.Env = append(cmd.Env, asPong+"="+stubborn)
	p := begin(t, cmd)
	p.line("ready")
	p.signal(syscall.SIGINT)
	p.line("asked")
	again := time.NewTicker(20 * time.Millisecond) // the first of them may come before the handler is gone
	defer again.Stop()
	late := time.After(10 * time.Second)
	for {
		select {
		case <-p.ended:
			return
		case <-again.C:
			_ = cmd.Process.Signal(syscall.SIGINT)
		case <-late:
			t.Fatal("a second Ctrl-C does not end the process")
		}
	}
}
