package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

// lines has a line of each type, in the form that AppendLine writes.
var lines = []struct {
	line string
	want Message
}{
	{
		`{"type":"JOIN","ts":7,"version":1,"name":"Ann","role":"player"}`,
		Message{Type: Join, TS: 7, Version: 1, Name: "Ann", Role: RolePlayer},
	},
	{
		`{"type":"JOIN","ts":7,"version":1,"name":"Ann","role":"player","resume":"ICEiIyQlJicoKSorLC0uLw"}`,
		Message{Type: Join, TS: 7, Version: 1, Name: "Ann", Role: RolePlayer, Resume: "ICEiIyQlJicoKSorLC0uLw"},
	},
	{
		`{"type":"WELCOME","ts":4294967295,"resume":"ICEiIyQlJicoKSorLC0uLw","player_id":2,"udp_port":5556,` +
			`"token":"AAECAwQFBgcICQoLDA0ODw","session":"a1a2a3a4a5a6a7a8","match":"m1","rules":"default","points":11,` +
			`"tick_rate":60,"state_rate":20,"fairness":"share"}`,
		Message{
			Type: Welcome, TS: 1<<32 - 1, Resume: "ICEiIyQlJicoKSorLC0uLw", PlayerID: 2, UDPPort: 5556,
			Token: "AAECAwQFBgcICQoLDA0ODw", Session: "a1a2a3a4a5a6a7a8", Match: "m1", Rules: "default", Points: 11,
			TickRate: 60, StateRate: 20, Fairness: "share",
		},
	},
	{`{"type":"START","ts":0}`, Message{Type: Start}},
	{
		`{"type":"PRESENCE","ts":1,"name":"Ann","player_id":1,"status":"silent"}`,
		Message{Type: Presence, TS: 1, PlayerID: 1, Name: "Ann", Status: StatusSilent},
	},
	{`{"type":"REMATCH","ts":1,"player_id":2}`, Message{Type: Rematch, TS: 1, PlayerID: 2}},
	{
		`{"type":"END","ts":1,"winner":1,"score1":11,"score2":9}`,
		Message{Type: End, TS: 1, Winner: 1, Score1: 11, Score2: 9},
	},
	{`{"type":"LEAVE","ts":1}`, Message{Type: Leave, TS: 1}},
	{`{"type":"PING","ts":1}`, Message{Type: Ping, TS: 1}},
	{`{"type":"PONG","ts":1}`, Message{Type: Pong, TS: 1}},
	{
		`{"type":"ERROR","ts":1,"code":"full","message":"no seat is free"}`,
		Message{Type: Error, TS: 1, Code: CodeFull, Message: "no seat is free"},
	},
}

func TestLine_Bytes(t *testing.T) {
	for _, c := range lines {
		if got := string(AppendLine([]byte("before "), c.want)); got != "before "+c.line+"\n" {
			t.Errorf("AppendLine of %+v gives\n%s, want\n%s", c.want, got, c.line)
		}
		for _, end := range []string{"", "\n", "\r\n"} {
			if got, err := ParseLine([]byte(c.line + end)); err != nil || got != c.want {
				t.Errorf("ParseLine(%q) is %+v, %v; want %+v", c.line+end, got, err, c.want)
			}
		}
	}
}

