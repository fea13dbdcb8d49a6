package netcode

import "time"

// A Tick counts the steps of a simulation that runs at a fixed rate. The state of tick t is the game before the
// inputs of tick t are applied; applying them gives the state of tick t+1. At 60 ticks a second a Tick lasts 828
// days, so it is compared as a plain number and never wraps.
type Tick uint32

// History is the number of ticks that a Predictor, an InputLog and an InputBuffer keep: a little over two seconds at
// 60 Hz, which is more than any playable network needs. It is a power of two, so that a slot is found with a mask.
const History = 128

func slot(t Tick) int { return int(t % History) }

// ticks returns a duration in ticks of the given period, with their fraction.
func ticks(d, period time.Duration) float64 { return float64(d) / float64(period) }
