package front

import (
	"strings"
	"testing"
	"unicode"

	"pong/internal/names"
)

// typed returns an entry into which a text was typed.
func typed(s string) *entry {
	e := new(entry)
	e.insert(s, unicode.IsPrint, atMost(maxAddress))
	return e
}

func TestEntry_EditsAtTheCaret(t *testing.T) {
	e := typed("lcalhost:5555")
	for _, a := range []Action{Home, Right} {
		e.edit(a)
	}
	e.insert("o", unicode.IsPrint, atMost(maxAddress))
	e.edit(End)
	e.edit(Erase)
	e.insert("6", unicode.IsPrint, atMost(maxAddress))
	if got := e.String(); got != "localhost:5556" {
		t.Errorf("typed %q, want localhost:5556", got)
	}
	for _, a := range []Action{Home, Erase, Left, Remove, End, Right, Remove} { // nothing before it, nothing after it
		e.edit(a)
	}
	if got := e.String(); got != "ocalhost:5556" || e.caret != len(got) {
		t.Errorf("typed %q with the caret at %d, want ocalhost:5556 with the caret at the end", got, e.caret)
	}
	if e.edit(Clear); e.String() != "" || e.caret != 0 {
		t.Errorf("clearing left %q", e.String())
	}
	if e.edit(Enter | Up | Yes) {
		t.Error("an action that is not for a line of text is taken to edit it")
	}
}

func TestEntry_CleansWhatIsPasted(t *testing.T) {
	e := typed("  pong://h:5555/#k=ab\r\n\x1b\x00")
	if got := e.String(); got != "pong://h:5555/#k=ab" {
		t.Errorf("pasting left %q, want the link alone", got)
	}
	e.insert(strings.Repeat("x", 10000), unicode.IsPrint, atMost(maxAddress))
	if len(e.text) != maxAddress {
		t.Errorf("pasting 10000 characters left %d, want at most %d", len(e.text), maxAddress)
	}
}

func TestEntry_ReplacesAProposalWhenTypingBegins(t *testing.T) {
	var e entry
	e.propose("maple-42")
	e.insert("lion", unicode.IsPrint, atMost(maxAddress))
	if got := e.String(); got != "lion" {
		t.Errorf("typing over a proposal leaves %q, want lion", got)
	}
	e.propose("maple-42")
	e.edit(Left)
	e.insert("7", unicode.IsPrint, atMost(maxAddress))
	if got := e.String(); got != "maple-472" {
		t.Errorf("typing into a proposal after moving the caret leaves %q, want maple-472", got)
	}
}

func TestEntry_EditsWholeCharacters(t *testing.T) {
	for _, text := range []string{
		"ที่", "ज\u093cो", "👩\u200d👩\u200d👧\u200d👦", "❤\ufe0f", "🇫🇷", "e\u0301", "한",
	} {
		e := typed("a")
		e.insert(text+text+"b", names.Takes, atMost(99))
		e.edit(Left)
		e.edit(Erase)
		if got := string(e.text); got != "a"+text+"b" {
			t.Errorf("after %+q twice and one press of Backspace the line is %+q", text, got)
		}
		e.edit(Left)
		if e.edit(Remove); string(e.text) != "ab" || e.caret != 1 {
			t.Errorf("Left and Delete on %+q leave %+q with the caret at %d", text, string(e.text), e.caret)
		}
		e.insert(text, names.Takes, atMost(99))
		e.edit(Left)
		e.edit(Right)
		if e.edit(Erase); string(e.text) != "ab" {
			t.Errorf("Right does not pass %+q as a whole: Backspace leaves %+q", text, string(e.text))
		}
	}
}

func TestEntry_FieldHasTheCaretInBytes(t *testing.T) {
	e := typed("äöü")
	e.edit(Left)
	if got, want := e.field("x"), (Field{Text: "äöü", Caret: 4, Placeholder: "x"}); got != want {
		t.Errorf("the field is %+v, want %+v", got, want)
	}
}
