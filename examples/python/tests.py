#!/usr/bin/python3
"""Tests that a dishonest server is refused, which neither the document's examples nor an honest server can show."""

import datetime
import unittest

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

import sealed
import trust
import wire
from player import Player

NOW = datetime.datetime.utcnow()
DAY = datetime.timedelta(days=1)


def certificate(key, name, signer=None, signed_by=None, authority=False, until=NOW + DAY, usage=None):
    """Returns a certificate of a key, signed by itself if no signer is given."""
    def subject(text):
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    made = (
        x509.CertificateBuilder()
        .subject_name(subject(name))
        .issuer_name(subject(signed_by or name))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - 2 * DAY)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if usage:
        made = made.add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
    return made.sign(signer or key, hashes.SHA256())


class Trust(unittest.TestCase):
    def setUp(self):
        self.identity_key, self.leaf_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        self.identity = certificate(self.identity_key, trust.IDENTITY_NAME, authority=True)
        self.fingerprint = trust.fingerprint_of(self.identity)

    def leaf(self, signer=None, **more):
        more.setdefault("usage", ExtendedKeyUsageOID.SERVER_AUTH)
        return certificate(self.leaf_key, "leaf", signer or self.identity_key, trust.IDENTITY_NAME, **more)

    def refused(self, chain, fingerprint, why):
        with self.assertRaisesRegex(trust.Untrusted, why):
            trust.check(chain, fingerprint)

    def test_own_identity(self):
        trust.check([self.leaf(), self.identity], self.fingerprint)
        self.refused([self.leaf(), self.identity], trust.fingerprint_of(self.leaf()), "was given")
        self.refused([self.leaf(), self.identity], None, "Ask whoever runs the server")
        self.refused([], self.fingerprint, "no certificate")

    def test_stolen_identity(self):
        """The identity is public, so a server that shows it must have a leaf that it has signed."""
        self.refused([self.leaf(signer=self.leaf_key), self.identity], self.fingerprint, "not signed by the identity")

    def test_leaf(self):
        self.refused([self.leaf(until=NOW - DAY), self.identity], self.fingerprint, "holds from")
        client = ExtendedKeyUsageOID.CLIENT_AUTH
        self.refused([self.leaf(usage=client), self.identity], self.fingerprint, "may not be used for servers")
        trust.check([self.leaf(usage=None), self.identity], self.fingerprint)

    def test_operators_certificate(self):
        """An authority that signs for many is never treated as an identity: the fingerprint is that of the leaf."""
        authority = certificate(self.identity_key, "Some Root", authority=True)
        leaf = certificate(self.leaf_key, "leaf", self.identity_key, "Some Root")
        trust.check([leaf, authority], trust.fingerprint_of(leaf))
        self.refused([leaf, authority], trust.fingerprint_of(authority), "was given")
        no_authority = certificate(self.identity_key, trust.IDENTITY_NAME)
        self.refused([self.leaf(), no_authority], trust.fingerprint_of(no_authority), "was given")

    def test_rotation(self):
        """The earlier identity vouches for the present one; the key of a leaf cannot vouch."""
        new_key = ec.generate_private_key(ec.SECP256R1())
        present = certificate(new_key, trust.IDENTITY_NAME, authority=True)
        leaf = certificate(self.leaf_key, "leaf", new_key, trust.IDENTITY_NAME)
        statement = certificate(new_key, trust.IDENTITY_NAME, self.identity_key, authority=True)
        trust.check([leaf, present, statement, self.identity], self.fingerprint)
        trust.check([leaf, present, statement, self.identity], trust.fingerprint_of(present))
        self.refused([leaf, present], self.fingerprint, "was given")
        self.refused([leaf, present, present, self.identity], self.fingerprint, "not signed by the identity")
        self.refused([leaf, present, self.identity, statement], self.fingerprint, "do not lead to it")
        self.refused([leaf, present, statement], self.fingerprint, "do not lead to it")
        self.refused([leaf, present] + [present] * 10, self.fingerprint, "do not lead to it")
        no_authority = certificate(new_key, trust.IDENTITY_NAME, self.identity_key)
        self.refused([leaf, present, no_authority, self.identity], self.fingerprint, "not that of an identity")
        old = certificate(new_key, trust.IDENTITY_NAME, self.identity_key, authority=True, until=NOW - DAY)
        self.refused([leaf, present, old, self.identity], self.fingerprint, "not that of an identity")

    def test_links(self):
        link = "pong://localhost/#k=" + trust.in_link(self.fingerprint)
        self.assertEqual(trust.parse_address(link), ("localhost", 5555, self.fingerprint, None, None))
        in_room = ("localhost", 5555, self.fingerprint, "maple-42", None)
        self.assertEqual(trust.parse_address(link + "&r=maple-42"), in_room)
        self.assertEqual(trust.parse_address("pong://localhost/#r=a"), ("localhost", 5555, None, "a", None))
        further = [("192.168.1.20", 5555), ("2001:db8::7", 7000)]
        whole = link + "&r=maple-42&also=192.168.1.20:5555,[2001:db8::7]:7000"
        self.assertEqual(trust.parse_link(whole), (*in_room, further))
        for bad in ("&also=", "&also=a,", "&also=a,b,c,d,e", "&also=a&r=b", "&also=pong://a/#r=b"):
            with self.assertRaises(ValueError, msg=bad):
                trust.parse_link(link + bad)
        with self.assertRaises(ValueError):
            trust.parse_link("pong://localhost/#r=a&also=b")
        bad_links = (
            "pong://localhost/#", "pong://localhost/#k=abc", link + "A", "https://localhost", "localhost:0x", "",
            link + "&", link + "&r=", link + "&r=A", link + "&x=1", "pong://localhost/#r=", "pong://localhost/#r=a&k=b",
        )  # fmt: skip
        for bad in bad_links:
            with self.assertRaises(ValueError, msg=bad):
                trust.parse_address(bad)


