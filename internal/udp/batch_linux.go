package udp

import (
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// batchSize is how many datagrams one system call sends or receives at most. Eight have nearly all of the gain. The
// bound keeps a call short, because it delays the garbage collector.
const batchSize = 64

// A batchSocket is a Socket that sends and receives many datagrams with each system call. The runtime's poller does not
// know its descriptor, so that no datagram wakes a thread; the kernel records when each arrived. Only Wait blocks.
type batchSocket struct {
	fd      int
	ipv6    bool // the socket is an IPv6 one, with IPv4 addresses mapped into IPv6
	anyAddr bool // bound to all addresses of the machine
	local   net.Addr
	timer   *timer

	drained time.Time // when nothing was left to receive
	now     time.Time // of the latest receive
	wall    int64     // the same by the clock of the kernel's time stamps, in nanoseconds

	zones zones

	// The packet info that came with most recent datagrams is almost always that of the next one, too.
	infos   bool // datagrams have a packet info
	info    packetInfo
	infoLen int        // of all control messages that it came with; 0 if there is none yet
	to      netip.Addr // the address in it

	in, out messages
	arrived [batchSize]Datagram
	sources [batchSize]packetInfo // of the messages of out
	queued  int                   // messages in out
	refused int
}

// messages are the messages of a recvmmsg or sendmmsg, with everything that they point to.
type messages struct {
	headers [batchSize]mmsghdr
	vectors [batchSize]unix.Iovec
	names   [batchSize]unix.RawSockaddrInet6 // large enough for either family
	control [batchSize]control
	data    [batchSize][MaxDatagram]byte
}

// mmsghdr is struct mmsghdr of the C library.
type mmsghdr struct {
	unix.Msghdr
	n uint32
}

// timestamp is the control message of SO_TIMESTAMPNS.
type timestamp struct {
	unix.Cmsghdr
	at unix.Timespec
}

// control has the control messages of a datagram that arrives, in the order of the kernel. The time stamp is missing
// from the first ones: the kernel turns stamps on in the background.
type control struct {
	stamp timestamp
	info  packetInfo // if it was requested
}

// packetInfo is the control message of IPV6_PKTINFO, or of IP_PKTINFO, which is shorter. It has the address that a
// datagram was sent to, or is to be sent from.
type packetInfo struct {
	unix.Cmsghdr
	info [unix.SizeofInet6Pktinfo + 4]byte // and padding
}

// Listen opens a socket. With port 0 the system chooses a free port. Every kernel that Go supports has time stamps,
// batches and the timer, but a seccomp filter or another program that plays the kernel may refuse them. Then the socket
// is one of the Go runtime, and Fallback returns why.
func Listen(host string, port int) (Socket, error) {
	conn, err := listenUDP(host, port)
	if err != nil {
		return nil, err
	}
	return batchOrPortable(conn, realKernel), nil
}

// batchOrPortable makes a Socket that uses what the kernel grants.
func batchOrPortable(conn *net.UDPConn, kernel kernel) Socket {
	b, err := newBatchSocket(conn, kernel)
	if err != nil {
		return newConnSocket(conn, err)
	}
	if b.anyAddr {
		b.infos = requestPacketInfo(uintptr(b.fd), b.ipv6) == nil
	}
	return b
}

// A kernel makes the system calls that are tried at the start. Tests replace it.
type kernel struct {
	mmsg       func(number uintptr, fd int) syscall.Errno // recvmmsg or sendmmsg of no message
	timestamps func(fd int) error
	timer      func() (*timer, error)
}

var realKernel = kernel{
	mmsg: func(number uintptr, fd int) syscall.Errno {
		var none mmsghdr
		_, _, errno := unix.RawSyscall6(number, uintptr(fd), uintptr(unsafe.Pointer(&none)), 0, unix.MSG_DONTWAIT, 0, 0)
		return errno
	},
	timestamps: func(fd int) error { return unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1) },
	timer:      newTimer,
}

