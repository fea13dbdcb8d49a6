package lab

import (
	"time"

	"pong/internal/game"
)

// farShares are the shares of the points that the far player wins, by the manner of the bots.
var farShares = [...]Measure{
	farShare(reactive, "human", "bots with human reaction",
		"Both react to the frame of 180 ms ago and aim the less exactly, the further the ball still has to fly."),
	farShare(late, "late", "late hands", "Both try to hit every ball, but come at the last moment."),
	farShare(razor, "razor", "razor hands",
		"Both miss every other ball on purpose, by pixels. This shows how exact the picture is and nothing about "+
			"who is favoured: the more exact it is, the nearer the share is to 50."),
}

// farShare returns the measure of the points between two bots of a manner.
func farShare(m manner, name, title, how string) Measure {
	return Measure{
		Name: "far_share_" + name, Title: "points won by the far player: " + title, Unit: "%", WithError: true,
		Definition: "The share of the points that the player who is far away won while both seats had the same kind " +
			"of bot. " + how + " A point counts if its rally was served to the same kind of bot. Behind ± is the " +
			"standard error of the mean, from how the seeds differ.",
		Noticed: noticedFairness,
		Of: func(r *Recording) (float64, []float64, bool) {
			if !r.Cell.Profile.Identical {
				return 0, nil, false
			}
			points := r.points(m)
			all := points[0] + points[1]
			return 100 * per(points[1], float64(all)), nil, all > 0
		},
	}
}

// points counts the points of each seat in rallies that two bots of a manner played from the serve on.
func (r *Recording) points(m manner) (points [2]int) {
	served := r.Cell.mannerAt(r.Start)
	for i := 1; i < len(r.Truth); i++ {
		a, b := &r.Truth[i-1], &r.Truth[i]
		now := r.Cell.mannerAt(r.timeOf(i))
		if a.Phase != game.Playing && b.Phase == game.Playing {
			served = now
		}
		if served != now || now[0] != m || now[1] != m {
			continue
		}
		for seat := range points {
			points[seat] += int(b.Score[seat] - a.Score[seat])
		}
	}
	return points
}

// timeOf returns the time of the world at which the server reached state i of Truth.
func (r *Recording) timeOf(i int) time.Duration { return r.Start + time.Duration(i)*frame }
