package sealed

const (
	// windowBits is how far a packet number may be behind the newest one: 17 s at 60 datagrams a second, far more
	// than any network reorders.
	windowBits = 1024
	blockBits  = 64
	// blockCount has one block more than the window is long, because the newest number may be anywhere in its block.
	// RFC 6479 rounds up to a power of two to index with a mask; a constant modulus costs no more and makes the
	// window exact.
	blockCount = windowBits/blockBits + 1
)

// A replayWindow remembers which packet numbers were received. It is the block ring of RFC 6479: it advances by
// clearing whole blocks and never shifts.
//
//	                 newest-1023          newest
//	refused, too old |  a bit for each     | not yet seen
//	-----------------+---------------------+-----------> number
//
// check and commit are separate, so that a number counts as received only after its datagram has proved authentic. If
// a forged number could move the window, one forged datagram would make it refuse everything that the peer sends
// next.
type replayWindow struct {
	newest uint32
	blocks [blockCount]uint64
}

// check reports whether n may be accepted. It changes nothing.
func (w *replayWindow) check(n uint32) bool {
	if n > w.newest {
		return true
	}
	if w.newest-n >= windowBits {
		return false
	}
	return w.blocks[n/blockBits%blockCount]&(1<<(n%blockBits)) == 0
}

// commit marks n, for which check has just returned true, as received.
func (w *replayWindow) commit(n uint32) {
	if n > w.newest {
		// The blocks that are entered now still hold bits of the last turn of the ring.
		block := w.newest / blockBits
		for range min(n/blockBits-block, blockCount) {
			block++
			w.blocks[block%blockCount] = 0
		}
		w.newest = n
	}
	w.blocks[n/blockBits%blockCount] |= 1 << (n % blockBits)
}
