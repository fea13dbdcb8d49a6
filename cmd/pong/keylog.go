package main

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"sync"

	"github.com/spf13/cobra"
)

// keyLogWarning is what every command says once that writes a key log.
const keyLogWarning = "KEY LOG: whoever has the file %s can read these matches, and play in a player's place while they last: use it for study only, and delete it"

// A keyLog is the file of --keylog: a line for each session, with what opens its datagrams.
type keyLog struct {
	file *os.File
	warn func(text string)
	once sync.Once // for the first line that could not be written
}

func addKeyLog(cmd *cobra.Command, path *string) {
	cmd.Flags().StringVar(path, "keylog", "", "append the keys of every session to this file, to look into a capture of your own (examples/wireshark)")
}

// openKeyLog opens the file of --keylog, or nothing without a path. Who calls it has still to say keyLogWarning: a
// server's first words are where it is.
func openKeyLog(path string, warn func(text string)) (io.Writer, error) {
	if path == "" {
		return nil, nil
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("key log: %w: name a file that you may write", err)
	}
	if err := onlyMine(file); err != nil {
		file.Close()
		return nil, err
	}
	return &keyLog{file: file, warn: warn}, nil
}

// onlyMine refuses a file that was there already and that others can read. Windows has no such permissions; and what is
// no plain file, such as a pipe, is the affair of who made it.
func onlyMine(file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("key log: %w", err)
	}
	if runtime.GOOS != "windows" && info.Mode().IsRegular() && info.Mode().Perm()&0o077 != 0 {
		return fmt.Errorf("key log: others can read %s: chmod 600 %[1]s, or name a new file", file.Name())
	}
	return nil
}

// Write appends a line. That a disk is full is said once; the match goes on.
func (k *keyLog) Write(line []byte) (int, error) {
	n, err := k.file.Write(line)
	if err != nil {
		k.once.Do(func() { k.warn(fmt.Sprintf("key log: %v: the keys of some sessions are missing from it", err)) })
	}
	return n, err
}
