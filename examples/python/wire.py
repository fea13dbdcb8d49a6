"""The plaintexts of the game channel: docs/protocol.md, "The game channel".

Each kind has a class with the fields of the document and with pack() and parse(). For any bytes, parse either returns a
value or raises Refused, as the document says.
"""

import struct
from dataclasses import dataclass
from typing import ClassVar

from sealed import Refused

REGISTER, INPUT, STATE, PING, CHALLENGE, RESPONSE = 1, 2, 3, 4, 5, 6
LENGTHS = {REGISTER: 30, INPUT: 33, STATE: 77, PING: 13, CHALLENGE: 21, RESPONSE: 21}

NONE, UP, DOWN, AWAY = 0, 1, 2, 3
WAITING, COUNTDOWN, PLAYING, SCORED, OVER = 0, 1, 2, 3, 4
REGULAR, NEWS, SCORE, RESET = 0, 1, 2, 3
FREE, JOINED, ONLINE, HIDDEN, SILENT = 0, 1, 2, 3, 4
MAX_GAME = 63
MAX_PAUSE_LEFT = 6  # units of 10 s

NO_ECHO = 0xFFFFFFFF
MAX_TICK = (1 << 31) - 1
MAX_RUNS, LONGEST_RUN, MAX_INPUTS = 16, 63, 128
HISTORY = 24
MAX_AHEAD = 10
NO_MARGIN = -128

TICK_RATE = 60
PIXEL = 256
WIDTH = 204800
PADDLE_HEIGHT, PADDLE_SPEED, PADDLE_FLOOR = 25600, 1280, 128000
BALL_SIZE, BALL_FLOOR = 2560, 151040
MAX_SPEED, MIN_SPEED = 3072, 768


def need(condition, why):
    if not condition:
        raise Refused(why)


def parse(plaintext):
    """Reads any plaintext by its first byte."""
    kinds = {REGISTER: Register, INPUT: Input, STATE: State, PING: Ping, CHALLENGE: Challenge, RESPONSE: Response}
    need(plaintext and plaintext[0] in kinds, "unknown type")
    need(len(plaintext) == LENGTHS[plaintext[0]], "wrong length")
    return kinds[plaintext[0]].parse(plaintext)


@dataclass
class Stamp:
    """The first 13 bytes of every plaintext. The type is not a field of it: each class has its own."""

    ts: int = 0
    echo: int = 0
    hold: int = NO_ECHO

    FORM: ClassVar = struct.Struct(">BIII")

    def pack(self, kind):
        return self.FORM.pack(kind, self.ts, self.echo, self.hold)

    @classmethod
    def parse(cls, plaintext):
        return cls(*cls.FORM.unpack_from(plaintext)[1:])


@dataclass
class Ping:
    stamp: Stamp

    def pack(self):
        return self.stamp.pack(PING)

    @classmethod
    def parse(cls, plaintext):
        return cls(Stamp.parse(plaintext))


@dataclass
class Register:
    stamp: Stamp
    player_id: int
    token: bytes

    def pack(self):
        return self.stamp.pack(REGISTER) + bytes([self.player_id]) + self.token

    @classmethod
    def parse(cls, plaintext):
        return cls(Stamp.parse(plaintext), plaintext[13], plaintext[14:])


@dataclass
class Challenge:
    stamp: Stamp
    data: bytes

    def pack(self):
        return self.stamp.pack(CHALLENGE) + self.data

    @classmethod
    def parse(cls, plaintext):
        return cls(Stamp.parse(plaintext), plaintext[13:])


class Response(Challenge):
    def pack(self):
        return self.stamp.pack(RESPONSE) + self.data


