//go:build windows

// Explorer starts a program as a double-click in Windows does: the parent has this name and no console. It passes its
// output on and ends with the exit code of the program. It is built with -ldflags -H=windowsgui, because a program of
// the console would get a console.
//
// The program gets no console either. Windows would open one for it, but the console window of Wine fails now and then
// without a window manager, and the program ends with it.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
)

const detachedProcess = 8 // DETACHED_PROCESS of CreateProcess

func main() {
	cmd := exec.Command(os.Args[1], os.Args[2:]...)
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: detachedProcess}
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		os.Exit(exit.ExitCode())
	case err != nil:
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
