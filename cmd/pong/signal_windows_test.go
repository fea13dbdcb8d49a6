package main

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"syscall"

	"golang.org/x/sys/windows"
)

// ownConsole gives a command a console without a window. Ctrl-C is for all processes of a console, so that of the tests
// must not be the same.
func ownConsole(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: windows.CREATE_NO_WINDOW}
}

// ctrlC, in the environment, makes the test binary a program that presses Ctrl-C in the console of another process.
const ctrlC = "ctrl-c"

func init() { roles[ctrlC] = func() { os.Exit(interruptProcess(os.Args[1])) } }

func pressCtrlC(p *os.Process) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.Command(self, strconv.Itoa(p.Pid))
	cmd.Env = []string{asPong + "=" + ctrlC}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	return nil
}

// interruptProcess joins the console of a process, presses Ctrl-C there, and returns an exit code.
func interruptProcess(pid string) int {
	n, err := strconv.Atoi(pid)
	if err != nil {
		fmt.Println(err)
		return 1
	}
	kernel32 := windows.NewLazySystemDLL("kernel32.dll")
	_, _, _ = kernel32.NewProc("FreeConsole").Call() // it fails if there is none
	for _, call := range []struct {
		name string
		args []uintptr
	}{
		{"AttachConsole", []uintptr{uintptr(n)}},
		{"SetConsoleCtrlHandler", []uintptr{0, 1}}, // this process ignores Ctrl-C
		{"GenerateConsoleCtrlEvent", []uintptr{windows.CTRL_C_EVENT, 0}},
	} {
		if ok, _, err := kernel32.NewProc(call.name).Call(call.args...); ok == 0 {
			fmt.Printf("%s: %v\n", call.name, err)
			return 1
		}
	}
	return 0
}
