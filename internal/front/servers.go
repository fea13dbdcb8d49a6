package front

import (
	"slices"
	"strings"
	"time"

	"pong/internal/trust"
)

// A KnownServer is a server that the person has used.
type KnownServer struct {
	Address string    // with which to join it again: HOST:PORT, or a join link
	Used    time.Time // the day, UTC, on which it was used last
}

// The limits of what a Store remembers. Its lines fit into a file that the Store reads.
const (
	mostServers   = 10
	longestServer = 380 // of the address of one; a longer join link is kept without its further addresses
)

// Servers returns the servers that the person has used, those used last first. They are in a file with a line for
// each, such as
//
//	2026-11-23 pong://192.168.1.20:5555/#k=qXB151fx...
//
// Behind them come the servers with a pin that the file does not have: they were accepted by another command, or before
// there was a file. A line that is not valid is left out.
func (s Store) Servers() []KnownServer {
	all := s.usedServers()
	for _, pin := range s.pins() {
		if !slices.ContainsFunc(all, func(k KnownServer) bool { return Server(k.Address) == pin.Address }) {
			all = append(all, KnownServer{pin.Address, pin.Date})
		}
	}
	slices.SortStableFunc(all, func(a, b KnownServer) int { return b.Used.Compare(a.Used) })
	return all
}

// usedServers returns the servers of the file.
func (s Store) usedServers() (all []KnownServer) {
	for line := range strings.Lines(string(s.read("servers"))) {
		date, address, _ := strings.Cut(strings.TrimSpace(line), " ")
		used, err := time.Parse(time.DateOnly, date)
		if _, wrong := trust.ParseAddress(address, trust.DefaultPort); err == nil && wrong == nil {
			all = append(all, KnownServer{address, used})
		}
	}
	return all
}

// pins returns the servers with a pin, or none if the file cannot be read: dialling reports that.
func (s Store) pins() []trust.Pin {
	if s.Pins == "" {
		return nil
	}
	pins, err := trust.NewPins(s.Pins).List()
	if err != nil {
		return nil
	}
	return pins
}

// KeepServer stores that the person has used the server at an address on a day.
func (s Store) KeepServer(address string, day time.Time) error {
	link, err := trust.ParseAddress(address, trust.DefaultPort)
	if err != nil {
		return err
	}
	server := KnownServer{Address: link.Address, Used: day.UTC().Truncate(24 * time.Hour)}
	if link = link.WithoutRoom(); link.HasKey {
		server.Address = link.String()
	}
	if len(server.Address) > longestServer {
		server.Address = link.WithFurther(nil).String()
	}
	old := s.usedServers()
	if len(old) > 0 && old[0] == server {
		return nil
	}
	return s.writeServers(slices.Insert(without(old, link.Address), 0, server))
}

// ForgetServer removes the server at a HOST:PORT from those that the person has used, and reports whether it was there.
func (s Store) ForgetServer(address string) (bool, error) {
	old := s.usedServers()
	rest := without(slices.Clone(old), address)
	if len(rest) == len(old) {
		return false, nil
	}
	return true, s.writeServers(rest)
}

// without removes the server at a HOST:PORT.
func without(all []KnownServer, address string) []KnownServer {
	return slices.DeleteFunc(all, func(k KnownServer) bool { return Server(k.Address) == address })
}

func (s Store) writeServers(all []KnownServer) error {
	var text strings.Builder
	for _, k := range all[:min(len(all), mostServers)] {
		text.WriteString(k.Used.Format(time.DateOnly) + " " + k.Address + "\n")
	}
	return s.write("servers", []byte(text.String()))
}
