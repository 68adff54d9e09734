"""How often a host may be asked: one question at a time, a delay per host, a smaller one per address (WEB B.2).

Clock, sleep and chance are arguments, so that politeness is proved in simulated time. The delay follows the slowest of the
site's own Crawl-delay, five times its usual latency and our floor; it doubles when the host strains and is halved slowly after
twenty good answers; an answer that is not good never makes us faster. Five failures in a row rest the host for 15 minutes, then an
hour, then until the next run. What a host asks for with Retry-After is waited for when it is short; else the host is parked.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from catalogue.reasons import Reason
from extractors.exceptions import HostResting

RESTS_S = (900.0, 3600.0, float("inf"))
FAILURES_BEFORE_REST = 5
GOOD_BEFORE_EASING = 20
LONGEST_HOLD_S = 120.0
LONGEST_DELAY_S = 300.0


@dataclass
class HostState:
    lock: threading.Lock = field(default_factory=threading.Lock)
    left_at: float = float("-inf")
    next_at: float = 0.0
    asked_until: float = 0.0
    latency_s: float = 0.0
    strain: float = 1.0
    good: int = 0
    failures: int = 0
    rests: int = 0
    resting_until: float = 0.0


class Pace:
    """Shared by all sources and threads of a run.

    `floor_s` and `address_floor_s` are seconds between two questions to one host and to one address; `ceiling_s` caps our own
    delay but never the site's Crawl-delay.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
        *,
        floor_s: float = 2.0,
        address_floor_s: float = 0.5,
        ceiling_s: float = 60.0,
        chance: random.Random | None = None,
    ) -> None:
        self.clock, self.sleep = clock, sleep
        self.floor_s, self.address_floor_s, self.ceiling_s = floor_s, address_floor_s, ceiling_s
        self._chance = chance or random.Random()
        self._hosts: dict[str, HostState] = {}
        self._addresses: dict[str, float] = {}
        self._guard = threading.Lock()

    def host(self, name: str) -> HostState:
        with self._guard:
            return self._hosts.setdefault(name, HostState())

    def delay_s(self, state: HostState, crawl_delay_s: float | None) -> float:
        """Seconds to leave after an answer. Jitter only lengthens, so that the promise holds."""
        own = min(max(5 * state.latency_s if self.floor_s else 0.0, self.floor_s) * state.strain, self.ceiling_s)
        return max(own * (1 + 0.2 * self._chance.random()), crawl_delay_s or 0.0)

    def enter(self, name: str, address: str) -> HostState:
        """Wait for our turn; the host is ours until `leave`. Raises HostResting when the wait would be too long to hold."""
        state = self.host(name)
        state.lock.acquire()
        try:
            now = self.clock()
            if state.resting_until > now:
                rest_s = state.resting_until - now
                known = Reason("host_resting", host=name, seconds=round(rest_s)) if rest_s < float("inf") else None
                raise HostResting(known or Reason("host_given_up", host=name))
            if state.asked_until - now > LONGEST_HOLD_S:
                raise HostResting(Reason("host_asked_to_wait", host=name, seconds=round(state.asked_until - now)))
            if state.next_at - now > LONGEST_DELAY_S:
                raise HostResting(Reason("host_one_a_run", host=name, seconds=round(state.next_at - state.left_at)))
            self._wait(max(state.next_at, state.asked_until) - now)
            self._take_address_turn(address)
        except BaseException:
            state.lock.release()
            raise
        return state

    def _wait(self, seconds: float) -> None:
        if seconds > 0:
            self.sleep(seconds)

    def _take_address_turn(self, address: str) -> None:
        with self._guard:
            now = self.clock()
            turn = max(now, self._addresses.get(address, 0.0))
            self._addresses[address] = turn + self.address_floor_s
        self._wait(turn - now)

    def leave(
        self, state: HostState, *, latency_s: float, status: int | None, crawl_delay_s: float | None, retry_after_s: float | None
    ) -> None:
        """Tell how it went. `status` None means no answer. Frees the host."""
        try:
            now = state.left_at = self.clock()
            is_strained = status is None or status in (429, 503)
            is_failure = status is None or status >= 500 or status == 429
            usual_s = latency_s if not state.latency_s else 0.7 * state.latency_s + 0.3 * latency_s
            state.latency_s = usual_s if status is not None and status < 400 else max(usual_s, state.latency_s)
            if is_strained:
                state.strain, state.good = min(state.strain * 2, 64.0), 0
            elif not is_failure:
                state.good += 1
                if state.good >= GOOD_BEFORE_EASING:
                    state.strain, state.good = max(state.strain / 2, 1.0), 0
            state.failures = state.failures + 1 if is_failure else 0
            if state.failures >= FAILURES_BEFORE_REST:
                state.resting_until = now + RESTS_S[min(state.rests, len(RESTS_S) - 1)]
                state.rests, state.failures = state.rests + 1, 0
            state.next_at = now + self.delay_s(state, crawl_delay_s)
            state.asked_until = now + (retry_after_s or 0.0)
        finally:
            state.lock.release()

    def learn(self, name: str, crawl_delay_s: float | None) -> None:
        """The host's robots.txt was read: its Crawl-delay holds from that very answer on."""
        state = self.host(name)
        with state.lock:
            state.next_at = max(state.next_at, state.left_at + (crawl_delay_s or 0.0))
