package client

import (
	"context"
	"errors"
	"time"

	"pong/internal/game"
)

type ViewMode uint8

const (
	ViewPredict ViewMode = iota
	ViewInterp
)

type Question struct{ Host, Fingerprint string }

type Config struct {
	Address, Name, Trust, Via string
	View                      ViewMode
	PinFile                   string
	Ask                       func(ctx context.Context, q Question) bool
}

type Client struct{}

func Dial(ctx context.Context, cfg Config) (*Client, error)   { return nil, errors.New("not yet") }
func (c *Client) Update(now time.Time, in game.Input)         {}
func (c *Client) View(now time.Time) View                     { return View{} }
func (c *Client) Rematch()                                    {}
func (c *Client) SetView(m ViewMode)                          {}
func (c *Client) Close() error                                { return nil }
