// Package ownconsole reports whether the system has opened a console window for this process alone. Windows does that
// for a program that is started by a double-click or from a shortcut. The window vanishes with the process.
//
// The library for windows closes such a console window when it is initialized, and afterwards nothing shows that there
// was one. This package imports nothing but system calls. Go initializes packages in the order of their paths, each as
// soon as its imports are, so that this one comes before the library, which needs more of the standard library.
package ownconsole

// Given reports whether this process was started with a console window of its own.
func Given() bool { return given }
