// Command lint checks what gofmt, vet and staticcheck do not: the width of lines, the beginnings of sentences, the
// subjects of commits, and code that nothing calls. "make lint" runs it.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// checks are the arguments of the command. Each prints nothing and returns a description of all that is wrong.
var checks = map[string]func() ([]string, error){
	"columns":  checkColumns,
	"prose":    checkProse,
	"subjects": checkSubjects,
	"deadcode": checkDeadCode,
}

func main() {
	bad := false
	for _, name := range os.Args[1:] {
		check, ok := checks[name]
		if !ok {
			fmt.Fprintf(os.Stderr, "usage: lint [columns] [prose] [subjects] [deadcode]\n")
			os.Exit(2)
		}
		found, err := check()
		if err != nil {
			fmt.Fprintf(os.Stderr, "lint %s: %v\n", name, err)
			os.Exit(1)
		}
		for _, line := range found {
			fmt.Println(line)
		}
		bad = bad || len(found) > 0
	}
	if bad {
		os.Exit(1)
	}
}

// run returns the standard output of a command.
func run(name string, args ...string) (string, error) {
	var failed strings.Builder
	cmd := exec.Command(name, args...)
	cmd.Stderr = &failed
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, failed.String())
	}
	return string(out), nil
}

// eachFile calls f with the text of every file of the working tree that git does not ignore and that has one of the
// given suffixes, except test data.
func eachFile(suffixes []string, f func(name, text string)) error {
	list, err := run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	if err != nil {
		return err
	}
	for _, name := range strings.Split(strings.TrimSuffix(list, "\x00"), "\x00") {
		if strings.Contains("/"+name, "/testdata/") || !hasSuffix(name, suffixes) {
			continue
		}
		text, err := os.ReadFile(name)
		if os.IsNotExist(err) {
			continue // removed, but not committed yet
		}
		if err != nil {
			return err
		}
		f(name, string(text))
	}
	return nil
}

func hasSuffix(name string, suffixes []string) bool {
	for _, suffix := range suffixes {
		if strings.HasSuffix(name, suffix) {
			return true
		}
	}
	return false
}
