package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
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

// ParseLine decodes a control line, with or without its newline. A line must be one flat JSON object in UTF-8, its
// keys lower-case and each there once, its strings printable. encoding/json alone would take the last of several
// equal keys and match keys without regard to case, so that two readers could see two messages in one line; and a
// string may end up in a terminal or a log. Unknown keys are ignored.
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

// checkFlat checks what encoding/json does not. Whether the line is JSON to its end is left to json.Unmarshal.
func checkFlat(line []byte) error {
	if !utf8.Valid(line) {
		return errors.New("not UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(line))
	d.UseNumber()
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return errors.New("not a JSON object")
	}
	seen := make(map[string]bool)
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return err
		}
		name, _ := key.(string) // the decoder lets nothing else stand here
		if strings.IndexFunc(name, notInKey) >= 0 {
			return fmt.Errorf("key %.20q; only a-z, 0-9 and _ are in keys", name)
		}
		if seen[name] {
			return fmt.Errorf("key %.20q is there twice", name)
		}
		seen[name] = true
		value, err := d.Token()
		if err != nil {
			return err
		}
		switch v := value.(type) {
		case json.Delim:
			return fmt.Errorf("key %.20q holds an object or array", name)
		case string:
			if strings.IndexFunc(v, unprintable) >= 0 {
				return fmt.Errorf("key %.20q holds a character that cannot be printed", name)
			}
		}
	}
	return nil
}

func notInKey(r rune) bool {
	return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '_'
}

func unprintable(r rune) bool { return !unicode.IsPrint(r) }