func TestParseLine_AcceptsOtherForms(t *testing.T) {
	for name, c := range map[string]struct {
		line string
		want Message
	}{
		"unknown keys": {`{"type":"PING","x":1,"colour":"a","future_2":null,"on":true,"f":1.5e300}`,
			Message{Type: Ping}},
		"spaces":         {" { \"type\" :\t\"PING\" } ", Message{Type: Ping}},
		"null is absent": {`{"type":"PING","name":null,"ts":null}`, Message{Type: Ping}},
		"escapes":        {`{"type":"\u0050ING","name":"\u00e9"}`, Message{Type: Ping, Name: "é"}},
		"lone surrogate": {`{"type":"PING","name":"\ud800"}`, Message{Type: Ping, Name: "\ufffd"}},
		"unknown type":   {`{"type":"BREW","ts":3}`, Message{Type: "BREW", TS: 3}},
		"negative numbers": {`{"type":"END","winner":-1,"score1":-2147483648}`,
			Message{Type: End, Winner: -1, Score1: -1 << 31}},
		"longest": {`{"type":"PING"}` + strings.Repeat(" ", MaxLine-16) + "\n", Message{Type: Ping}},
	} {
		if got, err := ParseLine([]byte(c.line)); err != nil || got != c.want {
			t.Errorf("%s: ParseLine(%.80q) is %+v, %v; want %+v", name, c.line, got, err, c.want)
		}
	}
}

func TestParseLine_RefusesInvalidLines(t *testing.T) {
	for name, c := range map[string]struct{ line, want string }{
		"empty":                  {"", "not a JSON object"},
		"newline only":           {"\n", "not a JSON object"},
		"no JSON":                {"GET / HTTP/1.1", "not a JSON object"},
		"zero bytes":             {"\x00\x00", "not a JSON object"},
		"array":                  {`[{"type":"PING"}]`, "not a JSON object"},
		"string":                 {`"PING"`, "not a JSON object"},
		"null":                   {`null`, "not a JSON object"},
		"cut off":                {`{"type":"PING"`, ""},
		"cut off in a key":       {`{"ty`, ""},
		"cut off before a value": {`{"type":`, ""},
		"wrong bracket":          {`{"type":"PING"]`, ""},
		"trailing object":        {`{"type":"PING"}{"type":"LEAVE"}`, ""},
		"trailing word":          {`{"type":"PING"} x`, ""},
		"two lines":              {"{\"type\":\"PING\"}\n{\"type\":\"LEAVE\"}\n", ""},
		"comment":                {`{"type":"PING"} // hello`, ""},
		"trailing comma":         {`{"type":"PING",}`, ""},
		"number as key":          {`{1:2,"type":"PING"}`, ""},
		"twice":                  {`{"type":"PING","type":"LEAVE"}`, "twice"},
		"unknown key twice":      {`{"type":"PING","x":1,"x":1}`, "twice"},
		"twice by escapes":       {`{"type":"PING","\u0074ype":"LEAVE"}`, "twice"},
		"twice by case":          {`{"type":"PING","TYPE":"LEAVE"}`, "only a-z"},
		"upper case alone":       {`{"Type":"PING"}`, "only a-z"},
		"Kelvin sign for a k":    {`{"type":"PING","to` + "\u212a" + `en":"x"}`, "only a-z"},
		"long s":                 {`{"type":"PING","ſession":"x"}`, "only a-z"},
		"space in a key":         {`{"type":"PING","ts ":1}`, "only a-z"},
		"nested object":          {`{"type":"PING","x":{}}`, "object or array"},
		"nested array":           {`{"type":"PING","x":[1]}`, "object or array"},
		"deep": {`{"type":` + strings.Repeat("[", 2000) + strings.Repeat("]", 2000) + `}`,
			"object or array"},
		"no type":                 {`{"ts":1}`, "no type"},
		"empty type":              {`{"type":""}`, "no type"},
		"null type":               {`{"type":null}`, "no type"},
		"type of another type":    {`{"type":1}`, ""},
		"name of another type":    {`{"type":"JOIN","name":7}`, ""},
		"boolean name":            {`{"type":"JOIN","name":true}`, ""},
		"version as a string":     {`{"type":"JOIN","version":"1"}`, ""},
		"fraction":                {`{"type":"JOIN","version":1.0}`, ""},
		"exponent":                {`{"type":"JOIN","version":1e0}`, ""},
		"huge number":             {`{"type":"JOIN","version":1` + strings.Repeat("0", 3000) + `}`, ""},
		"number beyond 64 bits":   {`{"type":"JOIN","version":9223372036854775808}`, ""},
		"ts beyond 32 bits":       {`{"type":"PING","ts":4294967296}`, ""},
		"negative ts":             {`{"type":"PING","ts":-1}`, ""},
		"leading zero":            {`{"type":"PING","ts":01}`, ""},
		"not a number":            {`{"type":"PING","ts":NaN}`, ""},
		"invalid UTF-8":           {"{\"type\":\"PING\",\"name\":\"\xff\"}", "not UTF-8"},
		"invalid UTF-8 after":     {"{\"type\":\"PING\"}\xff", "not UTF-8"},
		"overlong UTF-8":          {"{\"type\":\"PING\",\"name\":\"\xc0\xaf\"}", "not UTF-8"},
		"byte order mark":         {"\ufeff{\"type\":\"PING\"}", "not a JSON object"},
		"raw control character":   {"{\"type\":\"PING\",\"name\":\"a\x1bb\"}", ""},
		"escape sequence":         {`{"type":"ERROR","message":"\u001b[2J"}`, "cannot be printed"},
		"newline in a string":     {`{"type":"END","message":"a\nb"}`, "cannot be printed"},
		"bidirectional override":  {`{"type":"PRESENCE","name":"\u202eevil"}`, "cannot be printed"},
		"unprintable unknown key": {`{"type":"PING","x":"\u0000"}`, "cannot be printed"},
		"too long":                {`{"type":"PING"}` + strings.Repeat(" ", MaxLine-15) + "\n", "at most 4096"},
	} {
		got, err := ParseLine([]byte(c.line))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: ParseLine(%.80q) is %+v, %v; want an error with %q", name, c.line, got, err, c.want)
		}
		if got != (Message{}) {
			t.Errorf("%s: refused, and yet the message is %+v", name, got)
		}
	}
}

