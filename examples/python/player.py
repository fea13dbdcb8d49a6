"""One player: makes inputs for ticks, ahead of the server, and checks what the server does with them.

The document promises three things that this client can check without computing the whole game: an input that arrives in
time is applied at its tick and at no other; a paddle moves by PaddleSpeed for each such tick; and inputs that have
arrived are acknowledged. Player checks them at every STATE.
"""

import wire

FRAME = 1 / wire.TICK_RATE
WANTED_MARGIN = 3.0  # ticks. A person would notice them; a script on a loaded machine needs them
FIRST_LEAD = 5  # ticks, in addition to the round trip


class Player:
    def __init__(self, seat):
        self.seat = seat  # 0 is the left one
        self.state = None  # the newest STATE
        self.next_tick = None  # the tick that the next input is for; None: no inputs are wanted now
        self.rate = 1.0  # the speed of our clock, adjusted so that inputs are early enough and not too early
        self._made = {}  # our inputs by tick, as long as a STATE can contain them
        self._first = 0  # the first tick that has an input since we last began
        self.granted = self.changed = 0  # ticks at which our input was applied, and at which another was
        self.moved_as_predicted = self.moved_otherwise = 0  # STATEs
        self.travelled = 0  # how far our paddle has moved, in 256ths of a pixel
        self.acked = -1
        self.newest = -1  # the last tick that we have made an input for
        self.inputs = 0
        self.states = 0
        self.old_states = 0
        self.missed = 0

    def playing(self):
        return self.state is not None and self.state.game.phase != wire.WAITING

    def take(self, state, round_trip):
        """Takes a STATE. Raises AssertionError if the server breaks a promise of the document."""
        before = self.state
        if before is not None and state.game.tick <= before.game.tick:
            self.old_states += 1
            return
        self.states += 1
        self.state = state
        if not self.playing():
            self.next_tick = None
            return
        self.acked = max(self.acked, state.acked[self.seat])
        since = state.game.tick - before.game.tick if before else 0
        away = any(made[self.seat] == wire.AWAY for made in state.applied[:since])  # the server may have stood still
        if self.next_tick is None or self.next_tick <= state.game.tick or away:
            self._begin(state.game.tick, round_trip)
            return
        if state.least != wire.NO_MARGIN:
            # Two ticks too early: run four per cent slower.
            off = state.least / 8 - WANTED_MARGIN
            self.rate = 1 - max(-0.05, min(0.05, off * 0.02))
        if before is not None and before.game.phase != wire.WAITING:
            self._compare(before, state)

    def _begin(self, tick, round_trip):
        self.next_tick = tick + FIRST_LEAD + (round_trip or 0) * wire.TICK_RATE // 1_000_000 + 1
        self._first = self.next_tick
        self._made.clear()
        self.rate = 1.0

    def _compare(self, before, state):
        ticks = range(before.game.tick, state.game.tick)
        if len(ticks) > wire.HISTORY or before.game.tick < self._first:
            return
        self.missed += state.missed
        predicted = told = before.game.paddle[self.seat]
        resting = before.game.tick + before.game.paddles_rest()
        for tick in ticks:
            applied = state.applied[state.game.tick - 1 - tick][self.seat]
            ours = self._made[tick]
            if tick >= resting:
                predicted, told = moved(predicted, ours), moved(told, applied)
            if applied == ours:
                self.granted += 1
            else:
                self.changed += 1
        now = state.game.paddle[self.seat]
        if now != told:
            raise AssertionError(f"at tick {state.game.tick} the paddle is at {now}, and by the inputs at {told}")
        if now == predicted:
            self.moved_as_predicted += 1
        else:
            self.moved_otherwise += 1
        self.travelled += abs(now - before.game.paddle[self.seat])
        for tick in [tick for tick in self._made if tick < before.game.tick - wire.MAX_INPUTS]:
            del self._made[tick]

    def make(self):
        """Makes the input of the next tick, and returns the newest tick and the runs of an INPUT."""
        tick, self.next_tick = self.next_tick, self.next_tick + 1
        self.newest = tick
        self.inputs += 1
        self._made[tick] = self._hand(tick)
        oldest = max(self.acked + 1, self._first)
        return tick, wire.runs_of([self._made[t] for t in range(tick, oldest - 1, -1)])

    def _hand(self, tick):
        """Moves up and down while the ball rests, and follows the ball in a rally. Pauses now and then, so that an
        input that is applied a tick too early or too late can be detected."""
        game = self.state.game
        if tick % 16 < 3:
            return wire.NONE
        if game.phase != wire.PLAYING:
            return wire.DOWN if tick // 32 % 2 else wire.UP
        off = game.ball[1] + wire.BALL_SIZE // 2 - game.paddle[self.seat] - wire.PADDLE_HEIGHT // 2
        if abs(off) < 4 * wire.PADDLE_SPEED:
            return wire.NONE
        return wire.DOWN if off > 0 else wire.UP


def moved(paddle, made):
    """Returns where a paddle is one tick later, if the paddles do not rest."""
    if made == wire.UP:
        paddle -= wire.PADDLE_SPEED
    elif made == wire.DOWN:
        paddle += wire.PADDLE_SPEED
    return max(0, min(wire.PADDLE_FLOOR, paddle))
