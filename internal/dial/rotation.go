package dial

import (
	"crypto/tls"
	"fmt"
	"time"

	"pong/internal/client"
	"pong/internal/trust"
)

// followRotation moves the pin of a server that has rotated its identity, and tells the person. That the pin cannot be
// moved is no reason not to play: the server proves the same the next time.
func followRotation(now time.Time, cfg Config, address string, conn *tls.Conn) {
	if cfg.PinFile == "" {
		return
	}
	moved, err := trust.NewPins(cfg.PinFile).Follow(now, address, conn.ConnectionState().PeerCertificates)
	if !moved || cfg.Tell == nil {
		return
	}
	news := fmt.Sprintf("The server %s has changed its identity, and the one that you know vouches for the new one.", address)
	if err != nil {
		news += fmt.Sprintf(" It could not be remembered: %v.", err)
	} else {
		news += " It is remembered from now on; pong trust list shows it."
	}
	cfg.Tell(news)
}

// remember passes on what the person is told, and keeps it for the Frame.
func remember(news *string, tell func(string)) func(string) {
	return func(text string) {
		*news = text
		if tell != nil {
			tell(text)
		}
	}
}

// withNews puts news before the sentence of a view, as long as there is time to read: before the first game.
func withNews(v client.Frame, news string) client.Frame {
	if news != "" && (v.Stage == client.StageWaiting || v.Stage == client.StageReady) {
		v.Notice = news + " " + v.Notice
	}
	return v
}
