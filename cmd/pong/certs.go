package main

import (
	"path/filepath"

	"github.com/spf13/cobra"

	"pong/internal/trust"
)

// A certsFlag is the folder of the server's identity.
type certsFlag struct {
	dir    string
	chosen bool // by the operator
	local  bool // the default is in the working directory
}

func (f *certsFlag) add(cmd *cobra.Command, usage string) {
	cmd.Flags().StringVar(&f.dir, "certs", "", usage+` (default certs in the working directory if it has an identity,
else a folder that does not depend on it, which pong serve prints)`)
}

// check refuses an empty name, and finds the default folder if none was given.
func (f *certsFlag) check(cmd *cobra.Command) error {
	if f.chosen = cmd.Flags().Changed("certs"); !f.chosen {
		f.dir, f.local = trust.DefaultCerts()
	} else if f.dir == "" {
		return usage(cmd, "--certs: must be the folder of the server's identity")
	}
	return nil
}

// note says where the identity is if the operator did not choose the folder, else it is empty.
func (f *certsFlag) note() string {
	if f.chosen {
		return ""
	}
	dir, err := filepath.Abs(f.dir)
	if err != nil {
		dir = f.dir
	}
	if f.local {
		return dir + ", in the working directory: name it with --certs to use it from elsewhere"
	}
	return dir
}
