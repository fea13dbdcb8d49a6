package measurements

import (
	"os"
	"strings"
	"testing"
)

// Each column is a row of the document's table, in order.
func TestColumns_AreThoseOfTheDocument(t *testing.T) {
	text, err := os.ReadFile("../../docs/measurements.md")
	if err != nil {
		t.Fatal(err)
	}
	var documented []string
	for line := range strings.Lines(string(text)) {
		if name, ok := strings.CutPrefix(line, "| `"); ok {
			documented = append(documented, name[:strings.Index(name, "`")])
		}
	}
	if got, want := strings.Join(documented, ","), strings.Join(columns, ","); got != want {
		t.Errorf("docs/measurements.md has the columns %s, want %s", got, want)
	}
}
