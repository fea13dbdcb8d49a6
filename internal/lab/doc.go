// Package lab measures what players see: the real server and client code over seeded bad networks, in virtual time.
//
// We claim that players cannot see the network's faults, so the laboratory measures what is drawn. A cell is a profile
// (what the links do), a variant (how the client draws) and a seed. In it two bots play each other. They act only on
// what their own client draws, so a wrong picture makes them play badly. A Recording keeps every frame that each of
// them saw and every tick as the server decided it. Afterwards each Measure computes a figure from the Recording:
//
//	Profile, variant, seed --> world.World with two bots --> Recording --> Measures --> Figures --> Result
//	                                frames of both sides ---^   ^--- states of the server
//
// A measure is defined once, for all variants, in a file measure_*.go. It looks at frames before smoothing
// (client.Frame.Raw); otherwise smoothing would hide what the measure is for. The targets are data, in targets.go.
//
// Besides the three views of the client there is a control: original draws like the program that this one replaces,
// and interp draws as in the textbooks. They must fail where they are known to fail, or the measures show nothing.
//
// The same profile, variant and seed give the same Recording on every machine: links, bots and serves have seeds, the
// loop advances the time, and all decisions are made on integers. Drawing uses floats, whose last digit may differ
// between processors, so bots see, and traces contain, places rounded to 1/16 pixel.
package lab
