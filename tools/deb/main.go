// Command deb builds the Debian packages of .goreleaser.yaml without the rest of a release, so that every change can be
// checked with them in seconds: deb VERSION DATE DIR. The programs are in DIR, named as the packages are, and the
// packages are written there. It is a module of its own: see tools/README.md.
package main

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/goreleaser/nfpm/v2"
	_ "github.com/goreleaser/nfpm/v2/deb"
	"github.com/goreleaser/nfpm/v2/files"
	"go.yaml.in/yaml/v3"
)

// A release is the part of .goreleaser.yaml that is read.
type release struct {
	Packages []pkg `yaml:"nfpms"`
}

// A pkg is an entry of nfpms, with the fields that matter to Debian.
type pkg struct {
	Name        string         `yaml:"package_name"`
	Maintainer  string         `yaml:"maintainer"`
	Homepage    string         `yaml:"homepage"`
	License     string         `yaml:"license"`
	Section     string         `yaml:"section"`
	Priority    string         `yaml:"priority"`
	Bindir      string         `yaml:"bindir"`
	Description string         `yaml:"description"`
	Contents    files.Contents `yaml:"contents"`
	Scripts     nfpm.Scripts   `yaml:"scripts"`
	Overrides   map[string]struct {
		Dependencies []string `yaml:"dependencies"`
		Recommends   []string `yaml:"recommends"`
	} `yaml:"overrides"`
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "deb:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 3 {
		return errors.New("usage: deb VERSION DATE DIR")
	}
	version, dir := args[0], args[2]
	date, err := time.Parse(time.RFC3339, args[1])
	if err != nil {
		return err
	}
	config, err := os.ReadFile(".goreleaser.yaml")
	if err != nil {
		return err
	}
	var r release
	if err := yaml.Unmarshal(config, &r); err != nil {
		return err
	}
	for _, p := range r.Packages {
		file, err := p.write(version, date, dir)
		if err != nil {
			return fmt.Errorf("%s: %w", p.Name, err)
		}
		fmt.Println(file)
	}
	return nil
}

// write makes one package and returns its path.
func (p pkg) write(version string, date time.Time, dir string) (string, error) {
	debian := p.Overrides["deb"]
	info := nfpm.WithDefaults(&nfpm.Info{
		Name: p.Name, Version: version, Arch: runtime.GOARCH, Platform: "linux", Maintainer: p.Maintainer,
		Homepage: p.Homepage, License: p.License, Section: p.Section, Priority: p.Priority,
		Description: p.Description, MTime: date,
		Overridables: nfpm.Overridables{
			Contents: append(p.Contents, &files.Content{
				Source: filepath.Join(dir, p.Name), Destination: path.Join(p.Bindir, p.Name),
				FileInfo: &files.ContentFileInfo{Mode: 0o755},
			}),
			Scripts: p.Scripts, Depends: debian.Dependencies, Recommends: debian.Recommends,
			Umask: 0o002,
		},
	})
	if err := nfpm.PrepareForPackager(info, "deb"); err != nil {
		return "", err
	}
	packager, err := nfpm.Get("deb")
	if err != nil {
		return "", err
	}
	name := filepath.Join(dir, strings.TrimSpace(packager.ConventionalFileName(info)))
	file, err := os.Create(name)
	if err != nil {
		return "", err
	}
	return name, errors.Join(packager.Package(info, file), file.Close())
}
