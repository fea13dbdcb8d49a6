package netsim

import (
	"math/bits"
	"time"
)

// A roll is one decision about a packet, a spell or a stall. Each has its own stream of random numbers.
type roll int

const (
	rollLoss roll = iota
	rollJitter
	rollSpike
	rollSpikeLength
	rollCorrupt
	rollBit
	rollReorder
	rollOvertakers
	rollDuplicate
	rollCopyJitter
	rollSpell
	rollStall
	rollStallLength
	rolls
)

// dice are random numbers indexed by packet and decision: SplitMix64 (Steele, Lea and Flood, "Fast splittable
// pseudorandom number generators", 2014), whose n-th output is a function of n. With a sequential generator, one more
// number drawn by one feature would change everything that happens to later packets.
//
// Results are integers and exact comparisons of floats, so they are the same on every machine.
type dice struct {
	streams [rolls]uint64
	packet  uint64
}

const golden = 0x9e3779b97f4a7c15

func newDice(seed uint64) dice {
	var d dice
	for r := range d.streams {
		d.streams[r] = subSeed(seed, uint64(r))
	}
	return d
}

// subSeed derives the n-th of many unrelated seeds from one.
func subSeed(seed, n uint64) uint64 { return mix(mix(seed+golden) ^ mix(n)) }

func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// next goes on to the next packet.
func (d *dice) next() { d.packet++ }

// at returns number n of a stream.
func (d *dice) at(r roll, n uint64) uint64 { return mix(d.streams[r] + n*golden) }

func (d *dice) roll(r roll) uint64 { return d.at(r, d.packet) }

// unit returns a number in [0, 1).
func (d *dice) unit(r roll) float64 { return d.unitAt(r, d.packet) }

func (d *dice) unitAt(r roll, n uint64) float64 { return float64(d.at(r, n)>>11) * 0x1p-53 }

func (d *dice) chance(r roll, probability float64) bool {
	return probability > 0 && d.unit(r) < probability
}

// below returns a number in [0, n).
func (d *dice) below(r roll, n uint64) uint64 { return d.belowAt(r, d.packet, n) }

func (d *dice) belowAt(r roll, i, n uint64) uint64 {
	high, _ := bits.Mul64(d.at(r, i), n)
	return high
}

// normal returns a number with mean 0 and the given standard deviation: the sum of twelve uniform ones. Its
// distribution function is within 0.0024 of the normal one everywhere, and it is never beyond six deviations.
// Logarithms and cosines would differ in the last bit between machines.
func (d *dice) normal(r roll, deviation time.Duration) time.Duration {
	const one = 1 << 16 // the standard deviation of twelve numbers below 65536, added
	sum := int64(0)
	z := d.roll(r)
	for range 3 {
		sum += int64(z&0xffff + z>>16&0xffff + z>>32&0xffff + z>>48)
		z = mix(z + golden)
	}
	return deviation * time.Duration(sum-6*(one-1)) / one
}
