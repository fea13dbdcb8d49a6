package dial

// Kill ends a client as the death of its process does: no word to the server, and the note of its seat stays. For tests.
func (c *Client) Kill() {
	c.stopRedial(false)
	c.conn.close(false)
	c.seat.release()
}
