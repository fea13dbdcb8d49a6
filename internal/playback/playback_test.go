package playback

import (
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/front"
	"pong/internal/game"
	"pong/internal/replay"
	"pong/internal/replay/replaytest"
)

var _ front.Playback = (*Player)(nil)

// A screen calls a Player sixty times a second.
type screen struct {
	*Player
	now time.Time
}

func newScreen(t testing.TB) (*screen, *replay.Replay) {
	r, _ := replaytest.Game(t)
	s := &screen{New(r), time.Unix(1, 0)}
	s.Update(s.now, game.None)
	return s, r
}

// frames draws frames, and returns the last one and all events.
func (s *screen) frames(n int, in game.Input) (last client.Frame, events []client.Event) {
	for range n {
		s.now = s.now.Add(time.Second / 60)
		s.Update(s.now, in)
		last = s.Frame(s.now)
		events = append(events, last.Events...)
	}
	return last, events
}

func (s *screen) wantAt(t *testing.T, what string, position, within int) {
	t.Helper()
	if at := s.Track().At; at < position-within || at > position+within {
		t.Errorf("%s: at %d, want %d", what, at, position)
	}
}

func TestPlayer_PlaysTheWholeGame(t *testing.T) {
	s, r := newScreen(t)
	last, events := s.frames(r.Len()+10, game.None)
	end := r.At(r.Len())
	if last.Stage != client.StageOver || last.Score != [2]int{int(end.Score[0]), int(end.Score[1])} || !last.Watching {
		t.Errorf("last frame: stage %v, score %v, watching %v, want the result %v", last.Stage, last.Score,
			last.Watching, end.Score)
	}
	points := 0
	for _, e := range events {
		if e == client.EventPoint {
			points++
		}
	}
	if points != len(r.Points()) {
		t.Errorf("%d points were heard, want %d", points, len(r.Points()))
	}
	if track := s.Track(); !track.Paused || track.At != r.Len() || track.Of != r.Len() {
		t.Errorf("track %+v, want it to rest at the end", track)
	}
	s.Do(front.Pause)
	s.frames(3, game.None)
	s.wantAt(t, "pause at the end plays it again", 3, 1)
}

func TestPlayer_KeysMoveTheRecording(t *testing.T) {
	s, r := newScreen(t)
	s.frames(600, game.None)
	s.wantAt(t, "10 s", 600, 1)
	s.Do(front.Left)
	s.wantAt(t, "left", 420, 1)
	s.Do(front.Right)
	s.Do(front.Pause)
	s.frames(100, game.None)
	s.wantAt(t, "a pause", 600, 1)
	at := s.Track().At
	s.Do(front.StepOn)
	s.Do(front.StepOn)
	s.Do(front.StepBack)
	s.wantAt(t, "two ticks on and one back", at+1, 0)
	s.Do(front.Pause)
	for range 2 {
		s.Do(front.Down)
	}
	s.frames(160, game.None)
	s.wantAt(t, "40 ticks at a quarter of the speed", at+41, 1)
	for range 20 {
		s.Do(front.Up)
	}
	if speed := s.Track().Speed; speed != "16" {
		t.Errorf("speed %s, want the greatest, 16", speed)
	}
	for range 20 {
		s.Do(front.Left)
	}
	s.wantAt(t, "left at the beginning", 0, 0)
	points := r.Points()
	for i := range points {
		s.Do(front.End)
		s.wantAt(t, "the next point", points[i], 0)
	}
	s.Do(front.End)
	s.wantAt(t, "the next point after the last", r.Len(), 0)
	s.Do(front.Home)
	s.Do(front.Home)
	s.wantAt(t, "two points back", points[max(len(points)-3, 0)], 0)
}

func TestPlayer_DrawsBetweenTwoTicks(t *testing.T) {
	s, r := newScreen(t)
	at := 0
	for r.At(at).Ball.VX == 0 || r.At(at+1).Ball.VX != r.At(at).Ball.VX {
		at++
	}
	s.seek(float64(at) + 0.5)
	x := func(i int) float64 { return float64(r.At(i).Ball.X) / float64(game.One) }
	if got, want := s.Frame(s.now).Ball.X, (x(at)+x(at+1))/2; got != want {
		t.Errorf("ball at %v, want %v, half of the way from %v to %v", got, want, x(at), x(at+1))
	}
}

func TestPlayer_SideIsThatOfNobodyOrAPlayer(t *testing.T) {
	s, _ := newScreen(t)
	for _, want := range []struct {
		watching bool
		me       int
	}{{true, 0}, {false, 0}, {false, 1}, {true, 0}} {
		if f := s.Frame(s.now); f.Watching != want.watching || f.Me != want.me {
			t.Errorf("watching %v, player %d, want %+v", f.Watching, f.Me, want)
		}
		s.Do(front.NextView)
	}
}

// With the inputs that were recorded, a game that goes on from the middle is as it was recorded, up to the next serve.
func TestTake_OtherPaddleFollowsTheRecording(t *testing.T) {
	s, r := newScreen(t)
	from := r.Points()[0] - 90
	s.SeekTo(from)
	s.Do(front.TakeLeft)
	for i := from; i < from+80; i++ {
		s.now = s.now.Add(time.Second / 60)
		s.Update(s.now, r.Inputs(i)[0])
		s.Frame(s.now)
	}
	s.taken.part = 0
	played := s.taken.ticks
	if want := r.At(from + played); s.taken.state != want {
		t.Errorf("after %d ticks with the same inputs: %+v, want %+v", played, s.taken.state, want)
	}
	f := s.Frame(s.now)
	if f.Watching || f.Me != 0 || f.Names != r.Names {
		t.Errorf("frame of player %d (watching %v), want the left one", f.Me, f.Watching)
	}
}

func TestTake_PersonMovesThePaddle(t *testing.T) {
	for player, key := range []front.Action{front.TakeLeft, front.TakeRight} {
		s, r := newScreen(t)
		from := r.Points()[0] - 60
		s.SeekTo(from)
		before := s.Frame(s.now).Paddle[player]
		s.Do(key)
		f, _ := s.frames(20, game.Down)
		if f.Paddle[player] < before+80 {
			t.Errorf("player %d: paddle from %v to %v, want it to go down by about 100", player, before,
				f.Paddle[player])
		}
		if s.Track().Taken != player+1 {
			t.Errorf("track says player %d, want %d", s.Track().Taken, player+1)
		}
		s.Do(front.Left | front.Home | front.Pause) // no key of the recording works meanwhile
		s.Do(key)
		s.wantAt(t, "given back", from, 0)
		if !s.Track().Paused {
			t.Error("the recording goes on at once, want it to wait for the person")
		}
	}
}

func TestTake_BotPlaysTheOtherPaddle(t *testing.T) {
	s, r := newScreen(t)
	s.SeekTo(r.Points()[0] - 60)
	s.Do(front.TakeRight)
	s.Do(front.UseBot)
	hits := 0
	for range 40 {
		_, events := s.frames(60, game.None)
		for _, e := range events {
			if e == client.EventHit {
				hits++
			}
		}
	}
	if hits == 0 || !s.Track().Bot {
		t.Errorf("%d hits in 40 s, want the bot to hit some balls", hits)
	}
}

// The recording may end while the person plays.
func TestTake_BotPlaysAfterTheEnd(t *testing.T) {
	s, r := newScreen(t)
	s.SeekTo(r.Points()[1] - 30)
	s.Do(front.TakeLeft)
	s.frames(r.Len(), game.None)
	if !s.Track().Bot {
		t.Error("nobody plays the other paddle after the end of the recording")
	}
}
