package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

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

// version returns the release, commit, protocol and Go version of this binary. Info, which may be nil, has no commit if
// the source was not in a repository.
func version(info *debug.BuildInfo) string {
	build, commit := "(devel)", "unknown commit"
	if info != nil {
		if info.Main.Version != "" {
			build = info.Main.Version
		}
		settings := make(map[string]string)
		for _, s := range info.Settings {
			settings[s.Key] = s.Value
		}
		if revision := settings["vcs.revision"]; revision != "" {
			commit = "commit " + revision[:min(len(revision), 12)]
			if settings["vcs.modified"] == "true" {
				commit += " with changes"
			}
		}
	}
	return fmt.Sprintf("%s, %s, protocol %s, %s %s/%s", build, commit, wire.ALPN, runtime.Version(), runtime.GOOS,
		runtime.GOARCH)
}
