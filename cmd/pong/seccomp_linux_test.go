package main

import (
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The test of this file needs Linux: seccomp refuses system calls.

// forbidBatches, in the environment, makes the test binary refuse itself recvmmsg and sendmmsg.
const forbidBatches = "PONG_TEST_FORBID_BATCHES"

func init() {
	if os.Getenv(forbidBatches) != "" {
		refuseSystemCalls(unix.SYS_RECVMMSG, unix.SYS_SENDMMSG)
	}
}

// refuseSystemCalls installs a seccomp filter for all threads of this process, with which calls fail with EPERM.
func refuseSystemCalls(numbers ...uint32) {
	filter := []unix.SockFilter{{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS}} // the number of the call
	for _, n := range numbers {
		filter = append(filter,
			unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, Jf: 1, K: n},
			unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)})
	}
	filter = append(filter, unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW})
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	runtime.LockOSThread() // no_new_privs is of the thread; the filter passes it on to the others
	defer runtime.UnlockOSThread()
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		panic(err)
	}
	if _, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_TSYNC,
		uintptr(unsafe.Pointer(&program))); errno != 0 {
		panic(errno)
	}
}

// TestServe_UnderSeccomp plays a match on a server that may not use batches of datagrams. It says so in one line.
func TestServe_UnderSeccomp(t *testing.T) {
	t.Parallel()
	cmd := command(t, "serve", "--listen", "127.0.0.1", "--control-port", "0", "--game-port", "0", "--start", "auto",
		"--points", "1")
	cmd.Env = append(cmd.Env, forbidBatches+"=1")
	server := begin(t, cmd)
	_, link, _ := strings.Cut(server.line("join link"), "pong://")
	link = "pong://" + link
	playMatch(t, link)
	server.signal(syscall.SIGTERM)
	lines := strings.Join(server.end(exitDone), "\n")
	if strings.Count(lines, "the system refuses batches of datagrams") != 1 || !strings.Contains(lines, "recvmmsg") {
		t.Errorf("the log is\n%s\nwant one line that says that recvmmsg is refused", lines)
	}
}
