"""Prints datagrams for crypto_test.lua, sealed by examples/python: those of the document, and random ones.

OpenSSL makes them, so the Lua file does not open only what it has made itself.
"""

import os
import random
import sys

folder = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(folder, "../../python"))
import sealed  # noqa: E402
import vectors  # noqa: E402


def line(suite, secret, direction, session, number, plaintext):
    datagram = sealed.Keys(secret, suite, direction).seal(session, number, plaintext)
    return f"{suite:04x} {secret.hex()} {direction} {plaintext.hex()} {datagram.hex()}"


published = {}
document = os.path.join(folder, "../../../docs/protocol.md")
for body in (body for name, body in vectors.blocks(document) if name == "sealed"):
    for group in vectors.groups(body):
        published.update(group)
        print(published["suite"], *(published[key] for key in ("secret", "direction", "plaintext", "datagram")))

chance = random.Random(4)  # a fixed seed, so that a failure can be repeated
# The lengths of the protocol, and those around the blocks of the ciphers.
for length in (1, 13, 15, 16, 17, 21, 30, 33, 48, 63, 64, 65, 68, 128, 500, 1171):
    for suite in sealed.SUITES:
        for direction in ("c2s", "s2c"):
            number = chance.randint(1, sealed.MAX_PACKETS)
            print(line(suite, chance.randbytes(32), direction, chance.randbytes(8), number, chance.randbytes(length)))
