package dial

import (
	"os"
	"testing"
)

// A seat that was given up leaves no file, and the next process can note one.
func TestSeatNote_ForgottenLeavesNoFile(t *testing.T) {
	cfg := Config{Address: "h.example", Name: "Ann", SeatDir: t.TempDir()}
	for range 2 {
		note, err := noteSeat(cfg)
		if err != nil {
			t.Fatal(err)
		}
		note.keep([]string{"AAAAAAAAAAAAAAAAAAAAAA"})
		note.forget()
		left, err := os.ReadDir(cfg.SeatDir)
		if err != nil || len(left) > 0 {
			t.Fatalf("after a seat was given up the folder has %v, error %v; want nothing", left, err)
		}
	}
}
