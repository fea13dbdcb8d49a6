// Package manpage writes the manual pages of a program from its commands, so that man and --help never differ.
package manpage

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// A Book is what the pages of one program have in common.
type Book struct {
	Date   string // of the source, such as 2026-11-30
	Source string // the program and its release, such as pong v1.2.0
	Title  string // such as Pong
}

// Name returns the name of a command's page: pong-serve for pong serve.
func Name(cmd *cobra.Command) string { return strings.ReplaceAll(cmd.CommandPath(), " ", "-") }

// Page returns the page of a command in section 1, in the macros of man(7).
func (b Book) Page(cmd *cobra.Command) []byte {
	var p page
	p.line(`.TH %s 1 "%s" %s %s`, quote(strings.ToUpper(Name(cmd))), b.Date, quote(b.Source), quote(b.Title))
	p.heading("NAME")
	p.line(`%s \- %s`, escape(Name(cmd)), escape(firstLower(cmd.Short)))
	p.heading("SYNOPSIS")
	if cmd.Runnable() {
		p.line(".B %s", escape(cmd.UseLine()))
	}
	commands := shown(cmd)
	if len(commands) > 0 {
		if cmd.Runnable() {
			p.line(".br")
		}
		p.line(".B %s [command]", escape(cmd.CommandPath()))
	}
	p.heading("DESCRIPTION")
	if cmd.Long != "" {
		p.text(cmd.Long)
	} else {
		p.text(cmd.Short + ".")
	}
	if len(commands) > 0 {
		p.heading("COMMANDS")
		for _, c := range commands {
			p.item(`\fB`+escape(c.Name())+`\fR`, c.Short+".")
		}
	}
	p.flags("OPTIONS", cmd.NonInheritedFlags())
	p.flags("OPTIONS OF EVERY COMMAND", cmd.InheritedFlags())
	if cmd.Example != "" {
		p.heading("EXAMPLES")
		p.verbatim(strings.Split(strings.Trim(cmd.Example, "\n"), "\n"))
	}
	p.heading("EXIT STATUS")
	p.text("0 if the command did its work or was ended on request, 1 if it failed, 2 if the command line is wrong.")
	p.seeAlso(cmd, commands)
	return p.Bytes()
}

// shown returns the subcommands that --help lists and that have a page.
func shown(cmd *cobra.Command) (list []*cobra.Command) {
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() && c.Name() != "help" {
			list = append(list, c)
		}
	}
	return list
}

// Commands returns cmd and all commands below it that have a page.
func Commands(cmd *cobra.Command) []*cobra.Command {
	list := []*cobra.Command{cmd}
	for _, c := range shown(cmd) {
		list = append(list, Commands(c)...)
	}
	return list
}

// A page is the text of one page so far.
type page struct{ bytes.Buffer }

func (p *page) line(format string, args ...any) { fmt.Fprintf(p, format+"\n", args...) }

func (p *page) heading(title string) { p.line(".SH %s", quote(title)) }

func (p *page) item(term, text string) {
	p.line(".TP\n%s", term)
	p.line("%s", escape(text))
}

// text writes paragraphs. Indented lines keep their breaks.
func (p *page) text(text string) {
	for i, paragraph := range strings.Split(strings.Trim(text, "\n"), "\n\n") {
		if i > 0 {
			p.line(".PP")
		}
		var indented []string
		for _, line := range strings.Split(paragraph, "\n") {
			if strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t") {
				indented = append(indented, line)
				continue
			}
			p.verbatim(indented)
			indented = nil
			p.line("%s", escape(line))
		}
		p.verbatim(indented)
	}
}

// verbatim writes lines as they are.
func (p *page) verbatim(lines []string) {
	if len(lines) == 0 {
		return
	}
	p.line(".RS 2\n.nf")
	for _, line := range lines {
		p.line("%s", escape(strings.TrimPrefix(line, "  ")))
	}
	p.line(".fi\n.RE")
}

// flags writes the flags under a heading, if there are any.
func (p *page) flags(title string, flags *pflag.FlagSet) {
	if !flags.HasAvailableFlags() {
		return
	}
	p.heading(title)
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		value, usage := pflag.UnquoteUsage(f)
		term := `\fB` + escape("--"+f.Name) + `\fR`
		if f.Shorthand != "" {
			term = `\fB` + escape("-"+f.Shorthand) + `\fR, ` + term
		}
		if value != "" {
			term += ` \fI` + escape(value) + `\fR`
		}
		if d := f.DefValue; d != "" && d != "false" && d != "0" && d != "[]" && d != "0s" {
			usage += " (default " + d + ")"
		}
		p.item(term, usage)
	})
}

func (p *page) seeAlso(cmd *cobra.Command, commands []*cobra.Command) {
	var names []string
	if cmd.HasParent() {
		names = append(names, Name(cmd.Parent()))
	}
	for _, c := range commands {
		names = append(names, Name(c))
	}
	if len(names) == 0 {
		return
	}
	p.heading("SEE ALSO")
	for i, name := range names {
		comma := ","
		if i == len(names)-1 {
			comma = ""
		}
		p.line(".BR %s (1)%s", escape(name), comma)
	}
}

// escape makes text safe for roff: a backslash begins a command, a hyphen that is to be copied is written \-, and a dot
// or an apostrophe at the start of a line begins a request.
func escape(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`, "\t", "  ").Replace(text)
	if strings.HasPrefix(text, ".") || strings.HasPrefix(text, "'") {
		text = `\&` + text
	}
	return strings.ReplaceAll(text, "\n", " ")
}

// quote makes text one argument of a macro.
func quote(text string) string { return `"` + strings.ReplaceAll(escape(text), `"`, `""`) + `"` }

// firstLower returns text with a small first letter, as the line under NAME has it, unless it begins with a name.
func firstLower(text string) string {
	first, rest, _ := strings.Cut(text, " ")
	if first == "Pong" {
		return text
	}
	return strings.TrimSpace(strings.ToLower(first[:1]) + first[1:] + " " + rest)
}
