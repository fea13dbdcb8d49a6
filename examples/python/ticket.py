"""Makes and checks join tickets: docs/protocol.md, "Join tickets". A matchmaker makes them like this:

    openssl genpkey -algorithm ed25519 -out tickets.key
    /usr/bin/python3 examples/python/ticket.py tickets.key Ann --room maple-42 --minutes 60

The first line of the output is the public key, for pong serve --tickets, and the second one is the ticket.
"""

import argparse
import base64
import re
import secrets
import struct
import time
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

import trust
from sealed import Refused

VERSION = 1
PLAYER, WATCHER = 1, 2
SIGNED_FOR = b"pong join ticket v1\0"
HEAD = struct.Struct(">BB16s32sIIBH")
SIGNATURE_LENGTH = 64
MAX_ROOM = 32
MAX_NAME = 256
MAX_TEXT = 551
SKEW = 60
ANY_SERVER = bytes(32)


@dataclass
class Ticket:
    role: int
    id: bytes  # of the host's choice: at random, or that of a player's account
    server: bytes  # a fingerprint
    not_before: int  # seconds since 1970
    expires: int
    room: str = ""
    name: str = ""

    def body(self):
        """Returns the bytes that are signed."""
        room, name = self.room.encode(), self.name.encode()
        times, lengths = (self.not_before, self.expires), (len(room), len(name))
        return HEAD.pack(VERSION, self.role, self.id, self.server, *times, *lengths) + room + name


def sign(ticket, key):
    """Returns a ticket as text. The key is an Ed25519PrivateKey."""
    body = ticket.body()
    return in_text(body + key.sign(SIGNED_FOR + body))


def in_text(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_text(text):
    """Returns the bytes of base64url, which has one spelling only."""
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)) if re.fullmatch("[A-Za-z0-9_-]*", text) else b""
    if in_text(data) != text:
        raise Refused("not base64url")
    return data


def key_in_text(key):
    return "ed25519:" + in_text(key.public_bytes(Encoding.Raw, PublicFormat.Raw))


def check(text, keys, servers, now):
    """Returns the ticket in a text, as a server with these public keys and fingerprints does, at a time."""
    data = from_text(text) if len(text) <= MAX_TEXT else b""
    body, signature = data[:-SIGNATURE_LENGTH], data[-SIGNATURE_LENGTH:]
    if len(body) < HEAD.size or not any(_signed(key, body, signature) for key in keys):
        raise Refused("ticket_invalid")
    version, role, ticket_id, server, not_before, expires, room_length, name_length = HEAD.unpack_from(body)
    rest = body[HEAD.size :]
    if version != VERSION or role not in (PLAYER, WATCHER) or ticket_id == bytes(16):
        raise Refused("ticket_invalid")
    if room_length > MAX_ROOM or name_length > MAX_NAME or len(rest) != room_length + name_length:
        raise Refused("ticket_invalid")
    if server != ANY_SERVER and server not in servers:
        raise Refused("ticket_server")
    if now < not_before - SKEW:
        raise Refused("ticket_early")
    if now >= expires + SKEW:
        raise Refused("ticket_expired")
    try:
        room, name = rest[:room_length].decode(), rest[room_length:].decode()
    except UnicodeDecodeError:
        raise Refused("ticket_invalid") from None
    return Ticket(role, ticket_id, server, not_before, expires, room, name)


def _signed(key, body, signature):
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, SIGNED_FOR + body)
    except InvalidSignature:
        return False
    return True


def main():
    words = argparse.ArgumentParser(description="Makes a join ticket.")
    words.add_argument("key", metavar="FILE", help="the host's private key, in PEM")
    words.add_argument("name", help="the player's name")
    words.add_argument("--room", default="", help="the room in which the player must be")
    words.add_argument("--server", metavar="FINGERPRINT", help="the only server that takes the ticket")
    words.add_argument("--minutes", type=int, default=60, help="for how long it is valid")
    words.add_argument("--watcher", action="store_true", help="to watch only")
    options = words.parse_args()
    with open(options.key, "rb") as file:
        key = load_pem_private_key(file.read(), None)
    if not isinstance(key, Ed25519PrivateKey):
        words.error("the key is not one of Ed25519")
    now = int(time.time())
    ticket = Ticket(
        role=WATCHER if options.watcher else PLAYER,
        id=secrets.token_bytes(16),
        server=trust.parse_fingerprint(options.server) if options.server else ANY_SERVER,
        not_before=now,
        expires=now + 60 * options.minutes,
        room=options.room,
        name=options.name,
    )
    print(key_in_text(key.public_key()))
    print(sign(ticket, key))


if __name__ == "__main__":
    main()
