package load

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

const manyLoopbacks = true

// How many datagrams go through one system call, and the sizes of the socket's buffers.
const (
	batch        = 32
	socketBuffer = 16 << 20
	datagramSize = 256 // a longer datagram is none of Pong's, and is refused cut short as well as whole
)

// A funnel is one UDP socket for all players. Each of its datagrams says from which address it is to leave (IP_PKTINFO,
// see ip(7)), so that the server sees a host for each player, while neither side has thousands of sockets: those would
// double the server's own cost of sending, because no cache holds them all. The descriptor is outside the
// runtime's poller, and both directions go in batches.
type batchSocket struct {
	fd       int
	epoch    time.Time
	sources  bool
	from, to []address // of each player

	out, in   [batch]packet
	outHeads  [batch]unix.Mmsghdr
	inHeads   [batch]unix.Mmsghdr
	queued    int
	refused   int
	offset    time.Duration // of the wall clock to the epoch's
	calibrate time.Duration // when that is looked at again
}

// address is an IPv4 address and a port, as the kernel wants them.
type address struct {
	ip   [4]byte
	port [2]byte
}

// packet is the room of one datagram.
type packet struct {
	data    [datagramSize]byte
	control [64]byte
	address unix.RawSockaddrInet4
	iov     unix.Iovec
}

// openConduit opens a funnel to an IPv4 server, else a socket for each player.
func openTransport(epoch time.Time, server netip.Addr) (transport, error) {
	if !server.Is4() {
		return newPlayerSockets(epoch), nil
	}
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return nil, fmt.Errorf("game socket: %w", err)
	}
	s := &batchSocket{fd: fd, epoch: epoch, sources: hasSources(server)}
	if err = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1); err == nil {
		err = unix.Bind(fd, &unix.SockaddrInet4{})
	}
	if err != nil {
		unix.Close(fd)
		return nil, fmt.Errorf("game socket: %w", err)
	}
	for _, option := range [][2]int{{unix.SO_RCVBUFFORCE, unix.SO_RCVBUF}, {unix.SO_SNDBUFFORCE, unix.SO_SNDBUF}} {
		if unix.SetsockoptInt(fd, unix.SOL_SOCKET, option[0], socketBuffer) != nil {
			_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, option[1], socketBuffer) // as much as the system allows
		}
	}
	// Without a path MTU to look up a send to one of many peers is cheaper, by 3 to 20 per cent. The datagrams are small.
	_ = unix.SetsockoptInt(fd, unix.IPPROTO_IP, unix.IP_MTU_DISCOVER, unix.IP_PMTUDISC_PROBE)
	s.prepare()
	return s, nil
}

// prepare points the headers at their rooms, once for all.
func (s *batchSocket) prepare() {
	for i := range batch {
		for _, side := range []struct {
			p    *packet
			head *unix.Mmsghdr
		}{{&s.out[i], &s.outHeads[i]}, {&s.in[i], &s.inHeads[i]}} {
			side.p.iov.Base = &side.p.data[0]
			side.head.Hdr.Iov = &side.p.iov
			side.head.Hdr.SetIovlen(1)
			side.head.Hdr.Control = &side.p.control[0]
		}
		p, head := &s.out[i], &s.outHeads[i]
		p.address.Family = unix.AF_INET
		head.Hdr.Name, head.Hdr.Namelen = (*byte)(unsafe.Pointer(&p.address)), unix.SizeofSockaddrInet4
		if !s.sources {
			head.Hdr.Control = nil
			continue
		}
		head.Hdr.SetControllen(unix.CmsgSpace(unix.SizeofInet4Pktinfo))
		c := (*unix.Cmsghdr)(unsafe.Pointer(&p.control[0]))
		c.Level, c.Type = unix.IPPROTO_IP, unix.IP_PKTINFO
		c.SetLen(unix.CmsgLen(unix.SizeofInet4Pktinfo))
	}
}

func (s *batchSocket) add(from netip.Addr, to netip.AddrPort) error {
	source, target := address{}, address{ip: to.Addr().As4()}
	if s.sources {
		source.ip = from.As4()
	}
	binary.BigEndian.PutUint16(target.port[:], to.Port())
	s.from, s.to = append(s.from, source), append(s.to, target)
	return nil
}

func (s *batchSocket) send(i int, datagram []byte) {
	p := &s.out[s.queued]
	p.iov.SetLen(copy(p.data[:], datagram))
	p.address.Addr = s.to[i].ip
	*(*[2]byte)(unsafe.Pointer(&p.address.Port)) = s.to[i].port
	if s.sources {
		info := (*unix.Inet4Pktinfo)(unsafe.Pointer(&p.control[unix.CmsgLen(0)]))
		info.Spec_dst = s.from[i].ip
	}
	if s.queued++; s.queued == batch {
		s.flush()
	}
}

// flush sends what is queued. What the system refuses is lost, as anything on the way may be.
func (s *batchSocket) flush() {
	for from := 0; from < s.queued; {
		n, _, errno := unix.Syscall6(unix.SYS_SENDMMSG, uintptr(s.fd), uintptr(unsafe.Pointer(&s.outHeads[from])),
			uintptr(s.queued-from), 0, 0, 0)
		switch {
		case errno == unix.EINTR:
		case errno != 0: // about the first one
			s.refused++
			from++
		default:
			from += int(n)
		}
	}
	s.queued = 0
}

func (s *batchSocket) receive(deliver func(at time.Duration, datagram []byte)) {
	if now := time.Since(s.epoch); now >= s.calibrate {
		s.offset = time.Duration(time.Now().UnixNano()) - time.Since(s.epoch)
		s.calibrate = now + time.Second
	}
	for {
		for i := range batch {
			s.in[i].iov.SetLen(datagramSize)
			s.inHeads[i].Hdr.SetControllen(len(s.in[i].control))
		}
		n, _, errno := unix.Syscall6(unix.SYS_RECVMMSG, uintptr(s.fd), uintptr(unsafe.Pointer(&s.inHeads[0])),
			batch, unix.MSG_DONTWAIT, 0, 0)
		if errno == unix.EINTR {
			continue
		}
		if errno != 0 {
			return
		}
		now := time.Since(s.epoch)
		for i := range int(n) {
			deliver(s.arrival(i, now), s.in[i].data[:s.inHeads[i].Len])
		}
		if n < batch {
			return
		}
	}
}

// arrival returns when the kernel has got a datagram, or now if it does not say.
func (s *batchSocket) arrival(i int, now time.Duration) time.Duration {
	p := &s.in[i]
	c := (*unix.Cmsghdr)(unsafe.Pointer(&p.control[0]))
	stamped := int(s.inHeads[i].Hdr.Controllen) >= unix.CmsgLen(int(unsafe.Sizeof(unix.Timespec{}))) &&
		c.Level == unix.SOL_SOCKET && c.Type == unix.SCM_TIMESTAMPNS
	if !stamped {
		return now
	}
	at := (*unix.Timespec)(unsafe.Pointer(&p.control[unix.CmsgLen(0)]))
	return min(time.Duration(at.Nano())-s.offset, now)
}

func (s *batchSocket) failed() int { return s.refused }

func (s *batchSocket) close() { unix.Close(s.fd) }

// sleepUntil sleeps to a tenth of a millisecond; the timers of the runtime are good to one.
func sleepUntil(epoch time.Time, at time.Duration) {
	if d := at - time.Since(epoch); d > 0 {
		t := unix.NsecToTimespec(int64(d))
		_ = unix.ClockNanosleep(unix.CLOCK_MONOTONIC, 0, &t, nil) // a signal ends it early, and does no harm
	}
}
