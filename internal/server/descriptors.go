package server

import (
	"errors"
	"sync/atomic"
	"time"
)

// descriptors keep the connections of clients that have joined below the number of files that the system lets the
// process open. Some are kept in reserve for connections that have not joined, so that a client for which there is none
// left can still be sent an ERROR that says so.
type descriptors struct {
	most int64 // connections of clients that have joined; 0 without a limit
	held atomic.Int64
	ran  atomic.Int64 // when Accept found none left, in nanoseconds since 1970; 0: never
}

// The share of descriptors that is not for clients that have joined.
const (
	ownDescriptors   = 16 // of the process: standard files, the poller, the control and admin ports, certificates
	shardDescriptors = 4  // of each shard: its socket, its timer and what wakes it
	leastJoined      = 4  // with fewer there would be no match
)

// newDescriptors returns the descriptors of a server, for a limit on the files of the process; 0 means none.
func newDescriptors(limit, shards int) *descriptors {
	if limit == 0 {
		return &descriptors{}
	}
	own := ownDescriptors + shardDescriptors*shards
	return &descriptors{most: int64(max(limit-own-min(limit/4, maxPending), leastJoined))}
}

// errDescriptors refuses a client because its connection would be one of the reserve.
var errDescriptors = errors.New("no seat is free: the server can open no more connections. Try again later, or ask " +
	"its operator to raise the limit on open files")

// take counts the connection of a client that joins. It returns false if the client must be refused. A client that
// resumes is counted only, because its seat is already taken.
func (d *descriptors) take(resumes bool) bool {
	if n := d.held.Add(1); d.most == 0 || n <= d.most || resumes {
		return true
	}
	d.held.Add(-1)
	return false
}

// give counts a connection that has been closed.
func (d *descriptors) give() { d.held.Add(-1) }

// ranOut notes that the system had no descriptor for a connection.
func (d *descriptors) ranOut(now time.Time) { d.ran.Store(now.UnixNano()) }

// short reports whether no more clients can join, or the system had no descriptor lately.
func (d *descriptors) short(now time.Time) bool {
	return d.most != 0 && d.held.Load() >= d.most || now.Sub(time.Unix(0, d.ran.Load())) < statusEvery
}