// Messages are compared with == and copied, so a Message must contain no slice and no pointer.
func TestMessage_IsFlat(t *testing.T) {
	for field := range reflect.TypeFor[Message]().Fields() {
		switch field.Type.Kind() {
		case reflect.String, reflect.Int, reflect.Uint32:
		default:
			t.Errorf("field %s is a %s; control lines hold strings and integers only", field.Name, field.Type)
		}
	}
}

// slowly does the same as checkFlat with the tokens of encoding/json, which allocates each of them.
func slowly(line []byte) error {
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

// FuzzCheckFlat looks for lines that encoding/json and checkFlat understand differently.
func FuzzCheckFlat(f *testing.F) {
	for _, c := range lines {
		f.Add([]byte(c.line))
	}
	for _, line := range []string{
		`{"a":"\"b\\","a":1}`, ` { "a" : "{" , "b" : ":,\"" } `, `{"a\u005f":1,"a_":2}`, `{"a":"\u2028"}`, `{"a":[]}`,
		`{"a":1,}`, `{"":""}`,
	} {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		if !json.Valid(line) {
			return // refused, whatever checkFlat says
		}
		if got, want := checkFlat(line), slowly(line); (got == nil) != (want == nil) {
			t.Errorf("%q: %v, want %v", line, got, want)
		}
	})
}

func FuzzParseLine(f *testing.F) {
	for _, c := range lines {
		f.Add([]byte(c.line))
	}
	f.Add([]byte(`{"type":"PING","TYPE":"LEAVE"}`))
	f.Add([]byte(`{"type":"JOIN","name":"\ud83d\ude00<&>","version":-1,"x":[]}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		m, err := ParseLine(line)
		if err != nil {
			return
		}
		again := AppendLine(nil, m)
		if strings.Count(string(again), "\n") != 1 {
			t.Errorf("%q is written as more than one line: %q", line, again)
		}
		if len(again) > MaxLine { // < and > are written in six characters
			return
		}
		if got, err := ParseLine(again); err != nil || got != m {
			t.Errorf("%q means %+v; written again it is %q and means %+v, %v", line, m, again, got, err)
		}
	})
}
