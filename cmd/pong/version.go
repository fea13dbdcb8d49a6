package main

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"pong/internal/wire"
)

func newVersion() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the version of pong",
		Example: "  pong version",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			info, _ := debug.ReadBuildInfo()
			fmt.Fprintf(cmd.OutOrStdout(), "pong %s\n", version(info))
			return nil
		},
	}
}

// The release, the commit and its time, if the linker is given them (-ldflags "-X main.release=v1.2.0"). A release is
// built so, because a source archive has no repository from which the go command could take them.
var release, commit, committed string

// A build is the source that a binary was made from. Each field may be empty.
type build struct {
	release string
	commit  string
	date    string // of the commit
	changed bool   // there were changes beside the commit
}

// buildOf returns what the linker was given, and the rest from info, which may be nil and has no commit if the source
// was not in a repository.
func buildOf(info *debug.BuildInfo) build {
	settings := make(map[string]string)
	var b build
	if info != nil {
		b.release = info.Main.Version
		for _, s := range info.Settings {
			settings[s.Key] = s.Value
		}
	}
	b.release = cmp.Or(release, b.release, "(devel)")
	b.commit = cmp.Or(commit, settings["vcs.revision"])
	b.changed = commit == "" && settings["vcs.modified"] == "true"
	date, _, _ := strings.Cut(cmp.Or(committed, settings["vcs.time"]), "T")
	b.date = date
	return b
}

// version returns the release, commit, protocol and Go version of this binary.
func version(info *debug.BuildInfo) string {
	b := buildOf(info)
	source := "unknown commit"
	if b.commit != "" {
		source = "commit " + b.commit[:min(len(b.commit), 12)]
		if b.date != "" {
			source += " of " + b.date
		}
		if b.changed {
			source += " with changes"
		}
	}
	return fmt.Sprintf("%s, %s, protocol %s, %s %s/%s", b.release, source, wire.ALPN, runtime.Version(), runtime.GOOS,
		runtime.GOARCH)
}
