package client

import (
	"testing"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
)

// inputs returns how many of the datagrams that the session has sent since the last call are INPUTs.
func (f *peer) inputs() (n int) {
	for _, plain := range f.took {
		if wire.Type(plain[0]) == wire.TypeInput {
			n++
		}
	}
	f.took = nil
	return n
}

// A key that changes is in an INPUT of its own half a tick later, for some ticks, if the setting is on and datagrams
// are lost on the way up. Nothing is sent twice before that time, or a second time after it.
func TestSession_RepeatsInputsWithANewKey(t *testing.T) {
	for _, test := range []struct {
		name   string
		repeat bool
		loss   float64
		want   int // INPUTs in 10 ticks beyond one for each
	}{
		{"on, with losses", true, 0.02, repeatFor},
		{"on, without losses", true, 0, 0},
		{"off", false, 0.02, 0},
	} {
		f := newPeer(t, 1)
		f.s.SetSettings(Settings{Repeat: test.repeat})
		f.play()
		f.run(time.Second, game.None)
		f.s.measures.lossUp, f.lose = test.loss, true
		for key, want := range map[game.Input]int{game.None: 0, game.Down: test.want} {
			f.inputs()
			got := -10
			for range 10 {
				f.run(period, key)
				got += f.inputs()
				for _, late := range []time.Duration{repeatAfter - 1, repeatAfter, repeatAfter + 1} {
					f.s.Repeat(f.now.Add(late))
					if n := f.inputs(); late < repeatAfter && n > 0 {
						t.Errorf("%s: an INPUT was sent again after %v, want none before %v", test.name, late,
							repeatAfter)
					} else {
						got += n
					}
				}
			}
			if got != want {
				t.Errorf("%s: %d INPUTs of key %d are sent once more in 10 ticks, want %d", test.name, got, key, want)
			}
			f.run(period, game.None)
			f.run(10*period, game.None)
		}
	}
}
