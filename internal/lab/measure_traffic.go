package lab

var bytesUp = Measure{
	Name: "bytes_up", Title: "sent up", Unit: "kB/s",
	Definition: "What a player sends, encrypted, with 28 bytes of IP and UDP headers for each datagram, in units of 1000 bytes a second.",
	Of: func(r *Recording) (float64, []float64, bool) {
		return r.rate(func(s *Side) Volume { return s.Up }), nil, true
	},
}

var bytesDown = Measure{
	Name: "bytes_down", Title: "sent down", Unit: "kB/s",
	Definition: "What the server sends to a player; otherwise as bytes_up.",
	Of: func(r *Recording) (float64, []float64, bool) {
		return r.rate(func(s *Side) Volume { return s.Down }), nil, true
	},
}

// headers are those of IPv4 and UDP.
const headers = 28

// rate is the mean of both players' traffic in one direction.
func (r *Recording) rate(way func(*Side) Volume) float64 {
	n := 0
	for i := range r.Sides {
		t := way(&r.Sides[i])
		n += t.Bytes + headers*t.Datagrams
	}
	return float64(n) / 2 / 1000 / r.Cell.Length.Seconds()
}
