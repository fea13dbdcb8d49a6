#!/usr/bin/python3
"""Tests pong.lua with tshark, in a folder with the recordings of .ci/wireshark:

capture.pcap   every datagram of a match between two bots, and of one between a bot and examples/python
keys           the server's key log
one, two       what the two bots of the first match have printed (pong bot --json)

The matches show that real datagrams are opened and agree with each other and with the bots. The examples of
docs/protocol.md, sealed and written to a capture, show that every field is where the document says, and that what it
says is refused is marked.
"""

import json
import os
import struct
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "../../..")
sys.path.insert(0, os.path.join(ROOT, "examples/python"))
import sealed  # noqa: E402
import vectors  # noqa: E402

DOCUMENT = os.path.join(ROOT, "docs/protocol.md")
SCRIPT = os.path.join(HERE, "../pong.lua")
HEADER = ["pong.first", "pong.session", "pong.number", "pong.ciphertext", "pong.tag"]
STAMP = ["pong.type", "pong.ts", "pong.echo", "pong.hold"]
GAME = "tick phase timer round hits walls serve_to serve winner".split()
STATE = ["pong.reason", *(f"pong.{name}" for name in GAME)] + """pong.pauses1 pong.pauses2 pong.score1 pong.score2
    pong.paddle1 pong.paddle2
    pong.ball.x pong.ball.y pong.ball.vx pong.ball.vy pong.acked1 pong.acked2 pong.applied1 pong.applied2
    pong.lineup pong.seat1 pong.seat2 pong.rematch1 pong.rematch2
    pong.game pong.receiver pong.margin.least pong.margin.base pong.missed pong.tail pong.loss
    pong.ahead""".split()
OTHERS = "pong.player_id pong.token pong.newest pong.run.input pong.run.ticks pong.data".split()
MARKS = """pong.suite pong.direction pong.opened pong.replayed pong.forged pong.replay pong.refused pong.no_key
    pong.malformed"""
FIELDS = HEADER + STAMP + STATE + OTHERS + MARKS.split() + ["frame.number"]

checks = 0


def want(condition, what):
    global checks
    checks += 1
    if not condition:
        sys.exit(f"FAIL: {what}")