// ListenIPv4 opens an IPv4 socket on all addresses of the machine, on a free port, with receive and send buffers of the
// given size. It is for a process that plays many hosts: IPv4 alone, because the kernel treats an IPv4 address mapped
// into IPv6 at extra cost.
func ListenIPv4(buffer int) (Socket, error) {
	conn, err := net.ListenUDP("udp4", nil)
	if err != nil {
		return nil, err
	}
	b, err := newBatchSocket(conn, realKernel)
	if err != nil {
		_ = conn.SetReadBuffer(buffer)
		_ = conn.SetWriteBuffer(buffer)
		return newConnSocket(conn, err), nil
	}
	for _, option := range [][2]int{{unix.SO_RCVBUFFORCE, unix.SO_RCVBUF}, {unix.SO_SNDBUFFORCE, unix.SO_SNDBUF}} {
		if unix.SetsockoptInt(b.fd, unix.SOL_SOCKET, option[0],
			buffer) != nil { // only root may exceed the system's limit
			_ = unix.SetsockoptInt(b.fd, unix.SOL_SOCKET, option[1], buffer)
		}
	}
	return b, nil
}

// newBatchSocket takes a socket over from the Go runtime. If it fails, conn can still be used.
func newBatchSocket(conn *net.UDPConn, kernel kernel) (*batchSocket, error) {
	b := &batchSocket{local: conn.LocalAddr(), zones: make(zones), fd: -1}
	raw, err := conn.SyscallConn()
	if err != nil {
		return nil, err
	}
	var failed error
	if err := raw.Control(func(fd uintptr) { failed = b.open(int(fd), kernel) }); err != nil {
		return nil, err
	}
	if failed == nil {
		b.timer, failed = kernel.timer()
	}
	if failed != nil {
		if b.fd >= 0 {
			unix.Close(b.fd)
		}
		return nil, failed
	}
	conn.Close() // removes it from the poller, which each datagram would wake; the duplicate stays open
	b.in.link()
	b.out.link()
	for i := range b.in.headers {
		b.in.vectors[i].SetLen(MaxDatagram)
		b.in.headers[i].Control = (*byte)(unsafe.Pointer(&b.in.control[i]))
	}
	b.drained = time.Now()
	return b, nil
}

// open duplicates the descriptor, sets its options and tries the system calls. A filter goes by their numbers, so that
// it refuses a call for no message, too.
func (b *batchSocket) open(fd int, kernel kernel) (err error) {
	if b.fd, err = unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 0); err != nil {
		return fmt.Errorf("dup: %w", err)
	}
	name, err := unix.Getsockname(fd)
	if err != nil {
		return fmt.Errorf("getsockname: %w", err)
	}
	switch bound := name.(type) {
	case *unix.SockaddrInet6:
		b.ipv6, b.anyAddr = true, bound.Addr == [16]byte{}
	case *unix.SockaddrInet4:
		b.anyAddr = bound.Addr == [4]byte{}
	}
	if err := kernel.timestamps(fd); err != nil {
		return fmt.Errorf("SO_TIMESTAMPNS: %w", err)
	}
	if errno := kernel.mmsg(unix.SYS_RECVMMSG, fd); errno != 0 {
		return fmt.Errorf("recvmmsg: %w", errno)
	}
	if errno := kernel.mmsg(unix.SYS_SENDMMSG, fd); errno != 0 {
		return fmt.Errorf("sendmmsg: %w", errno)
	}
	// The datagrams fit every path in one piece. With PROBE the kernel neither looks up nor stores the MTU of each
	// path, which saves up to a fifth of a send with many peers. It is only for speed, so an error does not matter.
	_ = unix.SetsockoptInt(fd, unix.IPPROTO_IP, unix.IP_MTU_DISCOVER, unix.IP_PMTUDISC_PROBE)
	if b.ipv6 {
		_ = unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_MTU_DISCOVER, unix.IPV6_PMTUDISC_PROBE)
	}
	return nil
}

// link makes the messages point to their memory.
func (e *messages) link() {
	for i := range e.headers {
		e.vectors[i].Base = &e.data[i][0]
		h := &e.headers[i]
		h.Name = (*byte)(unsafe.Pointer(&e.names[i]))
		h.Iov = &e.vectors[i]
		h.SetIovlen(1)
	}
}

// Wait waits until a time or for Wake. A datagram does not end it: an input counts at its tick, and the kernel stamps
// its time of arrival.
func (b *batchSocket) Wait(until time.Time) error { return b.timer.Wait(until) }

