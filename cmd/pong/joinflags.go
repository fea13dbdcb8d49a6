package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/front"
	"pong/internal/names"
	"pong/internal/rooms"
	"pong/internal/trust"
)

// joinFlags are the flags that all commands share which join a server.
type joinFlags struct {
	name, room, ticket, trust, via, keyLog, record string
	link, without, measure, shadow                 string

	recording *gameRecording // set by config
	measuring *measuring     // likewise
}

// add adds the flags to a command. If name is empty, the default is the name that the person used last.
func (f *joinFlags) add(cmd *cobra.Command, name string) {
	fl := cmd.Flags()
	fl.SortFlags = false
	about := "your name, as others see it"
	if name == "" {
		about += "; remembered (at first two words, such as Brisk Otter)"
	}
	fl.StringVar(&f.name, "name", name, about)
	fl.StringVar(&f.room, "room", "", "new, or the code of a friend: players who join with the same code meet")
	fl.StringVar(&f.ticket, "ticket", "", "join ticket, or the file that has it, for a server that wants one")
	fl.StringVar(&f.trust, "trust", "", "SHA-256 fingerprint that the server must have")
	fl.StringVar(&f.via, "via", "", "HOST:PORT to send the game traffic to instead of the server's own")
	fl.StringVar(&f.record, "record", "", "file to record the game to, for pong replay; further games get a number")
	addKeyLog(cmd, &f.keyLog)
	linkFlag(cmd, &f.link)
	fl.StringVar(&f.without, "without", "",
		"techniques to switch off, to see what each is for: some of "+strings.Join(client.Techniques(), ", "))
	fl.StringVar(&f.shadow, "shadow", "",
		"draw the same match in another way beside it, as B does: a view, or such as no-reconciliation")
	fl.StringVar(&f.measure, "measure", "",
		"file to write each datagram and each frame to, as CSV; pong lab --from makes a page of it")
}

// config checks the flags before anything is dialled.
func (f *joinFlags) config(cmd *cobra.Command, args []string) (dial.Config, error) {
	if f.name == "" && !cmd.Flags().Changed("name") {
		f.name = front.DefaultStore().Name()
	}
	name, err := names.Parse(f.name)
	if err != nil {
		return dial.Config{}, usage(cmd, "--name: %w", err)
	}
	f.name = name
	cfg := dial.Config{Name: f.name, Trust: f.trust}
	if len(args) > 0 {
		cfg.Address = trust.FindAddress(strings.Join(args, " "))
		link, err := trust.ParseAddress(cfg.Address, trust.DefaultPort)
		if err != nil {
			return cfg, usage(cmd, "%w", err)
		}
		if cfg.Room = link.Room; cfg.Room != "" {
			cfg.Address = link.WithoutRoom().String()
		}
	}
	if cfg.Room, err = f.meet(cmd, cfg.Room); err != nil {
		return cfg, err
	}
	if f.via != "" {
		via, err := parseHostPort(f.via)
		if err != nil {
			return cfg, usage(cmd, "--via: %w", err)
		}
		cfg.Transport = dial.System{Via: via}
	}
	if err := simulate(cmd, f.link, &cfg); err != nil {
		return cfg, err
	}
	if cfg.Settings, err = cfg.Settings.Without(f.without); err != nil {
		return cfg, usage(cmd, "--without: %w", err)
	}
	if f.shadow != "" {
		settings, err := client.ParseShadow(f.shadow)
		if err != nil {
			return cfg, usage(cmd, "--shadow %q: %w", f.shadow, err)
		}
		cfg.Shadow = &settings
	}
	if f.ticket != "" {
		if cfg.Ticket, err = readTicket(f.ticket); err != nil {
			return cfg, usage(cmd, "--ticket: %w", err)
		}
	}
	if f.trust != "" {
		if _, err := trust.ParseFingerprint(f.trust); err != nil {
			return cfg, usage(cmd, "--trust: %w", err)
		}
	}
	if err := f.open(&cfg); err != nil {
		return cfg, err
	}
	if f.recording, err = newGameRecording(f.record, printWarning); err != nil {
		return cfg, usage(cmd, "--record: %w", err)
	}
	f.recording.record(&cfg)
	if f.measuring, err = newMeasuring(f.measure, printWarning); err != nil {
		return cfg, usage(cmd, "--measure: %w", err)
	}
	f.measuring.observe(&cfg)
	return cfg, nil
}

// close ends what config has begun, and writes the rest of the files.
func (f *joinFlags) close() {
	f.recording.close()
	f.measuring.close()
}

// printWarning prints a line for the person who has started the program.
func printWarning(text string) { fmt.Fprintln(os.Stderr, "pong: "+text) }

// newRoom is the value of --room for a code that nobody else has.
const newRoom = "new"

// meet returns the code of the room of --room, or else that of the join link.
func (f *joinFlags) meet(cmd *cobra.Command, ofLink string) (string, error) {
	if f.room == "" {
		return ofLink, nil
	}
	code := rooms.Clean(f.room)
	if err := rooms.Check(code); err != nil {
		return "", usage(cmd, "--room: %w", err)
	}
	switch {
	case ofLink != "" && code != ofLink:
		return "", usage(cmd, "the join link names a room already: leave out --room")
	case code == newRoom:
		return rooms.New(), nil
	}
	return code, nil
}

// open opens the key log, and sets the files that are kept between games.
func (f *joinFlags) open(cfg *dial.Config) error {
	keys, err := openKeyLog(f.keyLog, printWarning)
	if err != nil {
		return err
	}
	if cfg.KeyLog = keys; keys != nil {
		printWarning(fmt.Sprintf(keyLogWarning, f.keyLog))
	}
	var once sync.Once
	cfg.LinkDecided = func(address string) { once.Do(func() { printWarning(front.LinkDecidedNotice(address)) }) }
	keepFiles(cfg)
	return nil
}

// keepFiles sets the files that are kept between games. Without a home folder nothing is remembered, and each unknown
// server is a question.
func keepFiles(cfg *dial.Config) {
	if pins, err := trust.DefaultPinFile(); err == nil {
		cfg.PinFile = pins
		cfg.SeatDir = filepath.Join(filepath.Dir(pins), "seats")
	}
}
