package manpage

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

func example() *cobra.Command {
	run := func(*cobra.Command, []string) {}
	root := &cobra.Command{Use: "prog", Short: "Do things", Run: run}
	sub := &cobra.Command{Use: "sub FILE", Short: "Show a file", Run: run, Example: `  prog sub "a\b" # it's -x`,
		Long: "Show a file.\n.hidden files too:\n  one\n  .two\nand more.\n\nA paragraph."}
	sub.Flags().IntP("lines", "n", 7, "how many `lines` of it")
	sub.Flags().Bool("secret", false, "not shown")
	_ = sub.Flags().MarkHidden("secret")
	hidden := &cobra.Command{Use: "hidden", Hidden: true, Run: run}
	root.AddCommand(sub, hidden)
	return root
}

func TestBook_PageHasTheTextOfTheCommand(t *testing.T) {
	root := example()
	got := string(Book{Date: "2026-11-30", Source: "prog v1", Title: "Things"}.Page(root.Commands()[1]))
	want := `.TH "PROG\-SUB" 1 "2026-11-30" "prog v1" "Things"
.SH "NAME"
prog\-sub \- show a file
.SH "SYNOPSIS"
.B prog sub FILE [flags]
.SH "DESCRIPTION"
Show a file.
\&.hidden files too:
.RS 2
.nf
one
\&.two
.fi
.RE
and more.
.PP
A paragraph.
.SH "OPTIONS"
.TP
\fB\-n\fR, \fB\-\-lines\fR \fIlines\fR
how many lines of it (default 7)
.SH "EXAMPLES"
.RS 2
.nf
prog sub "a\eb" # it's \-x
.fi
.RE
.SH "EXIT STATUS"
0 if the command did its work or was ended on request, 1 if it failed, 2 if the command line is wrong.
.SH "SEE ALSO"
.BR prog (1)
`
	if got != want {
		t.Errorf("the page is\n%s\nwant\n%s", got, want)
	}
}

func TestCommands_LeavesOutHiddenOnes(t *testing.T) {
	root := example()
	var names []string
	for _, cmd := range Commands(root) {
		names = append(names, Name(cmd))
	}
	if got := strings.Join(names, " "); got != "prog prog-sub" {
		t.Errorf("pages for %q, want prog and prog-sub", got)
	}
	if page := string(Book{}.Page(root)); !strings.Contains(page, ".BR prog\\-sub (1)") ||
		strings.Contains(page, "hidden") {
		t.Errorf("the page of the program does not name its commands, or names a hidden one:\n%s", page)
	}
}