// Receive receives the datagrams that have arrived.
func (b *batchSocket) Receive(take func([]Datagram)) error {
	for range maxReceived / batchSize {
		n, err := b.receive(take)
		if err != nil || n < batchSize {
			b.drained = b.now
			return err
		}
	}
	return nil
}

// receive receives the datagrams of one system call.
func (b *batchSocket) receive(take func([]Datagram)) (int, error) {
	in := &b.in
	for i := range in.headers {
		h := &in.headers[i]
		h.Namelen = uint32(unsafe.Sizeof(in.names[i]))
		h.SetControllen(int(unsafe.Sizeof(in.control[i])))
	}
	n, errno := b.call(unix.SYS_RECVMMSG, &in.headers[0], batchSize)
	b.now = time.Now()
	b.wall = b.now.UnixNano()
	switch errno {
	case 0:
	case unix.EAGAIN, unix.EINTR:
		return 0, nil
	case unix.EBADF, unix.ENOTSOCK:
		return 0, fmt.Errorf("recvmmsg: %w", net.ErrClosed)
	default: // such as ECONNREFUSED from a client that is gone: a hint about one address, which is returned only once
		return batchSize, nil
	}
	for i := range n {
		b.arrived[i] = Datagram{b.arrival(i), b.sender(i), b.destination(i), in.data[i][:in.headers[i].n]}
	}
	take(b.arrived[:n])
	return n, nil
}

// call makes a system call with n messages from first on. It does not block and its work is bounded, so the scheduler
// need not know of it.
func (b *batchSocket) call(number uintptr, first *mmsghdr, n int) (int, syscall.Errno) {
	r, _, errno := unix.RawSyscall6(number, uintptr(b.fd), uintptr(unsafe.Pointer(first)), uintptr(n),
		unix.MSG_DONTWAIT, 0, 0)
	return int(r), errno
}

// arrival returns when message i arrived. The kernel's time stamp is of a clock that can be set, so it serves to
// compute the age of the message, which is limited to the time since nothing was left to receive. A step of that clock
// then misplaces only the messages since that time, and by no more than that.
func (b *batchSocket) arrival(i int) time.Time {
	s := &b.in.control[i].stamp
	if b.in.headers[i].Controllen < unix.SizeofCmsghdr || s.Level != unix.SOL_SOCKET || s.Type != unix.SCM_TIMESTAMPNS {
		return b.now
	}
	age := time.Duration(b.wall - s.at.Nano())
	return b.now.Add(-min(max(age, 0), b.now.Sub(b.drained)))
}

// sender returns the source address of message i, an IPv4 address as such.
func (b *batchSocket) sender(i int) netip.AddrPort {
	name := &b.in.names[i]
	port := binary.BigEndian.Uint16((*[2]byte)(unsafe.Pointer(&name.Port))[:]) // at the same place in both families
	if name.Family == unix.AF_INET {
		return netip.AddrPortFrom(netip.AddrFrom4((*unix.RawSockaddrInet4)(unsafe.Pointer(name)).Addr), port)
	}
	a := netip.AddrFrom16(name.Addr).Unmap()
	if name.Scope_id != 0 && a.Is6() {
		a = a.WithZone(b.zones.name(name.Scope_id))
	}
	return netip.AddrPortFrom(a, port)
}

// destination returns the address of this machine that message i was sent to; an invalid one if it is not known.
func (b *batchSocket) destination(i int) netip.Addr {
	if !b.infos {
		return netip.Addr{}
	}
	c, n := &b.in.control[i], int(b.in.headers[i].Controllen)
	if n == b.infoLen && c.info == b.info {
		return b.to
	}
	all := unsafe.Slice((*byte)(unsafe.Pointer(c)), unsafe.Sizeof(*c))
	to := b.zones.add(parsePacketInfo(all[:min(n, len(all))]))
	if n > int(unsafe.Sizeof(c.stamp))+unix.SizeofCmsghdr { // so c.info has been written
		b.info, b.infoLen, b.to = c.info, n, to
	}
	return to
}

