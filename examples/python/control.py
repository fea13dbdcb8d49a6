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
MAX_NAME_BYTES = 256
MAX_NAME_WIDTH = 24
MAX_MARKS = 5
MAX_ACCENTS = 2

STRINGS = {
    "type", "name", "role", "room", "resume", "ticket", "token", "session", "match", "rules", "status",
    "fairness",
    "code", "message", "address",
}  # fmt: skip
INTEGERS = {
    "ts", "version", "player_id", "port", "udp_port", "points", "tick_rate", "state_rate", "winner", "score1", "score2",
}  # fmt: skip


JOINERS = "\u200c\u200d\u180e"
TAGS = range(0xE0020, 0xE0080)


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
    return char == " " or char in JOINERS or ord(char) in TAGS or unicodedata.category(char)[0] in "LMNPS"


def secret(text, what):
    """Returns the 16 bytes of a token."""
    need(re.fullmatch("[A-Za-z0-9_-]{22}", text), f"the {what} is not 22 characters of base64url")
    return base64.urlsafe_b64decode(text + "==")


def session_id(text):
    need(re.fullmatch("[0-9a-f]{16}", text), "the session id is not 16 hexadecimal digits")
    return binascii.unhexlify(text)


def good_room(room):
    """Reports whether a room code may be sent: a-z, 0-9, and single hyphens between them, 1 to 32 characters."""
    return len(room) <= 32 and re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", room) is not None


# Code points that are not visible, in spite of their categories.
IGNORABLE = {0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0, 0x2800, 0xFFFD}
SELECTORS = {*range(0x180B, 0x180E), 0x180F, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)}
VIRAMA = 9  # a combining class
SYMBOLS = "\u203c\u2049\u3030\u2139"


def clean_name(text):
    """Returns the name for a text, as the server makes it, or None if a player may not have it.

    Python has no grapheme clusters. Where they matter, or the script of a letter, the server refuses more than this."""
    normal = unicodedata.normalize("NFC", text)
    spaced = "".join(" " if unicodedata.category(char) == "Zs" else char for char in normal)
    name = re.sub(" +", " ", spaced).strip(" ")
    if not name or len(name.encode()) > MAX_NAME_BYTES:
        return None
    clusters = width = marks = accents = 0
    before = " "
    for char, after in zip(name, name[1:] + " "):
        kind, code = unicodedata.category(char)[0], ord(char)
        if char in JOINERS or code in SELECTORS or code in TAGS:
            if not _invisible_may_stand(char, before, after):
                return None
        elif kind not in "LMNPS" and char != " " or code in IGNORABLE:
            return None
        elif kind == "M":
            marks, accents = marks + 1, accents + unicodedata.name(char, "").startswith("COMBINING")
            if before == " " or marks > MAX_MARKS or accents > MAX_ACCENTS:
                return None
        else:
            marks = accents = 0
            if before != "\u200d" and unicodedata.combining(before) != VIRAMA and not 0x1F3FB <= code <= 0x1F3FF:
                clusters, width = clusters + 1, width + 1 + (unicodedata.east_asian_width(char) in "WF")
        before = char
    return name if clusters <= MAX_NAME and width <= MAX_NAME_WIDTH else None


def _invisible_may_stand(char, before, after):
    """Reports whether a joiner, selector or tag may stand between two other code points."""
    kind = unicodedata.category(before)
    if char in JOINERS:
        ends_well = after != " " or unicodedata.combining(before) == VIRAMA
        return kind in ("Lo", "So", "Mn", "Mc", "Me", "Sk") and ends_well
    if ord(char) in TAGS:
        return before == "\U0001f3f4" or ord(before) in TAGS
    if char in "\ufe0e\ufe0f":
        return kind[0] == "S" and before > "\x7f" or before in SYMBOLS or after == "\u20e3"
    return kind == "Lo"
