//go:build !windows

package files

// isBusy returns false: on other systems a file can be replaced while others have it open.
func isBusy(error) bool { return false }

// exclusively calls f.
func exclusively(f func() error) error { return f() }
