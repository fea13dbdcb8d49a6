package netcode

import "time"

// Tick counts the steps of a simulation that runs at a fixed rate. The state of tick t is what the game looks like
// before the inputs of tick t are applied; applying them gives the state of tick t+1. At 60 ticks a second a Tick
// lasts 828 days, so it is compared as a plain number and never wraps.
type Tick uint32

// History is how many ticks a Predictor, an InputLog and an InputBuffer remember: a little over two seconds at
// 60 Hz, more than any link worth playing on needs. It is a power of two so that a slot is a mask away.
const History = 128

func slot(t Tick) int { return int(t % History) }

// ticks converts a duration to ticks of the given period, with fraction.
func ticks(d, period time.Duration) float64 { return float64(d) / float64(period) }
