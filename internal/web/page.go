package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/andybalholm/brotli"
)

//go:embed assets
var embedded embed.FS

// wasm is the client, as make wasm compiles it.
const wasm = "pong.wasm"

// The pace of downloads while matches are played: what they take of the server's upstream.
const (
	pacedRate  = 512 << 10 // bytes a second, of all pages together
	pacedChunk = 16 << 10
)

// writeTimeout is how long a browser may take to read a response.
const writeTimeout = time.Minute

// policy allows the page nothing that does not come from this server.
const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; " +
	"connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; " +
	"frame-ancestors 'none'"

// An asset is a file of the page in the ways in which it can be sent.
type asset struct {
	kind, tag string
	plain     []byte // nil if there is only the compressed form
	brotli    []byte
	gzip      func() []byte
}

// assets are the files of the page, by their paths.
var assets = sync.OnceValue(func() map[string]*asset {
	all := make(map[string]*asset)
	files, _ := fs.ReadDir(embedded, "assets")
	for _, f := range files {
		text, _ := embedded.ReadFile("assets/" + f.Name())
		all["/"+strings.TrimSuffix(f.Name(), ".br")] = newAsset(f.Name(), text)
	}
	all["/"] = all["/index.html"]
	replay := newAsset("index.html", replayPage(all["/"].plain))
	all["/replay"], all["/replay/"], all["/replay/index.html"] = replay, replay, replay
	return all
})

// replayPage returns the page of a recording, which is the page itself in a folder of its own.
func replayPage(index []byte) []byte {
	return []byte(strings.NewReplacer(`href="`, `href="../`, `src="`, `src="../`).Replace(string(index)))
}

// newAsset returns an asset of a file.
func newAsset(file string, text []byte) *asset {
	sum := sha256.Sum256(text)
	a := &asset{tag: `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`}
	name, packed := strings.CutSuffix(file, ".br")
	if packed {
		a.brotli = text
	} else {
		a.plain = text
	}
	a.kind = mimeType(name)
	a.gzip = sync.OnceValue(a.pack)
	return a
}

func mimeType(name string) string {
	switch path.Ext(name) {
	case ".wasm":
		return "application/wasm"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".webmanifest":
		return "application/manifest+json"
	}
	return mime.TypeByExtension(path.Ext(name))
}

// pack returns the file in gzip.
func (a *asset) pack() []byte {
	var packed bytes.Buffer
	var from io.Reader = bytes.NewReader(a.plain)
	if a.plain == nil {
		from = brotli.NewReader(bytes.NewReader(a.brotli))
	}
	to := gzip.NewWriter(&packed)
	_, _ = io.Copy(to, from)
	_ = to.Close()
	return packed.Bytes()
}

// handler returns the handler of HTTPS.
func (s *Server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+PlayPath, s.serveWebSocket)
	mux.HandleFunc("GET /hash", s.serveHash)
	mux.HandleFunc("GET /", s.serveAsset)
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		h := rw.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		mux.ServeHTTP(rw, r)
	})
}

// serveHash serves what the page needs to know of the server: the hashes of the certificates of HTTP/3, the one that is
// shown now and the next one, the identity, and whether browsers may trust the certificate.
func (s *Server) serveHash(rw http.ResponseWriter, _ *http.Request) {
	current, next, err := s.leaves.at(time.Now())
	if err != nil {
		http.Error(rw, "no certificate", http.StatusInternalServerError)
		return
	}
	var hashes []string
	for _, c := range []*[sha256.Size]byte{new(hashOf(current)), new(hashOf(next))} {
		hashes = append(hashes, base64.StdEncoding.EncodeToString(c[:]))
	}
	rw.Header().Set("Content-Type", "application/json")
	rw.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(rw).Encode(map[string]any{
		"sha256": hashes, "identity": s.cfg.Identity(), "public": s.cfg.Public != nil && s.cfg.Public(),
	})
}

// serveAsset serves a file of the page.
func (s *Server) serveAsset(rw http.ResponseWriter, r *http.Request) {
	a := assets()[r.URL.Path]
	if a == nil {
		http.NotFound(rw, r)
		return
	}
	h := rw.Header()
	h.Set("Content-Type", a.kind)
	h.Set("Cache-Control", "no-cache") // a server with another version may have other files
	h.Set("ETag", a.tag)
	h.Add("Vary", "Accept-Encoding")
	if r.Header.Get("If-None-Match") == a.tag {
		rw.WriteHeader(http.StatusNotModified)
		return
	}
	body := a.plain
	switch accepts := r.Header.Get("Accept-Encoding"); {
	case a.brotli != nil && strings.Contains(accepts, "br"):
		body = a.brotli
		h.Set("Content-Encoding", "br")
	case strings.Contains(accepts, "gzip"):
		body = a.gzip()
		h.Set("Content-Encoding", "gzip")
	case body == nil:
		http.Error(rw, "this file is sent in gzip or brotli only", http.StatusNotAcceptable)
		return
	}
	s.send(rw, r, body)
}

// send sends a body, at a pace while matches are played. The time for which the pace has it wait is not the browser's,
// and does not count for the time that a response may take.
func (s *Server) send(rw http.ResponseWriter, r *http.Request, body []byte) {
	late, control := time.Now().Add(writeTimeout), http.NewResponseController(rw)
	for len(body) > 0 {
		part := body[:min(len(body), pacedChunk)]
		if s.cfg.Playing == nil || s.cfg.Playing() {
			began := time.Now()
			if s.pace.WaitN(r.Context(), len(part)) != nil {
				return
			}
			late = late.Add(time.Since(began))
			_ = control.SetWriteDeadline(late) // an error is that of Write, too
		}
		if _, err := rw.Write(part); err != nil {
			return
		}
		body = body[len(part):]
	}
}