@dataclass
class Input:
    stamp: Stamp
    newest: int
    runs: list  # of (input, ticks), the newest first

    def pack(self):
        body = bytes(made << 6 | ticks for made, ticks in self.runs)
        return self.stamp.pack(INPUT) + struct.pack(">I", self.newest) + body.ljust(MAX_RUNS, b"\0")

    @classmethod
    def parse(cls, plaintext):
        (newest,) = struct.unpack_from(">I", plaintext, 13)
        need(newest <= MAX_TICK, "an impossible tick")
        body = plaintext[17:].rstrip(b"\0")
        runs = [(byte >> 6, byte & 63) for byte in body]
        need(all(ticks > 0 for _, ticks in runs), "a run of no ticks, or one after the end")
        need(all(made != AWAY for made, _ in runs), "input 3")
        total = sum(ticks for _, ticks in runs)
        need(total <= MAX_INPUTS, "too many ticks")
        need(total <= newest + 1, "inputs before tick 0")
        return cls(Stamp.parse(plaintext), newest, runs)


def runs_of(inputs):
    """Returns the runs of a list of inputs, the newest first. The oldest are left out if they do not fit."""
    runs = []
    for made in inputs[:MAX_INPUTS]:
        if runs and runs[-1][0] == made and runs[-1][1] < LONGEST_RUN:
            runs[-1] = (made, runs[-1][1] + 1)
        elif len(runs) < MAX_RUNS:
            runs.append((made, 1))
        else:
            break
    return runs


@dataclass
class Game:
    """The game state of a tick."""

    tick: int
    phase: int
    timer: int
    round: int
    score: tuple
    paddle: tuple
    ball: tuple  # x, y, and the speed along both
    hits: int
    walls: int
    serve_to: int
    serve: int  # the next serve; 0: it is not drawn yet
    winner: int

    LEN: ClassVar = 38

    @classmethod
    def parse(cls, body):
        def number(offset, length, signed=False):
            return int.from_bytes(body[offset : offset + length], "big", signed=signed)

        game = cls(
            tick=number(0, 4),
            phase=number(4, 1),
            timer=number(5, 2),
            round=number(7, 2),
            score=(number(9, 2), number(11, 2)),
            paddle=(number(13, 3), number(16, 3)),
            ball=(number(19, 3, True), number(22, 3, True), number(25, 2, True), number(27, 2, True)),
            hits=number(29, 2),
            walls=number(31, 1),
            serve_to=number(32, 1),
            serve=number(33, 4),
            winner=number(37, 1),
        )
        game._check()
        return game

    def pack(self):
        def part(value, length):
            return value.to_bytes(length, "big", signed=value < 0)

        x, y, along_x, along_y = self.ball
        return b"".join((
            part(self.tick, 4), part(self.phase, 1), part(self.timer, 2), part(self.round, 2),
            part(self.score[0], 2), part(self.score[1], 2), part(self.paddle[0], 3), part(self.paddle[1], 3),
            part(x, 3), part(y, 3), part(along_x, 2), part(along_y, 2),
            part(self.hits, 2), part(self.walls, 1), part(self.serve_to, 1), part(self.serve, 4), part(self.winner, 1),
        ))  # fmt: skip

    def paddles_rest(self):
        """Returns for how many ticks no paddle moves: in a countdown with the ball in flight, until it flies on."""
        return self.timer if self.phase == COUNTDOWN and self.ball[2] != 0 else 0

    def _check(self):
        need(self.tick <= MAX_TICK, "an impossible tick")
        need(self.phase <= OVER, "unknown phase")
        timers = {COUNTDOWN: range(1, 181), SCORED: range(1, 61)}
        need(self.timer in timers.get(self.phase, (0,)), "an impossible timer")
        need(all(y <= PADDLE_FLOOR for y in self.paddle), "a paddle outside the field")
        need(self.serve_to <= 1, "an impossible serve")
        need(self.winner in ((1, 2) if self.phase == OVER else (0,)), "an impossible winner")
        x, y, along_x, along_y = self.ball
        resting = along_x == 0
        outside = (22 if resting else 10) * PIXEL
        need(-outside <= x <= WIDTH - BALL_SIZE + outside and 0 <= y <= BALL_FLOOR, "a ball outside the field")
        if resting:
            need(along_y == 0 and self.phase != PLAYING, "a ball that should move")
        else:
            need(abs(along_x) >= MIN_SPEED and along_x**2 + along_y**2 <= MAX_SPEED**2, "an impossible speed")
            need(self.phase not in (SCORED, OVER), "a ball that should rest")
        need(self.serve == 0 or resting and self.phase != OVER, "a serve in a rally or after a game")