// Send queues a datagram.
func (b *batchSocket) Send(from netip.Addr, to netip.AddrPort, datagram []byte) {
	i, out := b.queued, &b.out
	name := &out.names[i]
	if b.ipv6 {
		*name = unix.RawSockaddrInet6{Family: unix.AF_INET6, Addr: to.Addr().As16(),
			Scope_id: b.zones.index(to.Addr().Zone())}
		out.headers[i].Namelen = unix.SizeofSockaddrInet6
	} else {
		if !to.Addr().Is4() {
			b.refused++
			return
		}
		*(*unix.RawSockaddrInet4)(unsafe.Pointer(name)) = unix.RawSockaddrInet4{Family: unix.AF_INET,
			Addr: to.Addr().As4()}
		out.headers[i].Namelen = unix.SizeofSockaddrInet4
	}
	binary.BigEndian.PutUint16((*[2]byte)(unsafe.Pointer(&name.Port))[:], to.Port())
	b.setSource(i, from)
	out.vectors[i].SetLen(copy(out.data[i][:], datagram))
	if b.queued++; b.queued == batchSize {
		b.flush()
	}
}

// setSource sets the address that message i is sent from. The kernel would choose one by the route to the receiver, and
// on a machine with several addresses that may not be the one that the client knows. The interface of a link-local
// address belongs to it; the kernel chooses every other.
func (b *batchSocket) setSource(i int, from netip.Addr) {
	h, s := &b.out.headers[i], &b.sources[i]
	h.Control = nil
	h.SetControllen(0)
	if !b.anyAddr || !from.IsValid() || !b.ipv6 && !from.Is4() {
		return
	}
	size := unix.SizeofInet6Pktinfo
	if b.ipv6 {
		s.Level, s.Type = unix.IPPROTO_IPV6, unix.IPV6_PKTINFO
		*(*unix.Inet6Pktinfo)(unsafe.Pointer(&s.info)) = unix.Inet6Pktinfo{Addr: from.As16(),
			Ifindex: b.zones.index(from.Zone())}
	} else {
		size = unix.SizeofInet4Pktinfo
		s.Level, s.Type = unix.IPPROTO_IP, unix.IP_PKTINFO
		*(*unix.Inet4Pktinfo)(unsafe.Pointer(&s.info)) = unix.Inet4Pktinfo{Spec_dst: from.As4()}
	}
	s.SetLen(unix.CmsgLen(size))
	h.Control = (*byte)(unsafe.Pointer(s))
	h.SetControllen(unix.CmsgSpace(size))
}

// Flush sends the queued datagrams.
func (b *batchSocket) Flush() (refused int) {
	b.flush()
	refused, b.refused = b.refused, 0
	return refused
}

func (b *batchSocket) flush() {
	for sent := 0; sent < b.queued; {
		n, errno := b.call(unix.SYS_SENDMMSG, &b.out.headers[sent], b.queued-sent)
		switch errno {
		case 0:
			sent += n
		case unix.EINTR:
		case unix.EAGAIN: // the send buffer is full; waiting would delay all ticks
			b.refused += b.queued - sent
			sent = b.queued
		default:
			if h := &b.out.headers[sent]; h.Control != nil && sourceIsGone(errno) {
				h.Control = nil // the kernel chooses
				h.SetControllen(0)
				continue
			}
			b.refused++ // the first one cannot be sent and is lost, as it might be on the way
			sent++
		}
	}
	b.queued = 0
}

// Clock reads the CPU time of the thread. The scheduler does not know of this system call, or it would wake its monitor
// thread at each tick of a server that has little to do.
func (b *batchSocket) Clock() time.Duration {
	var t unix.Timespec // stays 0 without this clock, which every Linux has
	_, _, _ = unix.RawSyscall(unix.SYS_CLOCK_GETTIME, unix.CLOCK_THREAD_CPUTIME_ID, uintptr(unsafe.Pointer(&t)), 0)
	return time.Duration(t.Nano())
}

// Wake ends the Wait that is running, or else the next one.
func (b *batchSocket) Wake() { b.timer.Wake() }

// LocalAddr returns the address that the socket is bound to.
func (b *batchSocket) LocalAddr() net.Addr { return b.local }

// Close closes the descriptors. No other method may be running.
func (b *batchSocket) Close() error {
	if err := b.timer.Close(); err != nil { // already closed
		return err
	}
	return unix.Close(b.fd)
}
