//go:build !js

package term

import (
	"context"
	"errors"
	"testing"

	"pong/internal/dial"
	"pong/internal/front"
)

// TestLineTakesTheQuestionToTheScreen and the answer back.
func TestLineTakesTheQuestionToTheScreen(t *testing.T) {
	for _, want := range []bool{true, false} {
		refused := errors.New("refused")
		l := newLine(t.Context(), Config{Dial: func(ctx context.Context, _ front.Want, ask Asker) (*dial.Client, error) {
			if got := ask(ctx, unknown); got != want {
				t.Errorf("the answer %v came back as %v", want, got)
			}
			return nil, refused
		}})
		done := make(chan answered)
		go func() { done <- l.dial(l.open(false), front.Want{}) }()
		q := <-l.asked
		if q.Question != unknown {
			t.Errorf("asked %+v, want %+v", q.Question, unknown)
		}
		q.answer <- want
		if a := <-done; a.err != refused {
			t.Errorf("the call ended with %v, want %v", a.err, refused)
		}
	}
}

// TestLineRefusesOnceThePersonHasLeft, with or without the question on screen.
func TestLineRefusesOnceThePersonHasLeft(t *testing.T) {
	ctx, leave := context.WithCancel(t.Context())
	l := newLine(ctx, Config{})
	shown := make(chan bool)
	go func() { shown <- l.asker(l.open(false))(ctx, unknown) }()
	<-l.asked // on screen
	leave()
	if <-shown || l.asker(l.open(false))(ctx, unknown) {
		t.Error("a person who has left trusts a server")
	}
}

// TestLineHangsUp waits for a call under way and makes no other.
func TestLineHangsUp(t *testing.T) {
	ctx, leave := context.WithCancel(t.Context())
	dialled := make(chan struct{})
	ended := false
	l := newLine(ctx, Config{Dial: func(ctx context.Context, _ front.Want, _ Asker) (*dial.Client, error) {
		close(dialled)
		<-ctx.Done()
		ended = true
		return nil, ctx.Err()
	}})
	go l.dial(l.open(false), front.Want{})
	<-dialled
	leave()
	l.hangUp()
	if !ended {
		t.Error("hung up while a call was under way")
	}
	if a := l.dial(l.open(false), front.Want{}); !errors.Is(a.err, context.Canceled) {
		t.Errorf("a call after hanging up ended with %v", a.err)
	}
}
