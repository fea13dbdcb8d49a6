package shard

// Techniques switch what a shard does about bad networks off, one by one, to measure what each is for. The zero value
// has all of them on, which is how the game is meant to be played.
type Techniques struct {
	NoNews    bool // players are sent STATEs at the regular interval and at events only
	NoWaiting bool // the tail in STATE leaves out for how long inputs wait for lost datagrams
}
