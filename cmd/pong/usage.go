package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"pong/internal/trust"
)

// A usageError is the error of an invalid command line.
type usageError struct {
	command string
	err     error
}

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

// usage returns a usageError of a command.
func usage(cmd *cobra.Command, format string, args ...any) error {
	return &usageError{cmd.CommandPath(), fmt.Errorf(format, args...)}
}

// noArgs refuses all arguments. An argument of a command with subcommands was meant to be one of them.
func noArgs(cmd *cobra.Command, args []string) error {
	switch {
	case len(args) == 0:
		return nil
	case cmd.HasSubCommands():
		return usage(cmd, "unknown command %q%s", args[0], suggestion(cmd, args[0], ""))
	}
	return usage(cmd, "unexpected argument %q", args[0])
}

// exactArgs refuses another number of arguments.
func exactArgs(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != n {
			return usage(cmd, "arguments given: %d; use: %s %s", len(args), cmd.Parent().CommandPath(), cmd.Use)
		}
		return nil
	}
}

// oneArg refuses more than one argument, unless they are the words of a line with a join link.
func oneArg(cmd *cobra.Command, args []string) error {
	if _, err := trust.ParseJoinLink(trust.FindAddress(strings.Join(args, " "))); len(args) > 1 && err != nil {
		return usage(cmd, "at most one address or join link, not %d arguments", len(args))
	}
	return nil
}

// flagError explains an invalid flag to a person; the messages of package strconv are for programmers.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var invalid *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() == "":
		name := unknown.GetSpecifiedName()
		return usage(cmd, "unknown flag --%s%s", name, suggestion(flagNames(cmd), name, "--"))
	case errors.As(err, &invalid):
		f := invalid.GetFlag()
		return usage(cmd, "--%s %q: %s", f.Name, invalid.GetValue(), expected(f.Value.Type(), invalid.Unwrap()))
	}
	return usage(cmd, "%w", err)
}

// expected says what values a flag of a type takes. Our own types say so themselves.
func expected(kind string, err error) string {
	switch kind {
	case "int", "int64":
		return "must be a whole number"
	case "uint64":
		return "must be a whole number, 0 or more"
	case "float64":
		return "must be a number"
	case "duration":
		return "must be a duration with its unit, such as 50ms or 1.5s"
	case "bool":
		return "must be true or false"
	}
	return err.Error()
}

// suggestion returns a hint with the subcommand that is most similar to a word, if there is one.
func suggestion(cmd *cobra.Command, word, prefix string) string {
	cmd.SuggestionsMinimumDistance = 2
	for _, s := range cmd.SuggestionsFor(word) {
		return fmt.Sprintf(", did you mean %q?", prefix+s)
	}
	return ""
}

// flagNames returns a command whose subcommands are the flags of another one, so that cobra finds the most similar.
func flagNames(cmd *cobra.Command) *cobra.Command {
	names := new(cobra.Command)
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		names.AddCommand(&cobra.Command{Use: f.Name, Run: func(*cobra.Command, []string) {}})
	})
	return names
}
