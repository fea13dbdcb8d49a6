// Package wine runs the Windows build of Pong under Wine, on Linux. It contains only tests, with the build tag wine.
// They need a prefix of Wine and two programs built for Windows, which .ci/windows makes before it runs them:
//
//	make windows
//
// Each figure is a line on standard output, as in the package siege: "figure NAME value unit". A property that must
// hold fails the test; figures and screenshots are for people to look at. docs/windows.md says what was seen, and what
// cannot be decided under Wine.
package wine
