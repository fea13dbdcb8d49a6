package dial_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"pong/internal/dial"
)

// TestDial_PlaysWithoutKeeping joins a server that the person accepts where neither its identity nor the seat can be
// kept: below a file no folder can be made, and a folder cannot be read as a file.
func TestDial_PlaysWithoutKeeping(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	nowhere := "/proc/none/known_servers" // there is none, and none can be made
	if runtime.GOOS == "windows" {
		nowhere = filepath.Join(file, "known_servers") // elsewhere opening this fails in another way
	}
	for _, test := range []struct {
		cfg  dial.Config
		want []string // in the reasons, one each
	}{
		{dial.Config{PinFile: folder, SeatDir: filepath.Join(file, "home", "seats")},
			[]string{"read the known servers: read " + folder, "no home folder", "note the seat: mkdir " + file}},
		{dial.Config{PinFile: nowhere}, []string{"store the known servers"}},
		{dial.Config{}, []string{"no home folder"}},
		{dial.Config{PinFile: filepath.Join(t.TempDir(), "known_servers"), SeatDir: t.TempDir()}, nil},
	} {
		f := serveTLS(t, nil, answers(line(welcome())))
		var asked []dial.Question
		var reasons []string
		cfg := test.cfg
		cfg.Address, cfg.Ask = f.address, always(true, &asked)
		cfg.Unkept = func(err error) { reasons = append(reasons, err.Error()) }
		if _, err := join(t, cfg); err != nil {
			t.Errorf("%+v: after yes: %v", test.cfg, err)
		}
		if len(asked) != 1 || len(reasons) != len(test.want) {
			t.Errorf("%+v: %d questions, and the reasons %q; want one question, and %q", test.cfg, len(asked), reasons,
				test.want)
			continue
		}
		for i, want := range test.want {
			if !strings.Contains(reasons[i], want) {
				t.Errorf("%+v: the reason is %q, want %q", test.cfg, reasons[i], want)
			}
		}
	}
}
