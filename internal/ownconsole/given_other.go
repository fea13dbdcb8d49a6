//go:build !windows

package ownconsole

// given is false: on other systems a terminal starts programs, and outlives them.
const given = false
