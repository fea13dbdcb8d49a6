"""Executes the examples of docs/protocol.md with this client.

An example is a block that begins with ```example NAME. Groups are separated by an empty line; a line is a field and its
value, and lines without a field continue the one above.
"""

import base64
import datetime
import json
import re

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import control
import sealed
import ticket
import trust
import wire


def blocks(path):
    with open(path, encoding="utf-8") as document:
        text = document.read()
    return re.findall(r"^```example ([\w-]+)\n(.*?)^```$", text, re.M | re.S)


def groups(body):
    for group in body.strip().split("\n\n"):
        fields, key = {}, ""
        for line in group.splitlines():
            if not line.startswith(" "):
                key, _, line = line.partition(" ")
                fields[key] = ""
            fields[key] = (fields[key] + " " + line.strip()).strip()
        yield fields


def numbers(text):
    return [int(word) for word in text.split()]


def same(got, want, what):
    if got != want:
        raise AssertionError(f"{what} is {got}, the document says {want}")


def refused(read, value):
    try:
        read(value)
    except sealed.Refused:
        return
    raise AssertionError(f"{value!r} was not refused")


def check_sealed(body):
    fields = {}
    for group in groups(body):
        fields.update(group)  # a field that a group leaves out has the value of the group before
        suite, number = int(fields["suite"], 16), int(fields["number"])
        keys = sealed.Keys(bytes.fromhex(fields["secret"]), suite, fields["direction"])
        session_id, plaintext = bytes.fromhex(fields["session"]), bytes.fromhex(fields["plaintext"])
        same(keys.key.hex(), fields["key"], "key")
        same(keys.iv.hex(), fields["iv"], "iv")
        same(keys.nonce(number).hex(), fields["nonce"], "nonce")
        same(keys.seal(session_id, number, plaintext).hex(), fields["datagram"], "datagram")
        same(keys.open(number, bytes.fromhex(fields["datagram"])), plaintext, "plaintext")


def check_exporter(body):
    for fields in groups(body):
        context = sealed.exporter_context(int(fields["suite"], 16), bytes.fromhex(fields["session"]))
        same(context.hex(), fields["context"], "context")


def check_key_log(body):
    for fields in groups(body):
        secret, session_id = bytes.fromhex(fields["secret"]), bytes.fromhex(fields["session"])
        same(sealed.key_log_line(secret, int(fields["suite"], 16), session_id), fields["line"], "line")


def check_fingerprint(body):
    for fields in groups(body):
        fingerprint = bytes.fromhex(fields["bytes"])
        same(trust.grouped(fingerprint), fields["grouped"], "grouped")
        same(trust.in_link(fingerprint), fields["base64"], "base64")
        same(trust.parse_fingerprint(fields["grouped"]), fingerprint, "fingerprint")
        same(trust.parse_fingerprint(fields["base64"]), fingerprint, "fingerprint")


def check_link(body):
    for fields in groups(body):
        host, port, fingerprint, room, permission, further = trust.parse_link(fields["link"])
        same(trust.joined(host, port), fields["address"], "address")
        same(" ".join(trust.joined(*address) for address in further) or None, fields.get("further"), "further")
        same(trust.grouped(fingerprint) if fingerprint else None, fields.get("fingerprint"), "fingerprint")
        same(room, fields.get("room"), "room")
        same(permission, fields.get("ticket"), "ticket")


def check_lines(body):
    for line in body.splitlines():
        fields = control.decode(line.encode())
        again = control.decode(control.encode(fields.pop("type"), fields.pop("ts"), **fields)[:-1])
        same(again, control.decode(line.encode()), "the line, written and read again,")


def check_refused_lines(body):
    for line in body.splitlines():
        refused(control.decode, line.encode())


def check_names(body):
    for line in body.splitlines():
        typed, _, name = line.partition(" -> ")
        same(control.clean_name(json.loads(typed)), json.loads(name or typed), f"the name for {typed}")


def check_refused_names(body):
    for line in body.splitlines():
        same(control.clean_name(json.loads(line)), None, f"the name for {line}")


def check_lineage(body):
    for fields in groups(body):
        names = sorted(name for name in fields if name.startswith("cert"))
        chain = [x509.load_der_x509_certificate(base64.b64decode(fields[name])) for name in names]
        at = datetime.datetime.fromisoformat(fields["at"].rstrip("Z"))
        present, before = trust.identify(chain, at)
        same(trust.grouped(present), fields["present"], "the present fingerprint")
        same([trust.grouped(f) for f in before], fields["before"].split(), "those before")
        for i in range(2, len(chain) - 1):  # without one of them it is no proof
            untrusted(lambda: trust.check(chain[:i] + chain[i + 1 :], before[-1], at))
        untrusted(lambda: trust.check(chain[:2], before[0], at))


def untrusted(judge):
    try:
        judge()
    except trust.Untrusted:
        return
    raise AssertionError("an untrustworthy chain was trusted")


