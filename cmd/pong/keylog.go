package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/spf13/cobra"

	"pong/internal/trust"
)

// keyLogWarning is the warning of every command that writes a key log.
const keyLogWarning = "KEY LOG: anyone with the file %s can decrypt these matches, and play in a player's place " +
	"while they last: use it for study only, and delete it"

// A keyLog is the file of --keylog. It has a line for each session, with the key material of its datagrams.
type keyLog struct {
	file *os.File
	warn func(text string)
	once sync.Once // for the warning about the first line that could not be written
}

func addKeyLog(cmd *cobra.Command, path *string) {
	cmd.Flags().StringVar(path, "keylog", "",
		"append the keys of every session to this file, to decrypt a capture of your own (see examples/wireshark)")
}

// openKeyLog opens the file of --keylog; without a path it returns nil. The caller must print keyLogWarning, because
// the first line of a server's log is its addresses.
func openKeyLog(path string, warn func(text string)) (io.Writer, error) {
	if path == "" {
		return nil, nil
	}
	file, err := trust.OpenSecretLog(path)
	switch {
	case errors.Is(err, trust.ErrFixedModes):
		return nil, fmt.Errorf("key log: %w: choose a file on another file system", err)
	case err != nil:
		return nil, fmt.Errorf("key log: %w: choose a file that you can write, and others cannot read", err)
	}
	return &keyLog{file: file, warn: warn}, nil
}

// Write appends a line. The first error, such as that of a full disk, is a warning; the match continues.
func (k *keyLog) Write(line []byte) (int, error) {
	n, err := k.file.Write(line)
	if err != nil {
		k.once.Do(func() { k.warn(fmt.Sprintf("key log: %v: the keys of some sessions are missing", err)) })
	}
	return n, err
}
