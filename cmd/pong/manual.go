package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"

	"github.com/spf13/cobra"

	"pong/internal/manpage"
)

// newManual returns the command that packages are built with. --help does not list it.
func newManual() *cobra.Command {
	return &cobra.Command{
		Use:     "manual DIR",
		Short:   "Write the manual pages, and the completions for shells, into a folder",
		Example: "  pong manual bin/manual",
		Hidden:  true,
		Args:    exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := writeManual(cmd.Root(), args[0]); err != nil {
				return fmt.Errorf("write the manual pages: %w", err)
			}
			return nil
		},
	}
}

// writeManual writes a page for each command to dir/man, and the completions to dir/completions. The program without a
// window is installed as pong-server beside pong or without it: its one page is that of pong serve.
func writeManual(root *cobra.Command, dir string) error {
	files := map[string]func(path string) error{
		"completions/pong.bash": func(path string) error { return root.GenBashCompletionFileV2(path, true) },
		"completions/pong.zsh":  root.GenZshCompletionFile,
		"completions/pong.fish": func(path string) error { return root.GenFishCompletionFile(path, true) },
		"completions/pong.ps1":  root.GenPowerShellCompletionFileWithDesc,
	}
	info, _ := debug.ReadBuildInfo()
	build := buildOf(info)
	book := manpage.Book{Date: build.date, Source: "pong " + build.release, Title: "Pong"}
	page := func(cmd *cobra.Command) func(string) error {
		text := book.Page(cmd)
		return func(path string) error { return os.WriteFile(path, text, 0o644) }
	}
	for _, cmd := range manpage.Commands(root) {
		files["man/"+manpage.Name(cmd)+".1"] = page(cmd)
	}
	server := newServe()
	server.Use, server.Aliases = "pong-server serve", nil
	files["man/pong-server.1"] = page(server)
	for name, write := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := write(path); err != nil {
			return err
		}
	}
	return nil
}