def tshark(capture, keys=None):
    """Returns a dict for each datagram of a capture, with its fields as tshark prints them."""
    command = ["tshark", "-n", "-r", capture, "-X", f"lua_script:{SCRIPT}", "-Y", "pong", "-T", "fields"]
    command += ["-E", "separator=|", "-E", "occurrence=a", "-E", "aggregator=,"]
    for field in FIELDS:
        command += ["-e", field]
    if keys:
        command += ["-o", f"pong.keylog:{keys}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    want(done.returncode == 0 and "Lua" not in done.stderr, f"tshark says: {done.stderr}")
    rows = [line.split("|") for line in done.stdout.splitlines()]
    return [{field: value for field, value in zip(FIELDS, row) if value != ""} for row in rows]


# Captures in the old form: a header, then records of 16 bytes (seconds, microseconds, and the length twice).


def read_capture(path):
    with open(path, "rb") as capture:
        data = capture.read()
    head, records, at = data[:24], [], 24
    while at < len(data):
        (length,) = struct.unpack_from("<I", data, at + 8)
        records.append(data[at : at + 16 + length])
        at += 16 + length
    return head, records


def write_capture(path, head, records):
    with open(path, "wb") as capture:
        capture.write(head + b"".join(records))


# Linktype 228: the frame is an IPv4 packet.
RAW_IPV4 = struct.pack("<IHHIIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 228)


def record(datagram, upward):
    """Returns a record of a datagram from a client's port to the server's, or back, without checksums."""
    source, destination = (40000, 5556) if upward else (5556, 40000)
    udp = struct.pack(">HHHH", source, destination, 8 + len(datagram), 0) + datagram
    address = bytes([127, 0, 0, 1])
    packet = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0) + address + address + udp
    return struct.pack("<IIII", 0, 0, len(packet), len(packet)) + packet


def examples():
    return {name: body for name, body in vectors.blocks(DOCUMENT)}


def seal_examples(folder, suite):
    """Seals the examples of the document, valid ones first, and returns a description of each."""
    secret, session = bytes(range(32)), bytes.fromhex("a1a2a3a4a5a6a7a8")
    keys = {way: sealed.Keys(secret, suite, way) for way in ("c2s", "s2c")}
    found, cases = examples(), []
    for name in vectors.BODIES:
        for fields in vectors.groups(found[name]):
            cases.append((name, bytes.fromhex(fields["hex"]), fields))
    for line in found["refused-datagrams"].splitlines():
        plaintext, _, why = line.partition("#")
        cases.append((None, bytes.fromhex(plaintext), why.strip()))
    records = []
    for number, (_, plaintext, _) in enumerate(cases, 1):
        way = "s2c" if plaintext[0] in (3, 5) else "c2s"
        records.append(record(keys[way].seal(session, number, plaintext), way == "c2s"))
    write_capture(f"{folder}/examples.pcap", RAW_IPV4, records)
    with open(f"{folder}/example.keys", "w", encoding="ascii") as log:
        log.write("# of the examples\n" + sealed.key_log_line(secret, suite, session) + "\n")
    return cases


def check_examples(folder, suite):
    cases = seal_examples(folder, suite)
    rows = tshark(f"{folder}/examples.pcap", f"{folder}/example.keys")
    want(len(rows) == len(cases), f"{len(rows)} datagrams of {len(cases)} examples were dissected")
    for row, (name, plaintext, fields) in zip(rows, cases):
        want(row["pong.opened"] == "1" and "pong.forged" not in row, f"{name}: {row} was not opened")
        if name is None:
            want("pong.refused" in row, f"{plaintext.hex()} is not marked as refused: {fields}")
            continue
        want("pong.refused" not in row, f"{name} is marked as refused")
        want(int(row["pong.type"]) == plaintext[0], f"{name} has the type {row['pong.type']}")
        for part in ("ts", "echo", "hold"):
            want(row[f"pong.{part}"] == fields[part], f"{name}: {part} is {row[f'pong.{part}']}")
        for field, value in expected(name, fields).items():
            want(row.get(field) == value, f"{name}: {field} is {row.get(field)}, the document says {value}")


def expected(name, fields):
    """Returns the fields of an example as tshark prints them."""
    if name == "REGISTER":
        return {"pong.player_id": fields["player_id"], "pong.token": fields["token"]}
    if name == "INPUT":
        runs = [run.split("*") for run in fields["runs"].split()]
        return {
            "pong.newest": fields["newest"],
            "pong.run.input": ",".join(made for made, _ in runs),
            "pong.run.ticks": ",".join(ticks for _, ticks in runs),
        }
    if name in ("CHALLENGE", "RESPONSE"):
        return {"pong.data": fields["data"]}
    if name == "PING":
        return {}
    values = {f"pong.{key}": fields[key] for key in ("reason", *GAME, "lineup", "game", "missed")}
    values["pong.serve"] = f"0x{int(fields['serve']):08x}"
    for key, names in (
        ("score", ("score1", "score2")), ("paddle", ("paddle1", "paddle2")), ("acked", ("acked1", "acked2")),
        ("ball", ("ball.x", "ball.y", "ball.vx", "ball.vy")),
        ("pauses", ("pauses1", "pauses2")), ("seats", ("seat1", "seat2")),
        ("rematch", ("rematch1", "rematch2")), ("player_id", ("receiver",)),
        ("least", ("margin.least",)), ("base", ("margin.base",)), ("tail_ms", ("tail",)), ("loss", ("loss",)),
    ):  # fmt: skip
        values.update({f"pong.{name}": value for name, value in zip(names, fields[key].split())})
    for seat in (0, 1):
        values[f"pong.applied{seat + 1}"] = "".join(pair[seat] for pair in fields["applied"].split())
    values["pong.ahead"] = fields["ahead"].replace(" ", "")
    return values


def check_match(folder, rows):
    """Checks a real match: every datagram is opened, and both directions agree."""
    for row in rows:
        want(row.get("pong.opened") == "1", f"frame {row['frame.number']} was not opened")
        bad = {"pong.refused", "pong.forged", "pong.replay", "pong.malformed"} & row.keys()
        want(not bad, f"an authentic datagram is marked: {row}")
    seen = {row["pong.type"] for row in rows}
    want(seen == set("123456"), f"only the types {sorted(seen)} were seen")
    seats = {row["pong.session"]: int(row["pong.player_id"]) for row in rows if row["pong.type"] == "1"}
    want(len(seats) == 4 and sorted(seats.values()) == [1, 1, 2, 2], f"the seats of the sessions are {seats}")
    for session, seat in seats.items():
        states = check_session([row for row in rows if row["pong.session"] == session], seat)
        print(f"session {session}, player {seat}: {len(states)} STATEs")
    check_bots(folder, rows)


def check_session(rows, seat):
    made, agreed, differed, tick = {}, 0, 0, -1
    for row in rows:
        if row["pong.type"] == "2" and "pong.run.input" in row:
            at = int(row["pong.newest"])
            for value, ticks in zip(row["pong.run.input"].split(","), row["pong.run.ticks"].split(",")):
                for _ in range(int(ticks)):
                    want(made.setdefault(at, value) == value, f"two inputs for tick {at}")
                    at -= 1
    # A capture may have them in another order than that of sending.
    states = sorted((row for row in rows if row["pong.type"] == "3"), key=lambda row: int(row["pong.number"]))
    for row in states:
        # Ticks are equal if a path was validated in between.
        want(int(row["pong.tick"]) >= tick, f"tick {row['pong.tick']} came after {tick}")
        tick = int(row["pong.tick"])
        for behind, value in enumerate(row[f"pong.applied{seat}"], 1):
            if tick - behind in made and value != "3":
                agreed += made[tick - behind] == value
                differed += made[tick - behind] != value
    want(len(states) > 60 and agreed > 1000, f"only {len(states)} STATEs, {agreed} inputs")
    want(differed < agreed / 20, f"{differed} inputs were applied otherwise than sent, {agreed} as they were")
    return states


def check_bots(folder, rows):
    """Checks that the bots of the first match report the scores and ticks of the STATEs."""
    states = [row for row in rows if row["pong.type"] == "3"]
    finals = {}
    for row in states:
        score = [int(row["pong.score1"]), int(row["pong.score2"])]
        if row["pong.phase"] == "4":
            finals.setdefault(row["pong.session"], (score, int(row["pong.tick"]), row["pong.winner"]))
    for name in ("one", "two"):
        with open(f"{folder}/{name}", encoding="utf-8") as log:
            lines = [json.loads(line) for line in log]
        result = lines[-1]
        score, tick = result["score"], result["tick"]
        ended = [final for final in finals.values() if final[0] == score and abs(final[1] - tick) < 60]
        want(len(ended) >= 1, f"bot {name} reports {result}, the STATEs end with {finals}")
        want(sum(result["score"]) > 0 and ended[0][2] in "12", f"nobody has won: {result}")
        ticks = [line["tick"] for line in lines]
        want(ticks == sorted(ticks) and ticks[-1] > 60, f"the ticks of bot {name} do not rise: {ticks}")
        print(f"bot {name} reports {result['score']} at tick {result['tick']}, and so do the STATEs")


def check_without_key(rows, opened):
    want(len(rows) == len(opened), f"{len(rows)} datagrams without a key log, {len(opened)} with it")
    for row in rows:
        more = row.keys() - set(HEADER) - {"frame.number"}
        want(not more, f"without a key log {sorted(more)} are shown")
        want(set(HEADER) <= row.keys(), f"the header is not shown: {row}")


def check_mutated(folder, keys, rows):
    """Changes one bit in some datagrams of the match and repeats others. All of these must be marked, and no others."""
    head, records = read_capture(f"{folder}/capture.pcap")
    frames = [int(row["frame.number"]) for row in rows]
    changed, copied = frames[40:400:40], frames[60:400:40]
    for i, frame in enumerate(changed):
        packet = bytearray(records[frame - 1])
        start = len(packet) - len(bytes.fromhex(rows[frames.index(frame)]["pong.ciphertext"])) - sealed.TAG_LEN
        # In turn: the packet number, so that it becomes one of no other datagram (or it would be a repeated one); the
        # first byte of the ciphertext; the last byte of the tag.
        at, bit = ((start - 2, 6), (start, i % 8), (len(packet) - 1, i % 8))[i % 3]
        packet[at] ^= 1 << bit
        records[frame - 1] = bytes(packet)
    records += [records[frame - 1] for frame in copied]
    write_capture(f"{folder}/mutated.pcap", head, records)
    marked = tshark(f"{folder}/mutated.pcap", keys)
    forged = [int(row["frame.number"]) for row in marked if "pong.forged" in row and row["pong.opened"] == "0"]
    again = [int(row["frame.number"]) for row in marked if "pong.replay" in row and row["pong.replayed"] == "1"]
    want(forged == changed, f"changed were the frames {changed}, marked {forged}")
    want(again == [len(records) - len(copied) + i + 1 for i in range(len(copied))], f"marked as copies: {again}")
    want(all("pong.type" not in row for row in marked if "pong.forged" in row), "a forged datagram has fields")
    print(f"{len(changed)} changed and {len(copied)} repeated datagrams are marked, and no others")


def check_wrong_keys(folder, keys):
    """Checks a key log with other secrets for these sessions, and one with other sessions."""
    with open(keys, encoding="ascii") as log:
        lines = [line.split() for line in log]
    for name, change, mark in (
        ("secrets", lambda word: [word[0], word[1], word[2], word[3][::-1]], "pong.forged"),
        ("sessions", lambda word: [word[0], word[1][::-1], word[2], word[3]], "pong.no_key"),
    ):
        with open(f"{folder}/wrong.keys", "w", encoding="ascii") as log:
            log.writelines(" ".join(change(words)) + "\n" for words in lines)
        rows = tshark(f"{folder}/short.pcap", f"{folder}/wrong.keys")
        marked = all(mark in row and "pong.type" not in row for row in rows)
        want(rows and marked, f"with other {name} some datagrams are not marked {mark}")


def main():
    folder = sys.argv[1]
    for suite in sealed.SUITES:
        check_examples(folder, suite)
    print("the document's examples are shown as it says, with each suite")
    keys = f"{folder}/keys"
    rows = tshark(f"{folder}/capture.pcap", keys)
    check_match(folder, rows)
    check_without_key(tshark(f"{folder}/capture.pcap"), rows)
    check_mutated(folder, keys, rows)
    head, records = read_capture(f"{folder}/capture.pcap")
    write_capture(f"{folder}/short.pcap", head, records[:200])
    check_wrong_keys(folder, keys)
    print(f"{len(rows)} datagrams, {checks} checks passed")


if __name__ == "__main__":
    main()
