package wire

import (
	"strings"
	"testing"

	"pong/internal/names"
	"pong/internal/names/namestest"
)

func TestLine_CarriesNamesOfTheWorld(t *testing.T) {
	for _, s := range namestest.Names {
		m := Message{Type: Presence, PlayerID: 1, Name: s.Name, Status: StatusOnline}
		if got, err := ParseLine(AppendLine(nil, m)); err != nil || got != m {
			t.Errorf("name %+q: sent %+v, received %+v, %v", s.Name, m, got, err)
		}
	}
}

// TestLine_HasSpaceForTwoNames has the longest names in the longest spelling of JSON: six characters for two bytes at
// least, if no character is ASCII.
func TestLine_HasSpaceForTwoNames(t *testing.T) {
	name := strings.Repeat(`\u00e9`, names.MaxBytes/2)
	line := AppendLine(nil, Message{
		Type: Matches, TS: 1<<32 - 1, Match: strings.Repeat("m", names.MaxBytes), Score1: 1<<31 - 1, Score2: 1<<31 - 1,
		Name1: "1", Name2: "2", Watchers: 1<<31 - 1, More: 1<<31 - 1,
	})
	longest := strings.NewReplacer(`"1"`, `"`+name+`"`, `"2"`, `"`+name+`"`).Replace(string(line))
	if m, err := ParseLine([]byte(longest)); err != nil || len(m.Name2) != names.MaxBytes {
		t.Errorf("a line of %d bytes: %v, and a name of %d bytes, want %d", len(longest), err, len(m.Name2),
			names.MaxBytes)
	}
}

// A name that Parse accepts must also be valid in a control line; otherwise clients could not read it.
func FuzzLine_CarriesNames(f *testing.F) {
	f.Add("Ann")
	f.Add("e\u0301")
	f.Add("\u202e")
	f.Fuzz(func(t *testing.T, typed string) {
		name, err := names.Parse(typed)
		if err != nil {
			return
		}
		m := Message{Type: Presence, PlayerID: 1, Name: name, Status: StatusOnline}
		if got, err := ParseLine(AppendLine(nil, m)); err != nil || got != m {
			t.Errorf("name %q: sent %+v, received %+v, %v", name, m, got, err)
		}
	})
}