@dataclass
class State:
    stamp: Stamp
    reason: int
    pauses: tuple  # the rest of each player's pause budget, in tens of seconds, rounded up
    game: Game
    acked: tuple  # for each seat the tick up to which the server needs no more inputs
    applied: list  # the inputs of both players at the ticks T-1, T-2, ...
    lineup: int  # another one whenever a seat gets another player, or none
    game_number: int  # 0 before START
    seats: tuple  # their statuses
    rematch: tuple  # for each player whether another game is asked for
    player_id: int  # of the receiver, 0 for a watcher
    least: int  # eighths of a tick, NO_MARGIN: no input arrived
    base: int
    missed: int
    tail_ms: int
    loss: int
    ahead: list  # the other player's inputs at the ticks T, T+1, ...

    @classmethod
    def parse(cls, plaintext):
        game = Game.parse(plaintext[14 : 14 + Game.LEN])
        behind = struct.unpack_from(">bb", plaintext, 52)
        applied = []
        for byte in plaintext[54:66]:
            applied += [(byte >> 6, byte >> 4 & 3), (byte >> 2 & 3, byte & 3)]
        lineup, seats, numbers = plaintext[66:69]
        least, base, missed, tail_ms, loss = struct.unpack_from(">bbBBB", plaintext, 69)
        bits = int.from_bytes(plaintext[74:77], "big")
        inputs = [bits >> 18 - 2 * i & 3 for i in range(MAX_AHEAD)]
        state = cls(
            stamp=Stamp.parse(plaintext),
            reason=plaintext[13] & 3,
            pauses=(plaintext[13] >> 2 & 7, plaintext[13] >> 5),
            game=game,
            acked=(game.tick + behind[0], game.tick + behind[1]),
            applied=applied,
            lineup=lineup,
            game_number=numbers & MAX_GAME,
            seats=(seats & 7, seats >> 3 & 7),
            rematch=(seats >> 6 & 1, seats >> 7),
            player_id=numbers >> 6,
            least=least,
            base=base,
            missed=missed,
            tail_ms=tail_ms,
            loss=loss,
            ahead=inputs[: bits >> 20],
        )
        need(max(state.pauses) <= MAX_PAUSE_LEFT, "an impossible rest of pauses")
        need(min(state.acked) >= 0, "acknowledged before tick 0")
        need(max(state.seats) <= SILENT, "unknown status")
        need(state.player_id <= 2, "an impossible player")
        need(bits >> 20 <= MAX_AHEAD, "too many inputs ahead")
        need(AWAY not in state.ahead, "input 3 ahead")
        need(not any(inputs[bits >> 20 :]), "a bit after the inputs ahead")
        need(not state.ahead or state.player_id > 0, "inputs ahead for a watcher")
        need(base != -128 and (least != NO_MARGIN or base == 0), "a base margin of no inputs")
        return state

    def pack(self):
        bits = [(a << 2 | b) for a, b in self.applied]
        history = bytes(bits[i] << 4 | bits[i + 1] for i in range(0, HISTORY, 2))
        return (
            self.stamp.pack(STATE)
            + bytes([self.reason | self.pauses[0] << 2 | self.pauses[1] << 5])
            + self.game.pack()
            + struct.pack(">bb", *(acked - self.game.tick for acked in self.acked))
            + history
            + bytes([
                self.lineup,
                self.seats[0] | self.seats[1] << 3 | self.rematch[0] << 6 | self.rematch[1] << 7,
                self.game_number | self.player_id << 6,
            ])  # fmt: skip
            + struct.pack(">bbBBB", self.least, self.base, self.missed, self.tail_ms, self.loss)
            + self._pack_ahead()
        )

    def _pack_ahead(self):
        bits = len(self.ahead) << 20
        for i, made in enumerate(self.ahead):
            bits |= made << 18 - 2 * i
        return bits.to_bytes(3, "big")
