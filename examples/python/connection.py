"""The two channels on their sockets: Control is TLS over TCP, Game is sealed datagrams over UDP.

Only connect() blocks: a program asks select() which socket has data, and then calls receive().
"""

import select
import socket
import time

from OpenSSL import SSL

import control
import sealed
import trust
import wire


def clock():
    """Microseconds of this machine's monotonic clock, wrapping at 2^32."""
    return time.monotonic_ns() // 1000 & 0xFFFFFFFF


class ConnectionLost(Exception):
    """The server cannot be reached, or the connection was lost."""


class Control:
    """The control channel, to a server that has been identified."""

    def __init__(self, host, port, wanted, within=10.0):
        """Connects. Raises ConnectionLost, or trust.Untrusted before a line has been sent."""
        deadline = time.monotonic() + within
        try:
            self.socket = socket.create_connection((host, port), timeout=within)
        except OSError as err:
            raise ConnectionLost(f"connect to {host} port {port}: {err}") from None
        self.address = self.socket.getpeername()
        self.socket.setblocking(False)
        self._tls = SSL.Connection(self._context(), self.socket)
        if not host.replace(".", "").isdigit() and ":" not in host:
            self._tls.set_tlsext_host_name(host.encode())
        self._tls.set_connect_state()
        self._received = b""
        try:
            self._shake_hands(deadline)
            chain = self._tls.get_peer_cert_chain() or []
            trust.check([certificate.to_cryptography() for certificate in chain], wanted)
        except BaseException:
            self.socket.close()
            raise

    @staticmethod
    def _context():
        context = SSL.Context(SSL.TLS_METHOD)
        context.set_min_proto_version(SSL.TLS1_3_VERSION)
        context.set_alpn_protos([control.ALPN])
        # OpenSSL's own check would look for a signer of the server's identity, which has none. trust.check checks it.
        context.set_verify(SSL.VERIFY_NONE, lambda *_: True)
        return context

    def _shake_hands(self, deadline):
        while True:
            try:
                self._tls.do_handshake()
                break
            except SSL.WantReadError:
                self._wait(deadline)
            except (SSL.Error, OSError) as err:
                raise ConnectionLost(f"TLS handshake: {_reason(err)}") from None
        if self._tls.get_alpn_proto_negotiated() != control.ALPN:
            raise ConnectionLost("this is no Pong server: it does not speak pong/1")

    def _wait(self, deadline):
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([self.socket], [], [], left)[0]:
            raise ConnectionLost("the server does not answer")

    def session(self, session_id, key_log=None):
        """Returns the sealed session of this connection. Its keys are also written to a file, if one is given."""
        name = self._tls.get_cipher_name()
        suite = next(number for number, (known, _, _) in sealed.SUITES.items() if known == name)
        context = sealed.exporter_context(suite, session_id)
        secret = self._tls.export_keying_material(sealed.EXPORTER_LABEL, sealed.SECRET_LEN, context)
        if key_log:
            key_log.write(sealed.key_log_line(secret, suite, session_id) + "\n")
            key_log.flush()
        return sealed.Session(secret, suite, session_id)

    def send(self, kind, **fields):
        try:
            self._tls.sendall(control.encode(kind, fields.pop("ts", clock()), **fields))
        except (SSL.Error, OSError) as err:
            raise ConnectionLost(f"send {kind}: {_reason(err)}") from None

    def receive(self):
        """Returns the lines that have arrived. Raises ConnectionLost at the end, and sealed.Refused for a bad line."""
        ended = None
        while ended is None:
            try:
                self._received += self._tls.recv(control.MAX_LINE)
            except SSL.WantReadError:
                break
            except (SSL.Error, OSError) as err:
                ended = _reason(err)
            if len(self._received) > 64 * control.MAX_LINE:
                raise sealed.Refused("more lines than a server has to say")
        *lines, self._received = self._received.split(b"\n")
        if len(self._received) >= control.MAX_LINE:
            raise sealed.Refused("a line that is too long")
        if ended is not None and not lines:
            raise ConnectionLost(f"the server has closed the control connection: {ended}")
        return [control.decode(line) for line in lines]

    def close(self):
        try:
            self._tls.shutdown()
        except (SSL.Error, OSError):
            pass
        self.socket.close()


def _reason(err):
    if isinstance(err, SSL.ZeroReturnError):
        return "no more lines"
    if isinstance(err, SSL.SysCallError):
        return err.args[1]
    if isinstance(err, SSL.Error) and err.args and err.args[0]:
        return err.args[0][0][2]
    return str(err)


class Game:
    """The game channel: stamps, seals and sends; receives, opens and reads."""

    def __init__(self, session, address, port):
        self._session = session
        # The form of an address is (host, port) or, with IPv6, (host, port, flow, scope).
        self._server = (address[0], port, *address[2:])
        self._family = socket.AF_INET6 if len(address) == 4 else socket.AF_INET
        self.sockets = [self._connected()]
        self._echo = None  # the ts of the newest datagram, and when it arrived
        self.round_trip = None  # microseconds
        self.refused = {}  # the number of refused datagrams, by reason

    def _connected(self):
        # A connected UDP socket receives datagrams from this one address only.
        link = socket.socket(self._family, socket.SOCK_DGRAM)
        link.setblocking(False)
        link.connect(self._server)
        return link

    def roam(self):
        """Switches to another port, as after a change of network. STATEs still arrive at the old one until the server
        has validated the new one, so the old one stays open."""
        self.sockets.append(self._connected())

    def stamp(self):
        now = clock()
        if self._echo is None:
            return wire.Stamp(now)
        ts, received = self._echo
        hold = now - received & 0xFFFFFFFF
        return wire.Stamp(now, ts, hold) if hold < 60_000_000 else wire.Stamp(now)

    def send(self, body, link=None):
        """Sends a datagram. body makes its plaintext from a stamp, so that the stamp is made at the time of sending."""
        datagram = self._session.seal(body(self.stamp()).pack())
        try:
            (link or self.sockets[-1]).send(datagram)
        except OSError:
            pass  # a full buffer or an ICMP error: the next datagram carries the same and more

    def receive(self):
        """Returns the datagrams that have arrived as (socket, parsed) pairs. CHALLENGEs are answered here."""
        arrived = []
        for link in self.sockets:
            while True:
                try:
                    datagram = link.recv(sealed.MAX_DATAGRAM + 1)
                except OSError:
                    break  # nothing more; or an ICMP error, which anyone can forge
                try:
                    arrived.append((link, self._read(datagram, link)))
                except sealed.Refused as why:
                    self.refused[str(why)] = self.refused.get(str(why), 0) + 1
        return arrived

    def _read(self, datagram, link):
        now = clock()
        plaintext, newest = self._session.open(datagram)
        if plaintext[0] in (wire.REGISTER, wire.INPUT, wire.RESPONSE):
            raise sealed.Refused("of a type that goes the other way")
        found = wire.parse(plaintext)
        if newest:
            self._echo = (found.stamp.ts, now)
        if found.stamp.hold != wire.NO_ECHO:
            trip = now - found.stamp.echo - found.stamp.hold & 0xFFFFFFFF
            if trip < 60_000_000:
                self.round_trip = trip
        if isinstance(found, wire.Challenge):
            self.send(lambda stamp: wire.Response(stamp, found.data), link)
        return found
