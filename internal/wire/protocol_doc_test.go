package wire_test

import (
	"os"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pong/internal/wire"
	"pong/netcode/sealed"
)

// docPath is the document that these tests execute: this file checks its tables, protocol_examples_test.go its
// examples, protocol_constants_test.go its constants.
const docPath = "../../docs/protocol.md"

// A document is the lines of docs/protocol.md.
type document struct {
	t     *testing.T
	lines []string
}

func openDocument(t *testing.T) document {
	t.Helper()
	text, err := os.ReadFile(docPath)
	if err != nil {
		t.Fatal(err)
	}
	return document{t, strings.Split(string(text), "\n")}
}

// A row is the cells of a line of a table.
type row []string

var cells = regexp.MustCompile(`\s*\|\s*`)

func parseRow(line string) (row, bool) {
	if !strings.HasPrefix(line, "|") || strings.HasPrefix(line, "|--") {
		return nil, false
	}
	return cells.Split(strings.Trim(line, "| \t"), -1), true
}

// tables returns the rows, without head, of each table that follows a comment <!-- name: argument -->.
func (d document) tables(name string) map[string][]row {
	d.t.Helper()
	found := make(map[string][]row)
	for i, line := range d.lines {
		mark, ok := strings.CutPrefix(line, "<!-- "+name)
		if !ok {
			continue
		}
		argument := strings.TrimPrefix(strings.TrimSuffix(mark, " -->"), ": ")
		for _, line := range d.lines[i+2:] { // an empty line, then the table
			r, ok := parseRow(line)
			if !ok && line == "" {
				break
			}
			if ok {
				found[argument] = append(found[argument], r)
			}
		}
		if len(found[argument]) < 2 {
			d.t.Fatalf("%s:%d: no table follows", docPath, i+1)
		}
		found[argument] = found[argument][1:]
	}
	if len(found) == 0 {
		d.t.Fatalf("%s has no table marked %q", docPath, name)
	}
	return found
}

func (d document) table(name string) []row {
	d.t.Helper()
	return d.tables(name)[""]
}

func number(t *testing.T, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatalf("%s: %q is not a number", docPath, s)
	}
	return n
}

// TestProtocol_LayoutsHaveNoGaps: every layout begins at 0, has no gap, and has the length of its constant.
func TestProtocol_LayoutsHaveNoGaps(t *testing.T) {
	d, constants := openDocument(t), newSource(t)
	layouts := d.tables("layout")
	for name, rows := range layouts {
		at := 0
		for _, r := range rows {
			if got := number(t, r[0]); got != at {
				t.Errorf("%s: field %q is at %d, and the one before ends at %d", name, r[2], got, at)
			}
			at += number(t, r[1])
		}
		if want := constants.value(name).String(); strconv.Itoa(at) != want {
			t.Errorf("the layout of %s has %d bytes, the program %s", name, at, want)
		}
	}
	if len(layouts) != 8 {
		t.Errorf("%d layouts, want 8: ticket, header, stamp, REGISTER, INPUT, STATE, game state, CHALLENGE",
			len(layouts))
	}
}

func TestProtocol_DatagramTypes(t *testing.T) {
	said := make(map[wire.Type]bool)
	for _, r := range openDocument(t).table("types") {
		kind := wire.Type(number(t, r[0]))
		said[kind] = true
		sent := map[[2]bool]string{{true, false}: "up", {false, true}: "down", {true, true}: "both"}
		want := row{
			r[0], r[1], sent[[2]bool{kind.Upward(), kind.Downward()}],
			strconv.Itoa(kind.Length()), strconv.Itoa(kind.Length() + sealed.Overhead),
		}
		if got := r[:5]; !slices.Equal(got, want) {
			t.Errorf("the table of types says %q, the program %q", got, want)
		}
	}
	for k := range 256 {
		if kind := wire.Type(k); said[kind] != (kind.Length() != 0) {
			t.Errorf("type %d: in the document %v, length in the program %d", k, said[kind], kind.Length())
		}
	}
}

// TestType_SealedLengthsAreBounded checks the greatest lengths that the design allows.
func TestType_SealedLengthsAreBounded(t *testing.T) {
	for kind, most := range map[wire.Type]int{wire.TypeState: 108, wire.TypeInput: 80} {
		if got := kind.Length() + sealed.Overhead; got > most {
			t.Errorf("type %d has %d bytes sealed, at most %d are allowed", kind, got, most)
		}
	}
}

func TestProtocol_FieldsAreThoseOfMessage(t *testing.T) {
	want := make(map[string]string)
	for field := range reflect.TypeFor[wire.Message]().Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		want[name] = "integer"
		if field.Type.Kind() == reflect.String {
			want[name] = "string"
		}
	}
	got := make(map[string]string)
	for _, r := range openDocument(t).table("fields") {
		got[strings.Trim(r[0], "`")] = r[1]
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the table of fields says\n%v, the program\n%v", got, want)
	}
}

var quoted = regexp.MustCompile("`([^`]*)`")

// lineFields returns the fields of each type of line as the document has them.
func (d document) lineFields() map[string][]string {
	types := make(map[string][]string)
	for _, r := range d.table("lines") {
		kind := strings.Trim(r[0], "`")
		types[kind] = []string{"type", "ts"}
		for _, m := range quoted.FindAllStringSubmatch(r[2], -1) {
			types[kind] = append(types[kind], m[1])
		}
	}
	return types
}

func TestProtocol_LineTypes(t *testing.T) {
	d := openDocument(t)
	types, known := d.lineFields(), make(map[string]bool)
	for _, r := range d.table("fields") {
		known[strings.Trim(r[0], "`")] = true
	}
	for kind, fields := range types {
		for _, f := range fields {
			if !known[f] {
				t.Errorf("%s has the field %q, which the table of fields has not", kind, f)
			}
		}
	}
	upper := regexp.MustCompile(`^"[A-Z]+"$`)
	program := 0
	for name, value := range newSource(t).exported("wire") {
		if !upper.MatchString(value) {
			continue
		}
		program++
		if _, ok := types[strings.Trim(value, `"`)]; !ok {
			t.Errorf("the type wire.%s is not in the table of lines", name)
		}
	}
	if program != len(types) {
		t.Errorf("the table of lines has %d types, the program %d", len(types), program)
	}
}

// TestProtocol_ContentsNameEveryHeading: links lead to headings, and every heading is in the table of contents.
func TestProtocol_ContentsNameEveryHeading(t *testing.T) {
	headings, linked := make(map[string]bool), make(map[string]bool)
	link := regexp.MustCompile(`\]\(#([^)]*)\)`)
	inside := false
	for _, line := range openDocument(t).lines {
		if strings.HasPrefix(line, "```") {
			inside = !inside
		}
		if text := strings.TrimLeft(line, "#"); !inside && len(line)-len(text) > 1 {
			slug := strings.ReplaceAll(strings.ToLower(strings.TrimSpace(text)), " ", "-")
			headings[strings.ReplaceAll(slug, ",", "")] = true
		}
		for _, m := range link.FindAllStringSubmatch(line, -1) {
			linked[m[1]] = true
		}
	}
	if !reflect.DeepEqual(headings, linked) {
		t.Errorf("headings\n%v, and links to\n%v", headings, linked)
	}
}
