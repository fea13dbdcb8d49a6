package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"unicode"
	"unicode/utf8"
)

// AppendLine appends a message as a line with its newline.
func AppendLine(dst []byte, m Message) []byte {
	b, err := json.Marshal(m)
	if err != nil {
		panic("wire: a flat struct of strings and integers always marshals: " + err.Error())
	}
	return append(append(dst, b...), '\n')
}

// ParseLine decodes a control line, with or without its newline. A line must be one flat JSON object in UTF-8 with
// printable strings and lower-case keys, and no key may occur twice. Unknown keys are ignored.
//
// encoding/json alone would take the last of several equal keys and ignore the case of keys, so two programs could read
// different messages from one line. Strings must be printable because they may end up in a terminal or a log.
func ParseLine(line []byte) (Message, error) {
	var m Message
	if len(line) > MaxLine {
		return m, fmt.Errorf("control line of %d bytes; at most %d", len(line), MaxLine)
	}
	if err := checkFlat(line); err != nil {
		return m, fmt.Errorf("control line: %w", err)
	}
	if err := json.Unmarshal(line, &m); err != nil {
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) {
			err = fmt.Errorf("%s holds a %.40s, which does not fit", wrong.Field, wrong.Value)
		}
		return Message{}, fmt.Errorf("control line: %w", err)
	}
	if m.Type == "" {
		return Message{}, errors.New("control line: no type")
	}
	return m, nil
}

// checkFlat makes the checks that encoding/json does not make. It needs one pass, because thousands of players send a
// line every few seconds. json.Unmarshal checks whether the line is JSON at all; for any other line the result of
// checkFlat does not matter.
func checkFlat(line []byte) error {
	if !utf8.Valid(line) {
		return errors.New("not UTF-8")
	}
	rest := bytes.TrimLeft(line, " \t\r\n")
	if len(rest) == 0 || rest[0] != '{' {
		return errors.New("not a JSON object")
	}
	seen, name, value := make(map[string]bool), []byte(nil), false
	for rest = rest[1:]; len(rest) > 0; {
		c := rest[0]
		rest = rest[1:]
		switch c {
		case ':':
			value = true
		case ',':
			value = false
		case '}':
			return nil
		case '{', '[':
			return fmt.Errorf("key %.20q holds an object or array", name)
		case '"':
			var text []byte
			var err error
			if text, rest, err = cutString(rest); err != nil {
				return err
			}
			switch {
			case value && bytes.IndexFunc(text, unprintable) >= 0:
				return fmt.Errorf("key %.20q holds a character that cannot be printed", name)
			case value:
			case bytes.IndexFunc(text, notInKey) >= 0:
				return fmt.Errorf("key %.20q: only a-z, 0-9 and _ are allowed", text)
			case seen[string(text)]:
				return fmt.Errorf("key %.20q occurs twice", text)
			default:
				name = text
				seen[string(text)] = true
			}
		}
	}
	return nil
}

// cutString returns the text of a JSON string whose opening quote has been read, and the rest of the line.
func cutString(line []byte) (text, rest []byte, err error) {
	escaped := false
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '\\':
			escaped = true
			i++
		case '"':
			if text = line[:i]; escaped {
				var s string
				err = json.Unmarshal(append(append([]byte{'"'}, text...), '"'), &s)
				text = []byte(s)
			}
			return text, line[i+1:], err
		}
	}
	return nil, nil, errors.New("a string that does not end")
}

func notInKey(r rune) bool {
	return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '_'
}

// unprintable reports whether a character may not occur in a string. Of the invisible characters, names need joiners
// and the tags of flags (see package names); they change nothing around them.
func unprintable(r rune) bool {
	needed := r == '\u200c' || r == '\u200d' || r == '\u180e' || r >= 0xe0020 && r <= 0xe007f
	return !unicode.IsPrint(r) && !needed
}
