package main

import (
	"os"
	"os/user"
	"path/filepath"
	"strings"

	"pong/internal/trust"
	"pong/internal/wire"
)

// defaultName is the name that the person used last, or else the login name, if others can be shown it.
func defaultName() string {
	if name := keptName(); name != "" {
		return name
	}
	if u, err := user.Current(); err == nil && wire.CheckName(u.Username) == nil {
		return u.Username
	}
	return "player"
}

// nameFile is where the name is kept: beside the identities of servers. It is empty where there is no home.
func nameFile() string {
	pins, err := trust.DefaultPinFile()
	if err != nil {
		return ""
	}
	return filepath.Join(filepath.Dir(pins), "name")
}

// keptName returns the name that was used last, or nothing. A file that somebody has spoiled is no name.
func keptName() string {
	text, err := os.ReadFile(nameFile())
	name := strings.TrimSuffix(string(text), "\n")
	if err != nil || wire.CheckName(name) != nil {
		return ""
	}
	return name
}

// keepName keeps the name for the next time. Where that cannot be done, play goes on without.
func keepName(name string) {
	file := nameFile()
	if file == "" || name == defaultName() || os.MkdirAll(filepath.Dir(file), 0o700) != nil {
		return
	}
	if os.WriteFile(file+".new", []byte(name+"\n"), 0o600) == nil {
		_ = os.Rename(file+".new", file)
	}
}
