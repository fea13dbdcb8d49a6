package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// A result holds what one run has measured.
type result struct {
	cpu, floor    float64 // microseconds of the server for a match-second
	playing       int
	lost          int     // STATEs that did not arrive, and INPUTs that the server did not accept
	skipped       int     // STATEs that the server skipped
	missed        float64 // share of the ticks of all players without input, 0..1
	late99, rtt99 float64 // milliseconds
	memory        float64 // bytes a match
	joins         float64 // a second
	steal, others time.Duration
}

func (r result) ratio() float64 { return r.cpu / r.floor }

func (r result) held(s step) bool {
	return r.playing == s.matches && r.lost == 0 && r.skipped == 0 && r.missed < 0.0001
}

// loadReport holds the fields of pong load --json that are used.
type loadReport struct {
	Playing  int     `json:"matches_playing"`
	LostDown int     `json:"lost_down"`
	Missed   int     `json:"inputs_missed"`
	Inputs   int     `json:"inputs_sent"`
	LoadCPU  float64 `json:"load_cpu_seconds"`
	Join     struct {
		PerSecond float64 `json:"per_second"`
	} `json:"join"`
	RTT struct {
		P99 float64 `json:"p99"`
	} `json:"rtt_ms"`
	Server *struct {
		CPU      float64 `json:"cpu_us_per_match_second"`
		Lateness struct {
			P99 float64 `json:"p99"`
		} `json:"tick_lateness_ms"`
		Memory   float64 `json:"memory_bytes_per_match"`
		Sent     int     `json:"inputs_sent"`
		Accepted int     `json:"inputs_accepted"`
		Skipped  int     `json:"states_skipped"`
	} `json:"server"`
	ServerError string `json:"server_error"`
}

// measure runs the server with a load, and then the floor with as many matches as the server admitted: the more
// matches there are, the less each costs.
func measure(pong, floor string, s step) (r result, err error) {
	if r, err = runServer(pong, s); err != nil {
		return r, err
	}
	r.floor, err = runFloor(floor, max(r.playing, 1), s.rate)
	return r, err
}

func runServer(pong string, s step) (r result, err error) {
	server, err := serve(pong, s.rate)
	if err != nil {
		return r, err
	}
	defer server.end()
	ramp := time.Duration(2*s.matches) * time.Second / joinsPerSecond
	before, err := machine()
	if err != nil {
		return r, err
	}
	begun := time.Now()
	load := exec.Command("taskset", "-c", loadCore, pong, "load", server.link, "--admin", server.admin, "--json",
		"--matches", strconv.Itoa(s.matches), "--state-rate", strconv.Itoa(s.rate), "--ramp", ramp.String(), "--for",
		fmt.Sprintf("%ds", s.seconds))
	var said bytes.Buffer
	load.Stderr = &said
	out, err := load.Output()
	if ended := new(exec.ExitError); err != nil && !(errors.As(err, &ended) && len(out) > 0) {
		return r, fmt.Errorf("pong load: %w: %s", err, said.String())
	}
	after, err := machine()
	if err != nil {
		return r, err
	}
	var l loadReport
	if err := json.Unmarshal(out, &l); err != nil {
		return r, fmt.Errorf("pong load --json: %w", err)
	}
	if l.Server == nil {
		return r, fmt.Errorf("the server's figures are missing: %s", l.ServerError)
	}
	took := time.Since(begun)
	ours := load.ProcessState.UserTime() + load.ProcessState.SystemTime() + server.cpu()
	perSecond := func(d time.Duration) time.Duration { return time.Duration(float64(d) / took.Seconds()) }
	r.cpu, r.playing, r.skipped = l.Server.CPU, l.Playing, l.Server.Skipped
	r.lost = l.LostDown + max(l.Server.Sent-l.Server.Accepted, 0)
	r.missed = float64(l.Missed) / max(float64(l.Inputs), 1)
	r.late99, r.rtt99, r.memory, r.joins = l.Server.Lateness.P99, l.RTT.P99, l.Server.Memory, l.Join.PerSecond
	r.steal = perSecond(after.steal - before.steal)
	r.others = max(perSecond(after.busy-before.busy-ours), 0)
	return r, nil
}

// runFloor returns the CPU time of the floor's server, in microseconds for a match-second.
func runFloor(floor string, matches, rate int) (float64, error) {
	out, err := exec.Command(floor, strconv.Itoa(matches), strconv.Itoa(rate), "4", serverCore, loadCore).Output()
	if err != nil {
		return 0, fmt.Errorf("floor: %w", err)
	}
	fields := strings.Fields(string(out))
	for i, f := range fields {
		if f == "us/match-second" && i+1 < len(fields) {
			return strconv.ParseFloat(fields[i+1], 64)
		}
	}
	return 0, fmt.Errorf("floor printed %q", out)
}

// A served is a running pong serve.
type served struct {
	*exec.Cmd
	folder, link, admin string
}

