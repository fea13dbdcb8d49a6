#!/usr/bin/python3
"""A Pong client made from docs/protocol.md alone, to see whether that document is enough.

It joins a server, plays for some seconds with 60 inputs a second, checks that the server applies them, and reports it.
It needs Debian's python3-cryptography and python3-openssl, and has no window: it is an example to read.

Exit codes: 0 all is as the document says; 1 something is not; 2 a wrong argument; 3 the server is not the one that was
meant; 4 the server could not be reached, or no longer; 5 the server has refused us.
"""

import argparse
import os
import select
import sys
import time

import control
import sealed
import trust
import vectors
import wire
from connection import ConnectionLost, Control, Game
from player import FRAME, Player

FAILED, USAGE, UNTRUSTED, LOST, REFUSED = 1, 2, 3, 4, 5


class ServerRefused(Exception):
    """The server has sent ERROR."""


class Match:
    """From JOIN to LEAVE."""

    def __init__(self, channel, name, roam, key_log=None, room=None):
        self.control = channel
        self.name = name
        self.room = room
        self.key_log = key_log
        self.wants_to_roam = roam
        self.game = None
        self.player = None
        self.player_id = 0
        self.token = b""
        self.ticket = ""  # a join ticket
        self.states_on = set()  # the sockets at which STATEs have arrived
        self.challenges = 0
        self._next = {}  # when each repeated action is due

    def join(self, within=10.0):
        self.control.send(
            "JOIN", version=control.VERSION, name=self.name, role="player", room=self.room, ticket=self.ticket
        )
        deadline = time.monotonic() + within
        while self.game is None:
            left = deadline - time.monotonic()
            if left <= 0:
                raise ConnectionLost("the server has not answered JOIN")
            select.select([self.control.socket], [], [], left)
            for line in self.control.receive():
                self.hear(line)

    def hear(self, line):
        """Handles a line of the control channel."""
        if line["type"] == "WELCOME":
            self._welcome(line)
        elif line["type"] == "ERROR":
            raise ServerRefused(f"the server says {line['code']}: {line['message']}")
        elif line["type"] == "SEAT":
            self._sit(line["player_id"])
            say(f"moved to match {line['match']}, seat {self.player_id}")
        elif line["type"] == "PRESENCE":
            say(f"player {line['player_id']} ({line['name']}) is {line['status']}")
        elif line["type"] == "START":
            say("the match begins")
        elif line["type"] == "END":
            say(f"player {line['winner']} has won, {line['score1']} to {line['score2']}. {line['message']}".rstrip())
            self.control.send("REMATCH")

    def _welcome(self, line):
        if self.game is not None:
            raise sealed.Refused("a second WELCOME")
        if line["tick_rate"] != wire.TICK_RATE or not 1 <= line["udp_port"] <= 65535:
            raise sealed.Refused("a WELCOME that cannot be")
        self.token = control.secret(line["token"], "token")
        session = self.control.session(control.session_id(line["session"]), self.key_log)
        self.game = Game(session, self.control.address, line["udp_port"])
        self._sit(line["player_id"])
        say(f"welcome to match {line['match']}, seat {self.player_id}, session {line['session']}")

    def _sit(self, player_id):
        if player_id not in (1, 2):
            raise sealed.Refused("a player who is not 1 or 2")
        self.player_id = player_id
        self.player = Player(player_id - 1)

    def play(self, seconds, wait):
        """Plays until it has made inputs for this many seconds. It waits at most this long for the game to begin."""
        wanted = round(seconds / FRAME)
        deadline = time.monotonic() + wait
        while self.player.inputs < wanted:
            if time.monotonic() > deadline:
                raise ConnectionLost("no game has begun" if not self.player.inputs else "the game does not go on")
            if self.player.playing():
                deadline = max(deadline, time.monotonic() + 5)
            if self.wants_to_roam and self.player.inputs > wanted // 2:
                self.wants_to_roam = False
                self.game.roam()
                say("going on from another port")
            self._send()
            self._receive()
        self._settle()

    def _settle(self):
        """Waits until the last inputs have been acknowledged and applied. No new ones are made."""
        deadline = time.monotonic() + 1
        while self.player.state.game.tick <= self.player.newest and time.monotonic() < deadline:
            self._receive()

    def _due(self, what, every):
        """Reports whether an action is due again. It does not catch up if it is far behind."""
        now = time.monotonic()
        at = self._next.get(what, now)
        if now < at:
            return False
        self._next[what] = max(at + every, now - 4 * every)
        return True

    def _send(self):
        if self._due("control", 10):
            self.control.send("PING")
        if self.player.state is None:
            if self._due("REGISTER", 0.1):
                self.game.send(lambda stamp: wire.Register(stamp, self.player_id, self.token))
        elif self.player.next_tick is None:
            if self._due("PING", 0.1):
                self.game.send(wire.Ping)
        else:
            while self._due("INPUT", FRAME / self.player.rate):
                newest, runs = self.player.make()
                self.game.send(lambda stamp, newest=newest, runs=runs: wire.Input(stamp, newest, runs))

    def _receive(self):
        at = min((self._next[what] for what in ("REGISTER", "PING", "INPUT") if what in self._next), default=0)
        timeout = min(max(at - time.monotonic(), 0.001), 0.1)
        readable, _, _ = select.select([self.control.socket, *self.game.sockets], [], [], timeout)
        for link, found in self.game.receive():
            if isinstance(found, wire.State):
                self.states_on.add(link)
                self.player.take(found, self.game.round_trip)
            elif isinstance(found, wire.Challenge):
                self.challenges += 1
        if self.control.socket in readable:
            for line in self.control.receive():
                self.hear(line)

    def leave(self):
        try:
            self.control.send("LEAVE")
        except ConnectionLost:
            pass  # the server knows already
        self.control.close()

    def verdict(self, roamed):
        """Prints what was seen. Returns a sentence for each thing that is wrong."""
        p, game = self.player, self.player.state.game
        ticks = p.granted + p.changed
        trip = f"{self.game.round_trip / 1000:.1f} ms" if self.game.round_trip is not None else "unknown"
        say(f"inputs      {p.inputs} made, up to tick {p.newest}, acknowledged up to {p.acked}")
        say(f"applied     {p.granted} of {ticks} ticks as we said; the server missed {p.missed}")
        say(f"paddle      {p.travelled / wire.PIXEL:.0f} pixels; {p.moved_as_predicted} of "
            f"{p.moved_as_predicted + p.moved_otherwise} STATEs where we predicted")
        say(f"states      {p.states} new, {p.old_states} old, refused {self.game.refused or 'none'}")
        say(f"round trip  {trip}")
        say(f"score       {game.score[0]} : {game.score[1]} at tick {game.tick}")
        wrong = []
        if ticks < p.inputs * 0.8:
            wrong.append(f"only {ticks} of {p.inputs} inputs could be checked")
        # On a loaded machine an input may arrive too late. The server then reports it as missed and plays another.
        if p.changed > p.missed:
            wrong.append(f"the server applied other inputs than ours at {p.changed} ticks, and missed only {p.missed}")
        if p.granted < 0.8 * ticks:
            wrong.append(f"only {p.granted} of {ticks} inputs arrived in time")
        if p.moved_as_predicted < 0.8 * (p.moved_as_predicted + p.moved_otherwise):
            wrong.append("our paddle has not moved as predicted")
        if p.travelled < 200 * wire.PIXEL:
            wrong.append("our paddle has hardly moved")
        if p.acked < p.newest:
            wrong.append(f"the inputs after tick {p.acked} were not acknowledged")
        if p.states < p.inputs / 4 * 0.8:
            wrong.append("fewer than 15 STATEs a second arrived")
        if self.game.refused:
            wrong.append("the server sent datagrams that are not of the protocol")
        if roamed and not (self.challenges and self.game.sockets[-1] in self.states_on):
            wrong.append(f"after {self.challenges} CHALLENGEs no STATE came to the new port")
        return wrong


