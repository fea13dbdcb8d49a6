// Package lab measures what players see: the real server and client code over seeded bad links, in virtual time.
//
// That a network cannot be told from the picture is a claim about pictures, so that is what is measured. A cell is a
// profile (what the links do), a view (how the client draws) and a seed. In it two bots play each other; they act on
// nothing but what their own client draws, so a picture that lies makes them play badly. Meanwhile a Recording is kept
// of every frame that each of them saw and of every tick as the server decided it. Afterwards each Measure looks at the
// Recording and gives a figure:
//
//	Profile, view, seed --> world.World with two bots --> Recording --> Measures --> Figures --> Result
//	                             frames of both sides ---^   ^--- states of the server
//
// A measure is defined in one place, one file measure_*.go each, for every view alike. It looks at the picture before
// smoothing (client.Frame.Raw), or smoothing would hide what it is to show. The targets are data, in targets.go.
//
// Beside the three views of the client there is a control: original draws as the program does that this one replaces,
// and interp is the textbook's way. They must fail where they are known to fail, or the measures see nothing.
//
// The same profile, view and seed give the same Recording on every machine: links, bots and serves have seeds, time is
// advanced by the loop, and all that is decided is decided on integers. What is drawn is computed in floats, whose last
// digit may differ between processors; so bots see, and traces hold, places rounded to 1/16 pixel.
package lab
