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
		Short:   "Say which pong this is",
		Example: "  pong version",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			build := "unknown build"
			if info, ok := debug.ReadBuildInfo(); ok {
				build = info.Main.Version
			}
			fmt.Fprintf(cmd.OutOrStdout(), "pong %s, protocol %s, %s %s/%s\n", build, wire.ALPN, runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return nil
		},
	}
}
