package server_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"sync"
)

// logged is the log of a server.
type logged struct {
	mu    sync.Mutex // guards what follows
	lines bytes.Buffer
}

func (l *logged) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lines.Write(b)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lines.String()
}

// entries returns the entries with a message.
func (l *logged) entries(msg string) []map[string]any {
	var found []map[string]any
	for line := range strings.Lines(l.String()) {
		var e map[string]any
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			panic("a log line is not JSON: " + line)
		}
		if e["msg"] == msg {
			found = append(found, e)
		}
	}
	return found
}

// refusals returns how many refusals for a reason all status entries count.
func (l *logged) refusals(reason string) int {
	n := 0
	for _, e := range l.entries("status") {
		if refused, ok := e["refused"].(map[string]any); ok {
			if k, ok := refused[reason].(float64); ok {
				n += int(k)
			}
		}
	}
	return n
}