def say(what):
    print(what, flush=True)


def arguments():
    words = argparse.ArgumentParser(description=__doc__.split("\n\n")[0], epilog=__doc__.split("\n\n", 2)[2])
    words.add_argument("server", nargs="?", help="a join link (pong://HOST:PORT/#k=FINGERPRINT&r=ROOM), or HOST:PORT")
    words.add_argument("--trust", metavar="FINGERPRINT", help="the fingerprint that the server must have")
    words.add_argument("--ticket", default="", help="the join ticket, if the server wants one: see ticket.py")
    words.add_argument("--name", default="python", help="your name at the table (default %(default)s)")
    words.add_argument("--seconds", type=float, default=10, help="how long to play (default %(default)g)")
    words.add_argument("--wait", type=float, default=30, help="how long to wait for a game (default %(default)g s)")
    words.add_argument("--roam", action="store_true", help="go on from another UDP port in the middle of the game")
    words.add_argument("--keylog", metavar="FILE", help="append the keys of the session to this file: see the document")
    words.add_argument("--vectors", metavar="PROTOCOL.MD", help="check the examples of the document, and do not play")
    options = words.parse_args()
    if options.vectors:
        return options
    if not options.server:
        words.error("name a server, best by its join link, or give --vectors docs/protocol.md")
    options.name = control.clean_name(options.name)
    if not options.name:
        words.error("a name has 1 to 16 characters that can be seen")
    try:
        host, port, options.fingerprint, options.room, given, further = trust.parse_link(options.server)
        options.addresses = [(host, port), *further]
        options.ticket = options.ticket or given or ""
        if options.trust:
            given = trust.parse_fingerprint(options.trust)
            if options.fingerprint not in (None, given):
                words.error("--trust names another fingerprint than the join link")
            options.fingerprint = given
    except ValueError as err:
        words.error(str(err))
    return options