// serve starts a server on its core, with free ports.
func serve(pong string, rate int) (*served, error) {
	folder, err := os.MkdirTemp("", "pong-bench")
	if err != nil {
		return nil, err
	}
	s := &served{folder: folder}
	s.Cmd = exec.Command("taskset", "-c", serverCore, pong, "serve", "--listen", "127.0.0.1", "--control-port", "0",
		"--game-port", "0",
		"--start", "auto", "--points", "0", "--max-per-address", "0",
		"--state-rate", strconv.Itoa(rate), "--certs", filepath.Join(folder,
			"certs"),
		"--log", "json", "--admin", "127.0.0.1:0")
	out, err := s.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.Start(); err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(out)
	for (s.link == "" || s.admin == "") && lines.Scan() {
		var l struct{ Link, Metrics string }
		if json.Unmarshal(lines.Bytes(), &l) == nil {
			s.link += l.Link
			s.admin += strings.TrimSuffix(strings.TrimPrefix(l.Metrics, "http://"), "/metrics")
		}
	}
	if s.link == "" || s.admin == "" {
		s.end()
		return nil, errors.New("pong serve did not print its join link and its admin address")
	}
	go func() {
		for lines.Scan() { // a full pipe would block the server
		}
	}()
	return s, nil
}

func (s *served) end() {
	_ = s.Process.Signal(syscall.SIGTERM)
	waited := make(chan struct{})
	go func() { _ = s.Wait(); close(waited) }()
	select {
	case <-waited:
	case <-time.After(5 * time.Second):
		_ = s.Process.Kill()
		<-waited
	}
	os.RemoveAll(s.folder)
}

// cpu returns the CPU time of the server so far, from /proc/PID/schedstat of its threads: in nanoseconds, where
// /proc/PID/stat has hundredths of a second.
func (s *served) cpu() (sum time.Duration) {
	files, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", s.Process.Pid))
	for _, f := range files {
		if b, err := os.ReadFile(f); err == nil {
			if fields := strings.Fields(string(b)); len(fields) > 0 {
				n, _ := strconv.ParseInt(fields[0], 10, 64)
				sum += time.Duration(n)
			}
		}
	}
	return sum
}

// A quiet holds the measurements of a server with one match or none.
type quiet struct {
	none, one    float64 // shares of a core without a match and with one
	start, rtt99 float64 // milliseconds from dialling to START, and of the round trip
}

// idle measures a server without a match and with one.
func idle(pong string) (q quiet, err error) {
	s, err := serve(pong, 20)
	if err != nil {
		return q, err
	}
	defer s.end()
	share := func(span time.Duration) float64 {
		before := s.cpu()
		time.Sleep(span)
		return float64(s.cpu()-before) / float64(span)
	}
	time.Sleep(time.Second)
	q.none = share(6 * time.Second)
	var out bytes.Buffer
	load := exec.Command("taskset", "-c", loadCore, pong, "load", s.link, "--matches", "1", "--for", "8s", "--json")
	load.Stdout = &out
	if err := load.Start(); err != nil {
		return q, err
	}
	time.Sleep(3 * time.Second)
	q.one = share(4 * time.Second)
	if err := load.Wait(); err != nil {
		return q, err
	}
	var l loadReport
	if err := json.Unmarshal(out.Bytes(), &l); err != nil {
		return q, fmt.Errorf("pong load --json: %w", err)
	}
	q.rtt99 = l.RTT.P99
	q.start, err = joinToStart()
	return q, err
}

// joinToStart returns the p99 of a benchmark of package load, in milliseconds.
func joinToStart() (float64, error) {
	bench := exec.Command("go", "test", "-run", "^$", "-bench", "JoinToStart", "-benchtime", "100x", "./internal/load")
	bench.Dir = ".."
	out, err := bench.CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("%v: %w: %s", bench, err, out)
	}
	fields := strings.Fields(string(out))
	for i, f := range fields {
		if f == "p99-ms" {
			return strconv.ParseFloat(fields[i-1], 64)
		}
	}
	return 0, fmt.Errorf("%v printed %q", bench, out)
}

// A clock holds the CPU time of the whole machine.
type clock struct{ busy, steal time.Duration }

// machine parses /proc/stat, which counts hundredths of a second.
func machine() (c clock, err error) {
	b, err := os.ReadFile("/proc/stat")
	if err != nil {
		return c, err
	}
	const tick = 10 * time.Millisecond
	line, _, _ := strings.Cut(string(b), "\n")
	fields := strings.Fields(line)
	if len(fields) < 9 || fields[0] != "cpu" {
		return c, fmt.Errorf("/proc/stat begins with %q", line)
	}
	for i, f := range fields[1:9] {
		n, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			return c, err
		}
		switch i {
		case 3, 4: // idle, waiting for a disk
		case 7:
			c.steal = time.Duration(n) * tick
		default: // user, nice, system, interrupts
			c.busy += time.Duration(n) * tick
		}
	}
	return c, nil
}
