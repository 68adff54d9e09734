"""The registers of the sandbox: national services whose rows are about many bodies. They are no part of the demo's world; tests serve them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sandbox.answers import NOT_FOUND, Answer, Question
from sandbox.bodies import Body
from sandbox.brreg import Brreg
from sandbox.doffin import Doffin
from sandbox.judge import HostRules
from sandbox.kommuneinfo import Kommuneinfo
from sandbox.mimesbronn import MimesBronn
from sandbox.ssb import Ssb


class Registers:
    """All registers over the same bodies on the same day, each on its own host."""

    def __init__(self, bodies: Sequence[Body], day: date) -> None:
        self.brreg, self.ssb, self.kommuneinfo = Brreg(bodies, day), Ssb(bodies, day), Kommuneinfo(bodies, day)
        self.doffin, self.mimesbronn = Doffin(bodies, day), MimesBronn(bodies, day)
        self.by_host = {r.host: r for r in (self.brreg, self.ssb, self.kommuneinfo, self.doffin, self.mimesbronn)}

    def rules(self) -> dict[str, HostRules]:
        return {host: register.rules() for host, register in self.by_host.items()}

    def respond(self, question: Question) -> Answer:
        register = self.by_host.get(question.host)
        return register.respond(question) if register else NOT_FOUND
