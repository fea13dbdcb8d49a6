"""The sealed datagrams of the game channel: docs/protocol.md, "The sealed datagram".

A Session is made once for a TLS connection, with its keys and its counter, and is never copied or stored: using a
packet number twice under one key would break the encryption.
"""

import struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

EXPORTER_LABEL = b"EXPERIMENTAL-pong-udp-v1"
SECRET_LEN = 32
FIRST_BYTE = 0x09
HEADER = struct.Struct(">B8sI")  # first byte, session id, packet number
TAG_LEN = 16
MIN_DATAGRAM = HEADER.size + 1 + TAG_LEN
MAX_DATAGRAM = 1200
WINDOW = 1024
MAX_PACKETS = 1 << 23

# The cipher suites of TLS 1.3 by their numbers: OpenSSL's name, the AEAD, the length of its key.
SUITES = {
    0x1301: ("TLS_AES_128_GCM_SHA256", AESGCM, 16),
    0x1302: ("TLS_AES_256_GCM_SHA384", AESGCM, 32),
    0x1303: ("TLS_CHACHA20_POLY1305_SHA256", ChaCha20Poly1305, 32),
}


class Refused(Exception):
    """A datagram that is dropped. The receiver counts it by its reason and continues."""


def exporter_context(suite, session_id):
    """Returns the context of the TLS exporter."""
    return b"\x01" + struct.pack(">H", suite) + session_id


def key_log_line(secret, suite, session_id):
    """Returns a line of a key log, with which a capture of this session can be read."""
    return f"PONG-UDP-V1 {session_id.hex()} {suite:04x} {secret.hex()}"


class Keys:
    """Returns the key and iv of one direction ("c2s" or "s2c")."""

    def __init__(self, secret, suite, direction):
        _, aead, key_len = SUITES[suite]
        self.key = self._expand(secret, direction, "key", key_len)
        self.iv = self._expand(secret, direction, "iv", 12)
        self._aead = aead(self.key)

    @staticmethod
    def _expand(secret, direction, what, length):
        info = f"pong-udp v1 {direction} {what}".encode()
        return HKDFExpand(hashes.SHA256(), length, info).derive(secret)

    def nonce(self, number):
        return (int.from_bytes(self.iv, "big") ^ number).to_bytes(12, "big")

    def seal(self, session_id, number, plaintext):
        header = HEADER.pack(FIRST_BYTE, session_id, number)
        return header + self._aead.encrypt(self.nonce(number), plaintext, header)

    def open(self, number, datagram):
        """Returns the plaintext, or raises InvalidTag. The header has been read already."""
        header, sealed = datagram[: HEADER.size], datagram[HEADER.size :]
        return self._aead.decrypt(self.nonce(number), sealed, header)


class Window:
    """The packet numbers that have been accepted: the newest, and which of the 1023 before it."""

    def __init__(self):
        self.newest = 0
        self._accepted = 0  # bit i: newest - i was accepted

    def is_new(self, number):
        if number > self.newest:
            return True
        behind = self.newest - number
        return behind < WINDOW and not self._accepted >> behind & 1

    def accept(self, number):
        if number > self.newest:
            self._accepted = self._accepted << (number - self.newest) & (1 << WINDOW) - 1
            self.newest = number
        self._accepted |= 1 << (self.newest - number)


class Session:
    """The client's end: seals what goes up, opens what comes down."""

    def __init__(self, secret, suite, session_id):
        self.id = session_id
        self._up = Keys(secret, suite, "c2s")
        self._down = Keys(secret, suite, "s2c")
        self._sent = 0
        self._window = Window()

    def seal(self, plaintext):
        if self._sent == MAX_PACKETS:
            raise RuntimeError("the key is used up after 2^23 datagrams: join again over a new connection")
        self._sent += 1
        return self._up.seal(self.id, self._sent, plaintext)

    def open(self, datagram):
        """Returns (plaintext, is this the greatest packet number so far?), or raises Refused with the reason."""
        if not MIN_DATAGRAM <= len(datagram) <= MAX_DATAGRAM or datagram[0] != FIRST_BYTE:
            raise Refused("not a sealed datagram")
        _, session_id, number = HEADER.unpack_from(datagram)
        if session_id != self.id:
            raise Refused("of another session")
        if not 1 <= number <= MAX_PACKETS:
            raise Refused("packet number out of range")
        if not self._window.is_new(number):
            raise Refused("received before, or too old")
        try:
            plaintext = self._down.open(number, datagram)
        except InvalidTag:
            raise Refused("not authentic") from None
        newest = number > self._window.newest
        self._window.accept(number)  # only now: a forged number never moves the window
        return plaintext, newest
