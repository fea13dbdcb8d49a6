package main

import (
	"io"
	"os"

	"golang.org/x/sys/windows"
)

// openConsole opens a console, unless this process still has one, and makes it standard input, output and error.
func openConsole() (keys io.Reader, ok bool) {
	// It fails if there is a console: the library has not closed it, or another process has opened it.
	_, _, _ = windows.NewLazySystemDLL("kernel32.dll").NewProc("AllocConsole").Call()
	in, err := os.OpenFile("CONIN$", os.O_RDWR, 0)
	if err != nil {
		return nil, false
	}
	out, err := os.OpenFile("CONOUT$", os.O_RDWR, 0)
	if err != nil {
		in.Close()
		return nil, false
	}
	_ = windows.SetStdHandle(windows.STD_INPUT_HANDLE, windows.Handle(in.Fd()))
	_ = windows.SetStdHandle(windows.STD_OUTPUT_HANDLE, windows.Handle(out.Fd()))
	_ = windows.SetStdHandle(windows.STD_ERROR_HANDLE, windows.Handle(out.Fd()))
	os.Stdin, os.Stdout, os.Stderr = in, out, out
	return in, true
}
