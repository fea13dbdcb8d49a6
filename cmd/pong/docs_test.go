package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// A docCommand is a command line of pong in a document.
type docCommand struct {
	file  string
	line  int
	words []string // without "pong" itself
}

func (c docCommand) String() string {
	return fmt.Sprintf("%s:%d: pong %s", c.file, c.line, strings.Join(c.words, " "))
}

// A docBlock is a code block of a document, as far as it has to do with pong.
type docBlock struct {
	commands []docCommand
	output   []string // the lines after a command with a prompt
}

// documents calls f with each Markdown file of the module.
func documents(t *testing.T, f func(name, text string)) {
	t.Helper()
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && entry.Name() == ".git" {
			return filepath.SkipDir
		}
		if filepath.Ext(path) != ".md" {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		f(filepath.ToSlash(name), string(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// pongCommand matches a line of a shell that runs pong, perhaps with a prompt. pong-server and the image of the
// container are the same program.
var pongCommand = regexp.MustCompile(
	`^(\$ )?(?:go run \./cmd/pong|pong|pong-server|docker run .* \S+/pong-server)(?: (.*))?$`)

// docBlocks returns the code blocks of a document that run pong.
func docBlocks(file, text string) (blocks []docBlock) {
	code := false
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); i++ {
		line, number := strings.TrimSpace(lines[i]), i+1
		if strings.HasPrefix(line, "```") {
			if code = !code; code {
				blocks = append(blocks, docBlock{})
			}
			continue
		}
		if !code {
			continue
		}
		for strings.HasSuffix(line, "\\") && i+1 < len(lines) {
			i++
			line = strings.TrimSuffix(line, "\\") + strings.TrimSpace(lines[i])
		}
		block := &blocks[len(blocks)-1]
		m := pongCommand.FindStringSubmatch(line)
		switch {
		case m != nil:
			block.commands = append(block.commands, docCommand{file, number, shellWords(m[2])})
			if m[1] != "" {
				block.output = []string{}
			}
		case block.output != nil:
			block.output = append(block.output, line)
		}
	}
	return slices.DeleteFunc(blocks, func(b docBlock) bool { return len(b.commands) == 0 })
}

// shellWords splits a command line as every shell does, up to a comment or a redirection. Only double quotes are quotes
// in all of them.
func shellWords(line string) (words []string) {
	for _, m := range regexp.MustCompile(`"([^"]*)"|(\S+)`).FindAllStringSubmatch(line, -1) {
		if strings.HasPrefix(m[2], "#") || strings.HasPrefix(m[2], ">") || m[2] == "|" {
			break
		}
		words = append(words, m[1]+m[2])
	}
	return words
}

func TestDocuments_CommandLinesParse(t *testing.T) {
	n := 0
	documents(t, func(name, text string) {
		for _, block := range docBlocks(name, text) {
			for _, c := range block.commands {
				n++
				checkCommandLine(t, c)
			}
		}
	})
	if n < 15 {
		t.Errorf("only %d command lines of pong in the code blocks of all documents", n)
	}
}

// TestDeploy_FlagsParse does the same for the flags that the service and the container give to the server.
func TestDeploy_FlagsParse(t *testing.T) {
	settings := regexp.MustCompile(`PONG_SERVER_FLAGS="([^"]*)"`)
	inUnit := regexp.MustCompile(`(?m)^ExecStart=\S+ (.*) \$PONG_SERVER_FLAGS$`)
	inCompose := regexp.MustCompile(`(?m)^ +command: \[(.*)\]$`)
	n := 0
	check := func(file, text string) {
		for _, m := range settings.FindAllStringSubmatch(text, -1) {
			n++
			checkCommandLine(t, docCommand{file: file, words: append([]string{"serve"}, shellWords(m[1])...)})
		}
		for _, m := range inUnit.FindAllStringSubmatch(text, -1) {
			n++
			checkCommandLine(t, docCommand{file: file, words: shellWords(m[1])})
		}
		for _, m := range inCompose.FindAllStringSubmatch(text, -1) {
			n++
			checkCommandLine(t, docCommand{file: file, words: strings.Split(m[1], ", ")})
		}
	}
	documents(t, check)
	for _, name := range []string{"pong-server.service", "pong-server.default", "compose.yaml"} {
		text, err := os.ReadFile(filepath.Join("..", "..", "deploy", name))
		if err != nil {
			t.Fatal(err)
		}
		check("deploy/"+name, string(text))
	}
	if n < 6 {
		t.Errorf("only %d command lines of the server in deploy and in the documents", n)
	}
}

// TestHelp_ExamplesParse does the same for the examples that the commands print themselves.
func TestHelp_ExamplesParse(t *testing.T) {
	var check func(cmd *cobra.Command)
	check = func(cmd *cobra.Command) {
		for _, line := range strings.Split(cmd.Example, "\n") {
			line, _, _ = strings.Cut(strings.TrimSpace(line), "  ") // the explanation
			if m := pongCommand.FindStringSubmatch(line); m != nil {
				checkCommandLine(t, docCommand{file: cmd.CommandPath() + " --help", words: shellWords(m[2])})
			} else if line != "" {
				t.Errorf("%s --help: the example %q does not begin with pong", cmd.CommandPath(), line)
			}
		}
		for _, sub := range cmd.Commands() {
			check(sub)
		}
	}
	check(newRoot())
}

// checkCommandLine finds the command, its flags and the number of its arguments as the program does.
func checkCommandLine(t *testing.T, c docCommand) {
	t.Helper()
	if strings.Contains(strings.Join(c.words, " "), "'") {
		t.Errorf("%v: single quotes are no quotes in cmd.exe; use double quotes", c)
	}
	cmd, rest, err := newRoot().Find(c.words)
	if err == nil {
		err = cmd.ParseFlags(rest)
	}
	if err == nil {
		err = cmd.ValidateArgs(cmd.Flags().Args())
	}
	if err != nil {
		t.Errorf("%v: %v", c, err)
	}
}

// TestDocuments_NamedCommandsAndFlagsExist checks commands in backquotes in a sentence, such as `pong play --keylog`,
// and flags such as `--admin`. The values of flags are often left out there.
func TestDocuments_NamedCommandsAndFlagsExist(t *testing.T) {
	root := newRoot()
	root.InitDefaultVersionFlag()
	flags := map[string]bool{"help": true}
	var collect func(cmd *cobra.Command)
	collect = func(cmd *cobra.Command) {
		cmd.Flags().VisitAll(func(f *pflag.Flag) { flags[f.Name] = true })
		for _, sub := range cmd.Commands() {
			collect(sub)
		}
	}
	collect(root)
	quoted := regexp.MustCompile("`(pong(?: [^`]*)?|--[^`]*)`")
	flag := regexp.MustCompile(`(?:^| )--([a-z-]+)`)
	documents(t, func(name, text string) {
		if strings.HasPrefix(name, "examples/") || strings.HasPrefix(name, "bench/") {
			return // flags of other programs
		}
		for _, m := range quoted.FindAllStringSubmatch(strings.ReplaceAll(text, "\n", " "), -1) {
			words, isCommand := strings.CutPrefix(m[1], "pong")
			known := flags
			if isCommand {
				cmd, rest, err := root.Find(shellWords(words))
				if err == nil && cmd.HasSubCommands() && len(rest) > 0 && !strings.HasPrefix(rest[0], "-") {
					err = cmd.ValidateArgs(rest[:1])
				}
				if err != nil {
					t.Errorf("%s: `%s`: %v", name, m[1], err)
					continue
				}
				known = map[string]bool{"help": true}
				cmd.Flags().VisitAll(func(f *pflag.Flag) { known[f.Name] = true })
			}
			for _, f := range flag.FindAllStringSubmatch(words, -1) {
				if !known[f[1]] {
					t.Errorf("%s: `%s`: there is no flag --%s", name, m[1], f[1])
				}
			}
		}
	})
}

// TestDocuments_CommandsRun runs the code blocks that start a server, and the laboratory, which ends by itself. Further
// flags give them free ports and make them short, and bots take the places of people.
func TestDocuments_CommandsRun(t *testing.T) {
	t.Parallel()
	n := 0
	documents(t, func(name, text string) {
		for _, block := range docBlocks(name, text) {
			first := block.commands[0]
			if len(first.words) == 0 || first.words[0] != "serve" && first.words[0] != "lab" {
				continue
			}
			n++
			t.Run(fmt.Sprintf("%s:%d", name, first.line), func(t *testing.T) {
				t.Parallel()
				runBlock(t, block)
			})
		}
	})
	if n < 5 {
		t.Errorf("only %d code blocks of all documents can be run", n)
	}
}

// runBlock runs the commands of a block together, in their order.
func runBlock(t *testing.T, block docBlock) {
	if block.output != nil {
		runForOutput(t, block)
		return
	}
	var server *servingProcess
	var link, metrics string
	players := 0
	for _, c := range block.commands {
		words := slices.Clone(c.words)
		for i := range words {
			words[i] = strings.ReplaceAll(words[i], "127.0.0.2", secondLoopback(t))
		}
		switch words[0] {
		case "serve":
			if at := slices.Index(words, "--admin"); at >= 0 {
				words[at+1] = "127.0.0.1:0"
			}
			server = serve(t, words[1:]...)
			link = server.Link
			if slices.Contains(words, "--admin") {
				var line struct{ Metrics string }
				if err := json.Unmarshal([]byte(server.line(`"metrics"`)), &line); err != nil {
					t.Fatalf("%v: %v", c, err)
				}
				metrics = line.Metrics
			}
		case "link":
			host := words[slices.Index(words, "--listen")+1]
			link = strings.Replace(link, "127.0.0.1:", net.JoinHostPort(host, ""), 1)
			_, _ = relay(t, server, words[1:]...)
		case "play", "bot":
			players++
			start(t, "bot", link)
		case "load":
			args := append([]string{"load", link}, words[2:]...)
			args = append(args, "--matches", "2", "--for", "1s")
			if slices.Contains(words, "--admin") {
				args = append(args, "--admin", metrics)
			}
			start(t, args...).end(exitDone)
		case "lab":
			start(t, append(words, "--seeds", "1", "--minutes", "1")...).end(exitDone) // the rest takes longer only
		default:
			t.Errorf("%v: this test does not know how to run it", c)
		}
	}
	if players > 1 {
		server.line("started")
	}
}

// runForOutput runs a command whose output stands below it, and looks for each line of it up to where the values begin.
func runForOutput(t *testing.T, block docBlock) {
	words := slices.Concat(block.commands[0].words,
		[]string{"--listen", "127.0.0.1", "--control-port", "0", "--game-port", "0"})
	p := start(t, words...)
	value := regexp.MustCompile(` *[\d:/#.]*[\d:].*$| {2,}.*$`)
	for _, line := range block.output {
		p.line(value.ReplaceAllString(strings.TrimSpace(line), ""))
	}
}

// TestCerts_AreIgnoredByGit: the folder in which a server keeps its keys must never be committed.
func TestCerts_AreIgnoredByGit(t *testing.T) {
	ignored, err := os.ReadFile(filepath.Join("..", "..", ".gitignore"))
	if err != nil {
		t.Fatal(err)
	}
	const folder = "certs" // where former releases kept them, in the working directory
	if !slices.Contains(strings.Split(string(ignored), "\n"), "/"+folder+"/") {
		t.Errorf(".gitignore has no line /%s/, and servers may keep their keys there", folder)
	}
}
