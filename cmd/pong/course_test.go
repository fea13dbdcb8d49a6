package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pong/internal/lab"
	"pong/internal/load"
	"pong/internal/measurements"
	"pong/internal/wire"
)

// A labSheet is a sheet of docs/course.
type labSheet struct {
	path     string
	commands []docCommand
	figures  []sheetFigure
}

// A sheetFigure is an expected figure of a sheet.
type sheetFigure struct {
	name, network, way string // network and way are empty for what is measured on sockets
	from, to           float64
}

func (f sheetFigure) String() string {
	return strings.Join(strings.Fields(f.name+" "+f.network+" "+f.way), " ")
}

// labSheets returns the sheets of the course, in order.
func labSheets(t *testing.T) (sheets []labSheet) {
	t.Helper()
	paths, err := filepath.Glob("../../docs/course/[01][0-9]-*.md")
	if err != nil || len(paths) != 10 {
		t.Fatalf("%d sheets, %v, want 10", len(paths), err)
	}
	row := regexp.MustCompile(`(?m)^\| (.*) \| (-?[\d.]+) to (-?[\d.]+)[^|]*\|$`)
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		s := labSheet{path: path}
		for _, block := range docBlocks(path, string(text)) {
			s.commands = append(s.commands, block.commands...)
		}
		for _, m := range row.FindAllStringSubmatch(string(text), -1) {
			f := sheetFigure{}
			cells := strings.Split(m[1], " | ")
			if f.name = strings.Trim(cells[0], "`"); len(cells) == 3 {
				f.network, f.way = cells[1], cells[2]
			}
			f.from, _ = strconv.ParseFloat(m[2], 64)
			f.to, _ = strconv.ParseFloat(m[3], 64)
			s.figures = append(s.figures, f)
		}
		if len(s.commands) == 0 || len(s.figures) < 3 {
			t.Errorf("%s has %d commands and %d expected figures", path, len(s.commands), len(s.figures))
		}
		sheets = append(sheets, s)
	}
	return sheets
}

// check compares the figures of a sheet with those that were measured, by what sheetFigure.String returns.
func (s *labSheet) check(t *testing.T, measured map[string]float64) {
	t.Helper()
	for _, f := range s.figures {
		got, ok := measured[f.String()]
		if !ok || got < f.from || got > f.to {
			t.Errorf("%s: %v is %v (measured: %v), want %v to %v", s.path, f, got, ok, f.from, f.to)
		}
	}
}

// TestCourse_FiguresAreAsExpected runs the commands of each sheet of the course, and compares the figures. Those of the
// laboratory are the same on every machine. Those on sockets are sizes and counts that do not depend on its speed.
func TestCourse_FiguresAreAsExpected(t *testing.T) {
	t.Parallel()
	for _, s := range labSheets(t) {
		t.Run(filepath.Base(s.path), func(t *testing.T) {
			t.Parallel()
			if s.commands[0].words[0] == "lab" {
				s.check(t, laboratoryFigures(t, s.commands[0].words[1:]))
				return
			}
			s.check(t, socketFigures(t, &s))
		})
	}
}

// laboratoryFigures runs a command of the laboratory and returns its figures.
func laboratoryFigures(t *testing.T, args []string) map[string]float64 {
	t.Helper()
	dir := t.TempDir()
	args = slices.Clone(args)
	if at := slices.Index(args, "--html"); at >= 0 {
		args[at+1] = filepath.Join(dir, args[at+1])
	}
	path := filepath.Join(dir, "figures.json")
	if _, err := runLab(t, append(args, "--json", path)...); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var result lab.Result
	if err := json.Unmarshal(data, &result); err != nil {
		t.Fatal(err)
	}
	measured := make(map[string]float64)
	for _, row := range result.Rows {
		measured[fmt.Sprintf("%s %s %s", row.Measure, row.Profile, row.View)] = row.Mean
	}
	return measured
}

