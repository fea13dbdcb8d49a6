package main

import (
	"encoding/json"
	"fmt"
	"path"
	"strings"
)

// deadcode is the program that finds functions which no main function of the given packages can reach.
const deadcode = "golang.org/x/tools/cmd/deadcode@v0.52.0"

// An exception is code that no command calls and that stays all the same.
type exception struct {
	// pattern is one of path.Match, for "package.Func" or "package.Type.Method". The package is relative to the module.
	pattern string
	reason  string
}

var exceptions = []exception{
	{"netcode.*", "the public library: other games call it"},
	{"netcode/*.*", "the public library: other games call it"},
	{"internal/udp.NewSocket", "the portable socket: other systems than Linux use it"},
	{"internal/world.World.*", "tests in virtual time play with it"},
	{"internal/world.Player.*", "tests in virtual time play with it"},
}

// checkDeadCode finds functions that no command of the module uses, and exceptions that have become unnecessary.
func checkDeadCode() ([]string, error) {
	module, err := run("go", "list", "-m")
	if err != nil {
		return nil, err
	}
	// Elsewhere the portable socket is not dead, so look at the files for Linux on every system.
	report, err := run("go", "run", "-exec", "env GOOS=linux", deadcode, "-json", "./cmd/...")
	if err != nil {
		return nil, err
	}
	return unexpected(report, strings.TrimSpace(module), exceptions)
}

// unexpected compares a report of deadcode about a module with the exceptions.
func unexpected(report, module string, exceptions []exception) (found []string, err error) {
	var packages []struct {
		Path  string
		Funcs []struct {
			Name     string
			Position struct {
				File string
				Line int
			}
		}
	}
	if err := json.Unmarshal([]byte(report), &packages); err != nil {
		return nil, fmt.Errorf("deadcode's report: %w", err)
	}
	used := make([]bool, len(exceptions))
	for _, p := range packages {
		for _, f := range p.Funcs {
			name, excused := strings.TrimPrefix(p.Path, module+"/")+"."+f.Name, false
			for i, e := range exceptions {
				if ok, err := path.Match(e.pattern, name); err != nil {
					return nil, fmt.Errorf("pattern %q: %w", e.pattern, err)
				} else if ok {
					used[i], excused = true, true
				}
			}
			if !excused {
				found = append(found, fmt.Sprintf("%s:%d: nothing calls %s", f.Position.File, f.Position.Line, name))
			}
		}
	}
	for i, e := range exceptions {
		if !used[i] {
			found = append(found, fmt.Sprintf("internal/lint/deadcode.go: the exception %q is unnecessary", e.pattern))
		}
	}
	return found, nil
}
