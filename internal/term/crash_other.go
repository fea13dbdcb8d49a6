//go:build !unix && !js

package term

// onCrashSignal does nothing: there are no such signals here.
func onCrashSignal(func()) (end func()) { return func() {} }
