package admin

import (
	"crypto/sha256"
	"crypto/subtle"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// The limits on wrong tokens. While there are too many, no token is compared.
const (
	wrongTokens      = rate.Limit(1) // a second
	wrongTokensBurst = 5
)

// A tokenCheck lets requests pass that have the token of the operator.
type tokenCheck struct {
	digest [sha256.Size]byte
	log    *slog.Logger
	logs   rate.Sometimes

	mu    sync.Mutex    // held while a token is compared, so that no more are than the limit says
	wrong *rate.Limiter // of tokens that were wrong
}

func newTokenCheck(token string, log *slog.Logger) *tokenCheck {
	return &tokenCheck{
		digest: sha256.Sum256([]byte(token)), log: log, logs: rate.Sometimes{First: 1, Interval: 10 * time.Second},
		wrong: rate.NewLimiter(wrongTokens, wrongTokensBurst),
	}
}

// status returns 200 for a request with the token, 401 for one with another token or without one, and 429 for one
// whose token was not compared because too many others were wrong.
func (c *tokenCheck) status(r *http.Request) int {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return http.StatusUnauthorized
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.wrong.Tokens() < 1 {
		return http.StatusTooManyRequests
	}
	digest := sha256.Sum256([]byte(token))
	if subtle.ConstantTimeCompare(digest[:], c.digest[:]) == 1 {
		return http.StatusOK
	}
	c.wrong.Allow()
	c.logs.Do(func() { c.log.Warn("an admin request has a wrong token", slog.String("from", r.RemoteAddr)) })
	return http.StatusUnauthorized
}

// before serves requests with the token by next.
func (c *tokenCheck) before(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch status := c.status(r); status {
		case http.StatusOK:
			next.ServeHTTP(w, r)
		case http.StatusTooManyRequests:
			w.Header().Set("Retry-After", "1")
			refuse(w, status, "Too many wrong tokens: try again in a second.")
		default:
			w.Header().Set("WWW-Authenticate", "Bearer")
			refuse(w, status, "This needs the token whose file the server has named at its start: "+
				"Authorization: Bearer TOKEN.")
		}
	})
}
