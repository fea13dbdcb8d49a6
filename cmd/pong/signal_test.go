package main

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestSignal_CtrlCEndsEachCommand presses Ctrl-C in the middle of a command's work.
func TestSignal_CtrlCEndsEachCommand(t *testing.T) {
	t.Parallel()
	endEachCommand(t, (*process).interrupt)
}

// endEachCommand asks each command to end in the middle of its work.
func endEachCommand(t *testing.T, ask func(*process)) {
	t.Helper()
	server := serve(t)
	network, _ := relay(t, server)
	bot := start(t, "bot", server.Link, "--matches", "0") // the match must not end when a player leaves
	bot.line("waiting")
	other := start(t, "bot", server.Link, "--matches", "0", "--json")
	server.line("started")
	alone := start(t, "--headless")
	alone.line("link")

	for _, p := range []*process{alone, other, bot, network, server.process} {
		ask(p)
		p.end(exitDone)
		if p.stderr.Len() > 0 {
			t.Errorf("pong %s ended on a signal and printed an error: %s", p.what(), p.stderr.String())
		}
	}
	if last := server.seen[len(server.seen)-1]; !strings.Contains(last, "stopped") {
		t.Errorf("the last line of the server's log is %s, want stopped", last)
	}
}

// TestBot_FailsWhenItsServerIsGone and says why.
func TestBot_FailsWhenItsServerIsGone(t *testing.T) {
	t.Parallel()
	server := serve(t)
	bot := start(t, "bot", server.Link, "--matches", "0", "--patience", "2s")
	bot.line("waiting")
	server.interrupt()
	server.end(exitDone)
	bot.end(exitFailed)
	if got := bot.stderr.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, "server") {
		t.Errorf("got %q, want one line about the server", got)
	}
}

// stubborn, in the environment, makes the test binary a program that ignores the first signal to end.
const stubborn = "stubborn"

func beStubborn() {
	ctx, _ := interruptContext()
	fmt.Println("ready")
	<-ctx.Done()
	fmt.Println("asked")
	select {}
}

// TestSignal_SecondInterruptEndsAtOnce stops a program that hangs after the first Ctrl-C.
func TestSignal_SecondInterruptEndsAtOnce(t *testing.T) {
	t.Parallel()
	cmd := command(t)
	cmd.Env = append(cmd.Env, asPong+"="+stubborn)
	p := begin(t, cmd)
	p.line("ready")
	p.interrupt()
	p.line("asked")
	again := time.NewTicker(20 * time.Millisecond) // the first signals may arrive before the handler is removed
	defer again.Stop()
	late := time.After(10 * time.Second)
	for {
		select {
		case <-p.ended:
			return
		case <-again.C:
			_ = pressCtrlC(cmd.Process)
		case <-late:
			t.Fatal("a second Ctrl-C did not end the process")
		}
	}
}
