package netsim

import "time"

// A packet is in flight. Its times count from the link's start.
type packet struct {
	sent, at time.Duration
	data     []byte
}

// fifo holds packets in the order in which they were pushed.
type fifo struct {
	packets []packet
	head    int // index of the first packet
}

func (q *fifo) len() int { return len(q.packets) - q.head }

func (q *fifo) first() packet { return q.packets[q.head] }

// push moves the packets to the front of their array instead of letting it grow if at least half of it is free. So it
// moves at most one packet for each packet pushed.
func (q *fifo) push(p packet) {
	if len(q.packets) == cap(q.packets) && 2*q.head >= len(q.packets) {
		n := copy(q.packets, q.packets[q.head:])
		q.packets, q.head = q.packets[:n], 0
	}
	q.packets = append(q.packets, p)
}

func (q *fifo) pop() packet {
	p := q.packets[q.head]
	q.head++
	if q.head == len(q.packets) {
		q.packets, q.head = q.packets[:0], 0
	}
	return p
}
