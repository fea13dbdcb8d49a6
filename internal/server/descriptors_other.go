//go:build !unix

package server

// maxFiles returns how many files the process can open: 0, because there is no limit.
func maxFiles() int { return 0 }
