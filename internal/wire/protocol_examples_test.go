package wire_test

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pong/internal/names"
	"pong/internal/rooms"
	"pong/internal/wire"
)

// examples returns the lines of every block that opens with ```example KIND, by kind.
func (d document) examples() map[string][]string {
	d.t.Helper()
	found := make(map[string][]string)
	kind := ""
	for i, line := range d.lines {
		name, opens := strings.CutPrefix(line, "```example ")
		switch {
		case opens && found[name] != nil:
			d.t.Fatalf("%s:%d: a second example of %s", docPath, i+1, name)
		case opens:
			kind, found[name] = name, []string{}
		case strings.HasPrefix(line, "```"):
			kind = ""
		case kind != "":
			found[kind] = append(found[kind], line)
		}
	}
	return found
}

// fields are the lines of an example: a word, then its value. A line that begins with a space continues the value
// before. A value is compared without regard to spaces in hex.
type fields map[string]string

// groups reads the fields of an example, a group for each paragraph. A field that a group leaves out has the value
// of the group before.
func groups(lines []string) []fields {
	all, last := []fields{{}}, ""
	for _, line := range lines {
		f := all[len(all)-1]
		switch key, value, _ := strings.Cut(line, " "); {
		case line == "":
			all = append(all, maps.Clone(f))
		case key == "":
			f[last] += " " + strings.TrimSpace(line)
		default:
			f[key], last = strings.TrimSpace(value), key
		}
	}
	return all
}

// bytes returns a field in hex as bytes.
func (f fields) bytes(t *testing.T, key string) []byte {
	t.Helper()
	return unhex(t, f[key])
}

func unhex(t *testing.T, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		t.Fatalf("%s: %q: %v", docPath, text, err)
	}
	return b
}

// ints returns a field of n numbers; several may be given as 3*12.
func (f fields) ints(t *testing.T, key string, n int) []int64 {
	t.Helper()
	var all []int64
	for _, word := range strings.FieldsFunc(f[key], func(r rune) bool { return r == ' ' || r == '*' }) {
		x, err := strconv.ParseInt(word, 10, 64)
		if err != nil {
			t.Fatalf("%s: %s: %v", docPath, key, err)
		}
		all = append(all, x)
	}
	if len(all) != n && n >= 0 {
		t.Fatalf("%s: %s has %d numbers, want %d", docPath, key, len(all), n)
	}
	return all
}

func (f fields) int(t *testing.T, key string) int64 { t.Helper(); return f.ints(t, key, 1)[0] }

func (f fields) set(key string, values ...any) {
	f[key] = strings.TrimSuffix(fmt.Sprintln(values...), "\n")
}

// TestProtocol_ExamplesAreExecuted encodes and decodes every example. An example of an unknown kind is an error.
func TestProtocol_ExamplesAreExecuted(t *testing.T) {
	checks := map[string]func(*testing.T, []string){
		"lines": checkLines, "refused-lines": checkRefusedLines, "refused-datagrams": checkRefusedDatagrams,
		"names": checkNames, "refused-names": checkRefusedNames, "exporter": checkExporter, "keylog": checkKeyLog,
		"sealed":      checkSealed,
		"fingerprint": checkFingerprint, "link": checkLink, "lineage": checkLineage,
		"ticket": checkTicket, "refused-tickets": checkRefusedTickets,
		"rooms": checkRooms, "refused-rooms": checkRefusedRooms,
	}
	for kind, c := range codecs {
		checks[kind] = func(t *testing.T, lines []string) { c.check(t, lines) }
	}
	examples := openDocument(t).examples()
	for kind, lines := range examples {
		check := checks[kind]
		if check == nil || len(lines) == 0 {
			t.Errorf("%s: the example of %q is not checked by anything", docPath, kind)
			continue
		}
		t.Run(kind, func(t *testing.T) { check(t, lines) })
	}
	for kind := range checks {
		if examples[kind] == nil {
			t.Errorf("%s: no example of %s", docPath, kind)
		}
	}
}

func checkLines(t *testing.T, lines []string) {
	allowed, seen := openDocument(t).lineFields(), make(map[string]bool)
	for _, line := range lines {
		m, err := wire.ParseLine([]byte(line))
		if err != nil {
			t.Errorf("%s: %v", line, err)
			continue
		}
		if got := string(wire.AppendLine(nil, m)); got != line+"\n" {
			t.Errorf("the line is written as\n%s, the document says\n%s", got, line)
		}
		var keys map[string]any
		if err := json.Unmarshal([]byte(line), &keys); err != nil {
			t.Fatal(err)
		}
		seen[m.Type] = true
		for key := range keys {
			if !slices.Contains(allowed[m.Type], key) {
				t.Errorf("%s: the table of types does not give %s a %q", line, m.Type, key)
			}
		}
	}
	for kind := range allowed {
		if !seen[kind] {
			t.Errorf("no example of %s", kind)
		}
	}
}

func checkRefusedLines(t *testing.T, lines []string) {
	for _, line := range lines {
		if m, err := wire.ParseLine([]byte(line)); err == nil {
			t.Errorf("%s is taken as %+v", line, m)
		}
	}
}

func checkRefusedDatagrams(t *testing.T, lines []string) {
	for _, line := range lines {
		text, why, _ := strings.Cut(line, "#")
		plain := unhex(t, text)
		kind, err := wire.ParseType(plain)
		lengthIsWrong := err != nil
		switch kind {
		case wire.TypeInput:
			_, err = wire.ParseInput(plain, nil)
		case wire.TypeState:
			err = wire.ParseState(plain, new(wire.State))
		}
		if err == nil {
			t.Errorf("%x is taken, in spite of%s", plain, why)
		}
		if lengthIsWrong && len(plain) > wire.PingLen+1 {
			t.Errorf("%x has a length that no type has; it was to show%s", plain, why)
		}
	}
}

func unquote(t *testing.T, line string) string {
	t.Helper()
	var name string
	if err := json.Unmarshal([]byte(line), &name); err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	return name
}

func checkNames(t *testing.T, lines []string) {
	for _, line := range lines {
		typed, want, changed := strings.Cut(line, " -> ")
		if !changed {
			want = typed
		}
		if got, err := names.Parse(unquote(t, typed)); err != nil || got != unquote(t, want) {
			t.Errorf("%s: the name becomes %+q, %v", line, got, err)
		}
	}
}

func checkRooms(t *testing.T, lines []string) {
	for _, line := range lines {
		if err := rooms.Check(line); err != nil {
			t.Errorf("%s: %v", line, err)
		}
	}
}

func checkRefusedRooms(t *testing.T, lines []string) {
	for _, line := range lines {
		if rooms.Check(line) == nil {
			t.Errorf("%s is taken", line)
		}
	}
}

func checkRefusedNames(t *testing.T, lines []string) {
	for _, line := range lines {
		if _, err := names.Parse(unquote(t, line)); err == nil {
			t.Errorf("%s is taken", line)
		}
	}
}
