package lab

var bytesUp = Measure{
	Name: "bytes_up", Title: "sent up", Unit: "kB/s",
	Definition: "The bytes that a player sends, encrypted, with 28 bytes of IP and UDP headers for each " +
		"datagram, in units of 1000 bytes per second.",
	Of: func(r *Recording) (float64, []float64, bool) {
		return r.rate(func(s *Side) Volume { return s.Up }), nil, true
	},
}

var bytesDown = Measure{
	Name: "bytes_down", Title: "sent down", Unit: "kB/s",
	Definition: "The bytes that the server sends to a player, counted in the same way as bytes_up.",
	Of: func(r *Recording) (float64, []float64, bool) {
		return r.rate(func(s *Side) Volume { return s.Down }), nil, true
	},
}

// headers is the length of the IPv4 and UDP headers.
const headers = 28

// rate returns the mean data rate of both players in one direction.
func (r *Recording) rate(way func(*Side) Volume) float64 {
	n := 0
	for i := range r.Sides {
		t := way(&r.Sides[i])
		n += t.Bytes + headers*t.Datagrams
	}
	return float64(n) / 2 / 1000 / r.Cell.Length.Seconds()
}