def check_ticket(body):
    fields = {}
    for group in groups(body):
        fields.update(group)
        key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(fields["seed"]))
        same(ticket.key_in_text(key.public_key()), fields["key"], "key")
        server = bytes.fromhex(fields["server"])
        begin, end = int(fields["from"]), int(fields["until"])
        made = ticket.Ticket(
            int(fields["role"]), bytes.fromhex(fields["id"]), server, begin, end, fields["room"], fields["name"]
        )
        same(ticket.sign(made, key), fields["text"], "the ticket")
        keys = [ticket.from_text(fields["key"].removeprefix("ed25519:"))]
        for now in (begin - ticket.SKEW, end + ticket.SKEW - 1):
            same(ticket.check(fields["text"], keys, [server], now), made, "what the ticket says")
        for now in (begin - ticket.SKEW - 1, end + ticket.SKEW):
            refused(lambda text: ticket.check(text, keys, [server], now), fields["text"])


def check_refused_tickets(body):
    key = Ed25519PrivateKey.from_private_bytes(bytes([1] * 32)).public_key()
    keys = [ticket.from_text(ticket.key_in_text(key).removeprefix("ed25519:"))]
    for line in body.splitlines():
        refused(lambda text: ticket.check(text, keys, [bytes(range(32))], 1795000000), line.split()[0])


def check_rooms(body):
    for line in body.splitlines():
        same(control.good_room(line), True, f"whether {line} is a room code")


def check_refused_rooms(body):
    for line in body.splitlines():
        same(control.good_room(line), False, f"whether {line} is a room code")


def check_game_state(body):
    for fields in groups(body):
        same_game(wire.Game.parse(bytes.fromhex(fields["hex"])), fields)
        same(wire.Game.parse(bytes.fromhex(fields["hex"])).pack(), bytes.fromhex(fields["hex"]), "game state")


def same_game(game, fields):
    for name in ("tick", "phase", "timer", "round", "hits", "walls", "serve_to", "serve", "winner"):
        same(getattr(game, name), int(fields[name]), name)
    for name in ("score", "paddle", "ball"):
        same(list(getattr(game, name)), numbers(fields[name]), name)


def check_state(found, fields):
    same_game(found.game, fields)
    for name in ("reason", "lineup", "player_id", "least", "base", "missed", "tail_ms", "loss"):
        same(getattr(found, name), int(fields[name]), name)
    same(list(found.acked), numbers(fields["acked"]), "acked")
    same(found.game_number, int(fields["game"]), "game")
    same(list(found.seats), numbers(fields["seats"]), "seats")
    same(list(found.pauses), numbers(fields["pauses"]), "pauses")
    same(list(found.rematch), numbers(fields["rematch"]), "rematch")
    same([f"{a}{b}" for a, b in found.applied], fields["applied"].split(), "applied")
    same(found.ahead, numbers(fields["ahead"]), "ahead")


def check_input(found, fields):
    same(found.newest, int(fields["newest"]), "newest")
    same(" ".join(f"{made}*{ticks}" for made, ticks in found.runs), fields["runs"], "runs")
    each = [made for made, ticks in found.runs for _ in range(ticks)]
    same(wire.runs_of(each), found.runs, "runs, made anew,")


def check_register(found, fields):
    same(found.player_id, int(fields["player_id"]), "player_id")
    same(found.token.hex(), fields["token"], "token")


def check_data(found, fields):
    same(found.data.hex(), fields["data"], "data")


BODIES = {
    "REGISTER": check_register,
    "INPUT": check_input,
    "STATE": check_state,
    "PING": lambda found, fields: None,
    "CHALLENGE": check_data,
    "RESPONSE": check_data,
}


def check_datagram(name, body):
    for fields in groups(body):
        plaintext = bytes.fromhex(fields["hex"])
        found = wire.parse(plaintext)
        same(type(found).__name__.upper(), name, "type")
        for part in ("ts", "echo", "hold"):
            same(getattr(found.stamp, part), int(fields[part]), part)
        BODIES[name](found, fields)
        same(found.pack(), plaintext, "the bytes")


def check_refused_datagrams(body):
    for line in body.splitlines():
        refused(wire.parse, bytes.fromhex(line.partition("#")[0]))


CHECKS = {
    "sealed": check_sealed,
    "exporter": check_exporter,
    "keylog": check_key_log,
    "fingerprint": check_fingerprint,
    "link": check_link,
    "lines": check_lines,
    "refused-lines": check_refused_lines,
    "names": check_names,
    "refused-names": check_refused_names,
    "lineage": check_lineage,
    "ticket": check_ticket,
    "refused-tickets": check_refused_tickets,
    "rooms": check_rooms,
    "refused-rooms": check_refused_rooms,
    "game-state": check_game_state,
    "refused-datagrams": check_refused_datagrams,
}


def run(path):
    """Checks every example and prints each. Returns whether all agree."""
    failed, seen = 0, set()
    for name, body in blocks(path):
        seen.add(name)
        try:
            if name in BODIES:
                check_datagram(name, body)
            elif name in CHECKS:
                CHECKS[name](body)
            else:
                raise AssertionError("this client does not know this kind of example")
            print(f"ok    {name}")
        except (AssertionError, sealed.Refused, ValueError, KeyError) as err:
            failed += 1
            print(f"FAIL  {name}: {err}")
    missing = (set(BODIES) | set(CHECKS)) - seen
    for name in sorted(missing):
        print(f"FAIL  {name}: there is no such example in {path}")
    return not failed and not missing