// socketFigures runs the commands of a sheet that begins with pong serve.
func socketFigures(t *testing.T, s *labSheet) map[string]float64 {
	t.Helper()
	var server *servingProcess
	var match string
	for _, c := range s.commands {
		words := slices.Clone(c.words)
		if at := slices.Index(words, "LINK"); at >= 0 {
			words[at] = server.Link
		}
		switch words[0] {
		case "serve":
			if at := slices.Index(words, "--admin"); at >= 0 {
				words[at+1] = "127.0.0.1:0"
			}
			server = serve(t, words[1:]...)
		case "load":
			var r load.Report
			if err := json.Unmarshal([]byte(strings.Join(start(t, words...).end(exitDone), "\n")), &r); err != nil {
				t.Fatal(err)
			}
			return map[string]float64{
				"matches that play":                    float64(r.Playing),
				"bytes of a datagram up, with headers": float64(r.Out.Bytes)/float64(r.Out.Datagrams) + headers,
				"datagrams that were refused":          float64(r.Refused),
			}
		case "bot":
			if at := slices.Index(words, "--measure"); at >= 0 {
				match = filepath.Join(t.TempDir(), words[at+1])
				words[at+1] = match
			}
			start(t, words...)
		}
	}
	return matchFigures(measuredMatch(t, match, 600))
}

// headers are the bytes of the headers of IPv4 and UDP.
const headers = 28

// measuredMatch waits until so many datagrams were sent and received in a match that is measured, and returns it.
func measuredMatch(t *testing.T, path string, datagrams int) *measurements.Match {
	t.Helper()
	for late := time.Now().Add(patience); ; {
		file, err := os.Open(path)
		if err == nil {
			m, err := measurements.Read(file)
			file.Close()
			if err == nil && len(m.Datagrams) >= datagrams {
				return m
			}
		}
		if time.Now().After(late) {
			t.Fatalf("within %v no match with %d datagrams was measured in %s", patience, datagrams, path)
		}
		<-time.After(100 * time.Millisecond)
	}
}

// matchFigures returns the figures of the sheets 8 and 9.
func matchFigures(m *measurements.Match) map[string]float64 {
	type packet struct {
		up     bool
		number uint32
	}
	seen := make(map[packet]bool)
	inputs, states := map[int]bool{}, map[int]bool{}
	figures := map[string]float64{"packet numbers used twice": 0, "STATEs that go back in time": 0}
	received, newest := 0, uint32(0)
	for _, d := range m.Datagrams {
		if d.Up && d.Number == 1 { // a session begins, perhaps after a loss of the connection
			clear(seen)
			received, newest = 0, 0
		}
		p := packet{d.Up, d.Number}
		if seen[p] {
			figures["packet numbers used twice"]++
		}
		seen[p] = true
		switch {
		case d.Type == wire.TypeInput:
			inputs[d.Bytes] = true
			figures["bytes of an INPUT"] = float64(d.Bytes)
		case d.Type == wire.TypeState:
			states[d.Bytes] = true
			figures["bytes of a STATE"] = float64(d.Bytes)
		}
		if !d.Up {
			received, newest = received+1, max(newest, d.Number)
		}
	}
	figures["different lengths of INPUTs"] = float64(len(inputs))
	figures["share of datagrams that do not arrive"] = 100 * (1 - float64(received)/float64(newest))
	last := uint32(0)
	for i := range m.Frames {
		if n := m.Frames[i].Newest; n > 0 { // not before the first STATE of a session
			if n < last {
				figures["STATEs that go back in time"]++
			}
			last = n
		}
	}
	return figures
}

// TestCourse_HasAnswersAndSlides expects for each sheet its answers, three for three questions, and a slide.
func TestCourse_HasAnswersAndSlides(t *testing.T) {
	read := func(name string) string {
		text, err := os.ReadFile(filepath.Join("../../docs/course", name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	answers, slides, list := read("answers.md"), read("slides.html"), read("README.md")
	parts := strings.Split(answers, "\n## ")
	for i, s := range labSheets(t) {
		text := read(filepath.Base(s.path))
		title, _, _ := strings.Cut(strings.TrimPrefix(text, "# "), "\n")
		_, questions, _ := strings.Cut(text, "\n## Questions\n")
		for n := 1; n <= 3; n++ {
			mark := fmt.Sprintf("\n%d. ", n)
			if !strings.Contains(questions, mark) || len(parts) != 11 || !strings.Contains(parts[i+1], mark) {
				t.Errorf("%s: question %d or its answer is missing", s.path, n)
			}
		}
		if !strings.HasPrefix(parts[i+1], title) || !strings.Contains(slides, title) ||
			!strings.Contains(list, filepath.Base(s.path)) {
			t.Errorf("%s: %q is missing in the answers, the slides or the list", s.path, title)
		}
		for _, c := range s.commands {
			if !strings.Contains(slides, "pong "+strings.Join(c.words, " ")) {
				t.Errorf("the slides do not have the command %v", c)
			}
		}
	}
}
