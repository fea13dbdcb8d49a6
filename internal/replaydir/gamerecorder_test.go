package replaydir

import (
	"fmt"
	"testing"
	"time"

	"pong/internal/game"
	"pong/internal/replay"
	"pong/internal/replay/replaytest"
)

func TestGameRecorder_RecordsOneGameAfterAnother(t *testing.T) {
	r, _ := replaytest.Game(t)
	pieces, ended := map[int][]byte{}, map[int]bool{}
	g := GameRecorder{Put: func(n int, piece []byte, last bool) {
		pieces[n] = append(pieces[n], piece...)
		ended[n] = ended[n] || last
	}}
	began := time.Unix(1_700_000_000, 0)
	feed := func(number uint8, until int) {
		for i := 0; i <= until; i += 3 {
			i := min(i, until)
			var applied []game.Inputs
			for j := i - 1; j >= max(0, i-18); j-- {
				applied = append(applied, r.Inputs(j))
			}
			g.State(began, Known{Header: r.Header, Lineup: 4, Game: number, State: r.At(i), Applied: applied})
		}
	}
	over := r.Len() + 2 - (r.Len()+2)%3
	feed(0, 300) // not begun
	if g.Newest() != nil {
		t.Error("a game that has not begun is recorded")
	}
	feed(1, min(over, r.Len()))
	g.State(began, Known{Header: r.Header, Lineup: 4, Game: 1, State: r.At(r.Len())}) // until somebody asks for another
	feed(2, 600)
	g.End()
	for number, want := range map[int]int{1: r.Len(), 2: 600} {
		p, err := replay.Parse(pieces[number])
		if err != nil || !p.Complete || !ended[number] {
			t.Errorf("game %d: %v, ended %v", number, err, ended[number])
			continue
		}
		if got, want := p.At(p.Len()), r.At(want); got != want || p.Names != r.Names || !p.Began.Equal(began) {
			t.Errorf("game %d ends with %+v of %v, want %+v", number, got, p.Names, want)
		}
	}
	if len(pieces) != 2 {
		t.Errorf("%d recordings, want 2", len(pieces))
	}
	if fmt.Sprintf("%x", g.Newest()) != fmt.Sprintf("%x", pieces[2]) {
		t.Error("the newest recording is not the second one")
	}
}
