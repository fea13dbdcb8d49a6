"""The lines of the control channel: docs/protocol.md, "The control channel"."""

import base64
import binascii
import json
import re
import unicodedata

from sealed import Refused

VERSION = 1
ALPN = b"pong/1"
MAX_LINE = 4096
MAX_NAME = 16
MAX_MARKS = 2

STRINGS = {"type", "name", "role", "resume", "token", "session", "match", "rules", "status", "code", "message"}
INTEGERS = {"ts", "version", "player_id", "udp_port", "points", "tick_rate", "state_rate", "winner", "score1", "score2"}


def need(condition, why):
    if not condition:
        raise Refused(why)


def encode(kind, ts, **fields):
    """Returns a line, ready to be sent. Fields that are 0 or "" are left out, as the document says."""
    line = {"type": kind, "ts": ts, **{key: value for key, value in fields.items() if value}}
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def decode(line):
    """Reads one line, without its newline, and returns a dict in which every known key is present."""
    need(len(line) < MAX_LINE, "a line that is too long")

    def refuse(_):
        raise Refused("a number that is not an integer")

    try:
        found = json.loads(line.decode(), object_pairs_hook=_object, parse_float=refuse, parse_constant=refuse)
    except (ValueError, RecursionError) as err:
        raise Refused(f"not a line of JSON: {err}") from None
    need(isinstance(found, dict), "not an object")
    for key, value in found.items():
        _check(key, value)
    for key in STRINGS:
        found[key] = found.get(key) or ""
    for key in INTEGERS:
        found[key] = found.get(key) or 0
    need(found["type"], "a line without a type")
    return found


def _object(pairs):
    keys = [key for key, _ in pairs]
    need(len(keys) == len(set(keys)), "a key that occurs twice")
    return dict(pairs)


def _check(key, value):
    need(re.fullmatch("[a-z0-9_]+", key), "a key with strange characters")
    need(not isinstance(value, (dict, list)), "an object that is not flat")
    if isinstance(value, str):
        need(all(map(_printable, value)), "a character that is not printable")
    if value is None:
        return
    if key in STRINGS:
        need(isinstance(value, str), f"{key} is not a string")
    if key in INTEGERS:
        need(isinstance(value, int) and not isinstance(value, bool), f"{key} is not an integer")
        need(0 <= value < 1 << (32 if key == "ts" else 31), f"{key} is out of range")


def _printable(char):
    return char == " " or unicodedata.category(char)[0] in "LMNPS"


def secret(text, what):
    """Returns the 16 bytes of a token."""
    need(re.fullmatch("[A-Za-z0-9_-]{22}", text), f"the {what} is not 22 characters of base64url")
    return base64.urlsafe_b64decode(text + "==")


def session_id(text):
    need(re.fullmatch("[0-9a-f]{16}", text), "the session id is not 16 hexadecimal digits")
    return binascii.unhexlify(text)


# What Unicode calls Default_Ignorable_Code_Point and is not of a category that is refused anyhow.
IGNORABLE = {0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0, *range(0x180B, 0x1810), *range(0xFE00, 0xFE10)}
IGNORABLE |= set(range(0xE0000, 0xE1000))


def good_room(room):
    """Reports whether a room code may be sent: a-z, 0-9, and single hyphens between them, 1 to 32 characters."""
    return len(room) <= 32 and re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", room) is not None


def good_name(name):
    """Reports whether a player may have this name."""
    if not 1 <= len(name) <= MAX_NAME or name.strip(" ") != name:
        return False
    marks = 0
    for i, char in enumerate(name):
        kind = unicodedata.category(char)
        if kind[0] == "C" or (kind[0] == "Z" and char != " ") or ord(char) in IGNORABLE or char == "\u2800":
            return False
        marks = marks + 1 if kind[0] == "M" else 0
        if marks > MAX_MARKS or (i == 0 and marks):
            return False
    return True
