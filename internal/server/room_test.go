package server_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/wire"
)

// TestServe_RoomIsTheOnlyOne: a server for one match refuses everyone who does not name its room.
func TestServe_RoomIsTheOnlyOne(t *testing.T) {
	bubble(t, func(s *settings) { s.Room = "maple-42" }, func(r *rig) {
		for what, cfg := range map[string]dial.Config{
			"without a room":         {},
			"in another room":        {Room: "maple-43"},
			"to watch":               {Watch: true},
			"to watch a match":       {Watch: true, Match: "m1"},
			"to watch another room":  {Watch: true, Room: "maple-43"},
			"with an unknown secret": {Resume: "AAAAAAAAAAAAAAAAAAAAAA", Room: "maple-43"},
		} {
			_, err := dial.Dial(r.Context(), asking(r.config("stranger", "198.51.100.7"), cfg))
			var refused *dial.RefusedError
			code, message := wire.CodeRoom, "one match"
			if cfg.Resume != "" {
				code, message = wire.CodeResume, ""
			}
			if !errors.As(err, &refused) || refused.Code != code || !strings.Contains(refused.Message, message) {
				r.Errorf("a player %s: got error %v, want %s with %q", what, err, code, message)
			}
		}
		r.joinAs(asking(r.config("friend", "198.51.100.8"), dial.Config{Room: "maple-42"}))
	})
}

// TestServe_FinalEndsTheSessions: nobody looks for a server after which none starts.
func TestServe_FinalEndsTheSessions(t *testing.T) {
	bubble(t, func(s *settings) { s.Final = true }, func(r *rig) {
		left, right := r.joinTwo()
		r.want(10*time.Second, "the match begins", at(client.StagePlaying, left, right))
		r.stop()
		r.want(time.Second, "both sessions end", at(client.StageClosed, left, right))
		for _, p := range r.players {
			if p.view.Code != wire.CodeEnded || p.view.Attempt != 0 {
				r.Errorf("a player has the code %q and has tried %d times to come back, want %q and no attempt",
					p.view.Code, p.view.Attempt, wire.CodeEnded)
			}
		}
	})
}

// asking returns the configuration of a client with what another one asks for.
func asking(cfg, what dial.Config) dial.Config {
	cfg.Room, cfg.Watch, cfg.Match, cfg.Resume = what.Room, what.Watch, what.Match, what.Resume
	return cfg
}
