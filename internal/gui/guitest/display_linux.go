package guitest

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// NewDisplay runs an X server with a screen such as "1024x800x24" until the test ends, and returns the name of its
// display. The system kills it if this process ends before, as at the time-out of go test, after which no cleanup runs.
func NewDisplay(t testing.TB, screen string) (display string) {
	t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	ctx, end := context.WithCancel(context.Background())
	xvfb := exec.CommandContext(ctx, "Xvfb", "-displayfd", "3", "-screen", "0", screen, "-nolisten", "tcp",
		"-noreset") // otherwise a keyboard layout is lost with the program that has set it
	xvfb.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	xvfb.Cancel = func() error { return xvfb.Process.Signal(os.Interrupt) }
	xvfb.WaitDelay = 5 * time.Second
	xvfb.ExtraFiles = []*os.File{write}
	err = xvfb.Start()
	write.Close()
	if err != nil {
		end()
		t.Fatal(err)
	}
	t.Cleanup(func() {
		end()
		_ = xvfb.Wait()
	})
	number, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb: %v", err)
	}
	return ":" + strings.TrimSpace(number)
}

// Run runs a program of X on a display, such as xdotool, and returns its output.
func Run(display, name string, args ...string) ([]byte, error) {
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), "DISPLAY="+display)
	var failed bytes.Buffer
	cmd.Stderr = &failed
	out, err := cmd.Output()
	if err != nil {
		return out, fmt.Errorf("%s %s: %w %s", name, strings.Join(args, " "), err, failed.Bytes())
	}
	return out, nil
}

// Screenshot returns what a display shows, and the same as a file in PNG.
func Screenshot(t testing.TB, display string) (image.Image, []byte) {
	t.Helper()
	shot, err := Run(display, "import", "-window", "root", "png:-")
	if err != nil {
		t.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		t.Fatal(err)
	}
	return picture, shot
}
