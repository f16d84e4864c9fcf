"""The stage's side of the talk, without a screen: what it takes of the answers, and what it says next
(``run-client.js``, ``connection.js``)."""

from __future__ import annotations

import math
import secrets
from typing import Any, get_args

import numpy as np

from benchmarks.crowd.playback import FASTEST, LONGEST, LOST, SLOW, Playback
from benchmarks.crowd.tally import Tally
from playground.live.protocol.reply import ReplyState, StopState
from playground.web.components import decode

COMPILING_PAUSE, LONGEST_REST = 0.15, 2.0
PACE = 10
"""Optimizer steps a frame with which the page begins."""
ENDED: tuple[StopState, ...] = get_args(StopState)

Said = tuple[str, dict[str, Any]]


class Player:
    """A run as one stage has it: up to frame ``last``, whose optimizer step is ``step``; ``errors`` are what must not
    happen.

    ``knob``: when one was turned whose answer is not there yet; ``returned``: of each run that a server had lost and
    made again, the step that was shown and the step it came to.
    """

    def __init__(self, tally: Tally) -> None:
        self.tally, self.playback = tally, Playback()
        self.run, self.epoch, self.last, self.step = "", 0, -1, -1.0
        self.state: ReplyState = "ready"
        self.knob = self._due = 0.0
        self.errors: list[str] = []
        self.returned: list[tuple[float, float]] = []
        self._story: dict[str, Any] | None = None
        self._recalling: dict[str, Any] = {}
        self.awaiting = self.playing = False
        self._asked, self._patience, self._not_before = 0.0, LOST, 0.0
        self._rest_until = 0.0
        self._first, self._usual = 0.0, 0.0
        self._talk, self._nonce, self._told = secrets.token_hex(4), 0, -math.inf
        self._unheard: list[dict[str, Any]] = []
        self._arrived = self._began = 0.0

    @property
    def head(self) -> int:
        """The frame that is shown."""
        return self.last - int(self.playback.ahead)

    def play(self, now: float) -> None:
        """Press Play."""
        self.playing, self._began, self._arrived = True, now, 0.0
        self.playback.pass_to(now)
        self.playback.shown = 0.0
        self.command("play")

    def rate(self, now: float) -> float:
        """Frames a second since the first that came after Play."""
        self.playback.pass_to(now)
        return self.playback.shown / max(now - self._began, 1e-9)

    def command(self, name: str) -> None:
        """Have a command said next."""
        self._nonce += 1
        self._unheard.append({"name": name, "nonce": self._nonce})
        self._told = -math.inf

    def wish(self, now: float) -> tuple[Said | None, float]:
        """What is to be said now, if anything, and seconds until it is worth asking again."""
        self.playback.pass_to(now)
        if self._unheard and now - self._told > LOST:
            self._told = now
            return ("command", {**self._unheard[-1], "talk": self._talk, "earlier": self._unheard[:-1]}), 0.01
        if now < self._not_before:
            return None, self._not_before - now
        if self._asked and now - self._asked <= self._patience:
            return None, self._asked + self._patience - now
        if self.awaiting or not self.run:
            return self._want(now, {"mount": True}), LOST
        if not self.playing:
            return None, 1.0
        if self.state in ENDED and self.playback.ahead <= 0:
            self.state = "ready"
            self.command("reset")
            self.command("play")
            return None, 0.0
        if (wait := max(self.playback.wait, self._rest_until - now)) > 0 or self.state in ENDED:
            return None, max(wait, 0.01)
        return self._want(now, {"pace": PACE}), LOST

    def _want(self, now: float, what: dict[str, Any]) -> Said:
        if self._asked:
            self.tally.asked_again += 1
            self._patience = min(LONGEST, self._patience * 1.5)
        else:
            self._first = now
        self._asked = now
        self._nonce += 1
        place = {"run": self.run, "epoch": self.epoch, "from": self.last + 1, "head": self.head}
        told = self._recalling if "mount" in what else {}
        return "want", {**place, **what, **told, "nonce": self._nonce}

    def _answered(self, now: float, compiling: bool, rest: float = 0.0) -> None:
        trip = now - self._first if self._asked else 0.0
        if self._asked:
            self.tally.trips.append(now - self._asked)
            self._usual += 0.3 * (trip - self._usual)
        self._asked, self._patience = 0.0, min(LONGEST, max(LOST, SLOW * self._usual))
        self._not_before = now + COMPILING_PAUSE if compiling else 0.0
        self._rest_until = now + min(LONGEST_REST, rest * trip)

    def accept(self, message: bytes, now: float) -> None:
        """Take a message as the stage does; what does not fit is passed over."""
        if not message:
            return
        header, blocks = decode(message)
        self.playback.pass_to(now)
        if header.get("heard", [""])[0] == self._talk:
            self._unheard = [one for one in self._unheard if one["nonce"] > header["heard"][1]]
        if header.get("only_heard") or "look" in header:
            return
        self.playback.fastest = (header.get("calm") or {}).get("fastest", FASTEST)
        n, state, start = header["n"], header["state"], header["start"]
        self.tally.told(state, header["text"])
        for notice in (notice for of_frame in header.get("notices") or () for notice in of_frame["notices"]):
            if notice["name"] == "crowd":
                self.tally.told("that it is crowded", notice["sentence"])
        steps = blocks["scalars"][:, 0] if n else np.zeros(0)
        other = header["run"] != self.run
        if other and "scene" not in header:
            self.awaiting = True  # the stage asks for all of the run that it does not know
            return
        if self._remembers(header):
            self._recalling = {"story": self._story, "step": self.step}
            self.awaiting, self._asked, self._patience = True, 0.0, LOST
            return
        if other or header["epoch"] > self.epoch:
            if "scene" in header and not n:
                self.awaiting = True
                self._answered(now, compiling=True)
            else:
                self._turn(header, other or "scene" in header)
                self._answered(now, compiling=False)
                self._add(start, steps, now)
                if self._recalling and n:
                    self.returned.append((self._recalling["step"], self.step))
                    self._recalling = {}
        elif header["epoch"] == self.epoch and "scene" in header:
            self.awaiting = False
            if self._asked and start + n - 1 <= self.last:
                self.last, self.step = start + n - 1, float(steps[-1]) if n else self.step
                self.playback.dropped()
                self._answered(now, compiling=False)
        elif header["epoch"] == self.epoch and start == self.last + 1:
            self._answered(now, state == "compiling", (header.get("calm") or {}).get("rest", 0.0))
            self.state = state
            self._add(start, steps, now)
        if header["run"] == self.run:
            self._story = header.get("story") or self._story

    def _remembers(self, header: dict[str, Any]) -> bool:
        """Whether the server knows nothing of the run that is shown here, but could make it again
        (``run-client.js``)."""
        own, theirs = self._story, header.get("story")
        other = bool(self.run) and header["run"] != self.run and header.get("opened", False)
        return bool(other and own and theirs and own["of"] == theirs["of"] and self.step > 0)

    def _turn(self, header: dict[str, Any], begin: bool) -> None:
        """Another run, or the same one after a knob was turned: what is in hand does not hold any more."""
        self.last = header["start"] - 1 if begin else self.head
        self.run, self.epoch, self.state, self.awaiting = header["run"], header["epoch"], header["state"], False
        self.step = -1.0
        self.knob, self._due = 0.0, self.knob
        self.playback.dropped()

    def _add(self, start: int, steps: np.ndarray, now: float) -> None:
        if start != self.last + 1 or not len(steps):
            return
        if steps[0] < self.step or (np.diff(steps) < 0).any():
            self.errors.append(f"steps ran backwards: {self.step:.0f}, then {steps[:3]}")
        self.last, self.step = start + len(steps) - 1, float(steps[-1])
        if self._due:
            self.tally.effects.append(now - self._due)
            self._due = 0.0
        if not self.playing:
            return
        if self._arrived:
            self.tally.gaps.append(now - self._arrived)
        else:
            self.tally.begins.append(now - self._began)
            self._began = now
        self._arrived = now
        self.playback.arrived(len(steps))
