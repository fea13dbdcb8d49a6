package web

import (
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// A download is a browser that reads as fast as it can.
type download struct {
	*httptest.ResponseRecorder
	late time.Time // until when it may read
	cut  bool      // it read later
}

func (d *download) SetWriteDeadline(late time.Time) error {
	d.late = late
	return nil
}

func (d *download) Write(b []byte) (int, error) {
	d.cut = d.cut || time.Now().After(d.late)
	return d.ResponseRecorder.Write(b)
}

// While matches are played, all downloads together take no more of the upstream than the pace, and none is cut off
// because it had to wait. Otherwise they wait for nothing.
func TestSend_IsPacedWhileMatchesArePlayed(t *testing.T) {
	const each = 2 << 20
	const page = each / pacedRate * time.Second
	for name, test := range map[string]struct {
		playing  bool
		pages    int
		min, max time.Duration
	}{
		"one page":     {true, 1, page * 9 / 10, page + time.Second},
		"fifty pages":  {true, 50, 50 * page * 9 / 10, 50*page + time.Second},
		"nobody plays": {false, 50, 0, 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := New(Config{Control: &net.TCPAddr{}, Playing: func() bool { return test.playing }})
			body, began := make([]byte, each), time.Now()
			pages := make([]*download, test.pages)
			var all sync.WaitGroup
			for i := range pages {
				pages[i] = &download{ResponseRecorder: httptest.NewRecorder(), late: began.Add(writeTimeout)}
				all.Go(func() { s.send(pages[i], httptest.NewRequest(http.MethodGet, "/", nil), body) })
			}
			all.Wait()
			if took := time.Since(began); took < test.min || took > test.max {
				t.Errorf("%s: sending took %v, want %v to %v", name, took, test.min, test.max)
			}
			for i, p := range pages {
				if p.Body.Len() != each || p.cut {
					t.Errorf("%s: page %d has %d bytes of %d, cut off: %v", name, i, p.Body.Len(), each, p.cut)
				}
			}
		})
	}
}