def main():
    options = arguments()
    if options.vectors:
        try:
            return 0 if vectors.run(options.vectors) else FAILED
        except OSError as err:
            return complain(f"read the document: {err}", USAGE)
    try:
        return play(options)
    except trust.Untrusted as err:
        return complain(f"this is not the server that was meant: {err}", UNTRUSTED)
    except ConnectionLost as err:
        return complain(str(err), LOST)
    except ServerRefused as err:
        return complain(str(err), REFUSED)
    except sealed.Refused as err:
        return complain(f"the server breaks the protocol: {err}", FAILED)
    except AssertionError as err:
        return complain(str(err), FAILED)
    except KeyboardInterrupt:
        return complain("interrupted", LOST)


def open_key_log(path):
    if path is None:
        return None
    say(f"KEY LOG: whoever has the file {path} can read this match, and play in our place while it lasts")
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w")


def dial(addresses, fingerprint):
    """Returns the control channel to the server at the first of some addresses where it is. Another server there does
    not matter if there is a further address. This program tries one after the other; the document has a faster way."""
    for host, port in addresses[:-1]:
        try:
            return Control(host, port, fingerprint, within=3.0)
        except (ConnectionLost, trust.Untrusted) as err:
            say(f"{host} port {port}: {err}")
    return Control(*addresses[-1], fingerprint)


def play(options):
    try:
        key_log = open_key_log(options.keylog)
    except OSError as err:
        return complain(f"key log: {err}", USAGE)
    channel = dial(options.addresses, options.fingerprint)
    match = Match(channel, options.name, options.roam, key_log, options.room)
    match.ticket = options.ticket
    try:
        match.join()
        match.play(options.seconds, options.wait)
    finally:
        match.leave()
    wrong = match.verdict(options.roam)
    for sentence in wrong:
        complain(sentence, FAILED)
    return FAILED if wrong else 0


def complain(what, code):
    print(f"pong_client: {what}", file=sys.stderr, flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