class Sealed(unittest.TestCase):
    def setUp(self):
        self.session = sealed.Session(bytes(32), 0x1301, b"12345678")
        self.server = sealed.Keys(bytes(32), 0x1301, "s2c")

    def datagram(self, number, session_id=b"12345678"):
        return self.server.seal(session_id, number, b"\x04" + bytes(12))

    def refused(self, datagram, why):
        with self.assertRaisesRegex(sealed.Refused, why):
            self.session.open(datagram)

    def test_window(self):
        for number, newest in ((1, True), (5, True), (3, False), (2000, True), (977, False)):
            self.assertEqual(self.session.open(self.datagram(number))[1], newest, number)
        for number in (2000, 977, 976, 3):
            self.refused(self.datagram(number), "received before, or too old")

    def test_a_forged_number_does_not_move_the_window(self):
        self.refused(self.datagram(9000)[:-1] + b"!", "not authentic")
        self.session.open(self.datagram(1))

    def test_what_is_not_ours(self):
        self.refused(self.datagram(1, b"another!"), "another session")
        self.refused(self.session.seal(b"\x04" + bytes(12)), "not authentic")  # sent back to us
        self.refused(self.datagram(0), "out of range")
        self.refused(b"\x09" + bytes(20), "not a sealed datagram")


class Dishonest(unittest.TestCase):
    """A server that does not apply the inputs it receives, or that reports a wrong position of the paddle."""

    def setUp(self):
        self.player = Player(0)
        self.player.take(self.state(10, 50000), 0)
        while self.player.next_tick < 40:
            self.player.make()
        self.start = self.player._first

    @staticmethod
    def state(tick, paddle, applied=(0,) * wire.HISTORY, ball=(0, 0, 0, 0)):
        game = wire.Game(tick, wire.COUNTDOWN, 60, 0, (0, 0), (paddle, 0), ball, 0, 0, 0, 1, 0)
        both = [(made, 0) for made in applied]
        standing = (1, 1, (wire.ONLINE, wire.ONLINE), (0, 0), 1)
        return wire.State(wire.Stamp(), 0, (6, 6), game, (tick, tick), both, *standing, 8, 8, 0, 0, 0, [])

    def played(self, ticks):
        """Returns our inputs of the ticks before start + ticks, newest first, and how far they move the paddle."""
        made = [self.player._made.get(self.start + ticks - 1 - i, 0) for i in range(wire.HISTORY)]
        steps = {wire.NONE: 0, wire.UP: -wire.PADDLE_SPEED, wire.DOWN: wire.PADDLE_SPEED}
        return made, sum(steps[one] for one in made[:ticks])

    def test_honest(self):
        made, far = self.played(3)
        self.player.take(self.state(self.start, 50000), 0)
        self.player.take(self.state(self.start + 3, 50000 + far, made), 0)
        self.assertEqual((self.player.granted, self.player.changed, self.player.moved_as_predicted), (3, 0, 1))

    def test_paddles_rest_after_a_pause(self):
        made, _ = self.played(3)
        flying = (100000, 50000, 1536, 100)
        self.player.take(self.state(self.start, 50000, ball=flying), 0)
        self.player.take(self.state(self.start + 3, 50000, made, flying), 0)
        self.assertEqual((self.player.granted, self.player.moved_as_predicted), (3, 1))

    def test_inputs_not_granted(self):
        made, _ = self.played(3)
        self.player.take(self.state(self.start, 50000), 0)
        other = [wire.UP if one != wire.UP else wire.NONE for one in made]
        ups = other[:3].count(wire.UP)
        self.player.take(self.state(self.start + 3, 50000 - ups * wire.PADDLE_SPEED, other), 0)
        self.assertEqual((self.player.granted, self.player.changed), (0, 3))

    def test_paddle_elsewhere(self):
        made, far = self.played(3)
        self.player.take(self.state(self.start, 50000), 0)
        with self.assertRaisesRegex(AssertionError, "by the inputs at"):
            self.player.take(self.state(self.start + 3, 50000 + far + 1, made), 0)


if __name__ == "__main__":
    unittest.main()
