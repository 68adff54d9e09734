"""One long journal, served in a process of its own: `python -m bench.journal ENTRIES SOURCES`.

It writes the file SOURCES with the body and the entry, prints one line of JSON (gateway, sources, day) and serves until its input ends.
"""

from __future__ import annotations

import json
import sys
from datetime import date, timedelta
from pathlib import Path

from bench import material
from bench.served import BODY, DAY, Served, entry_of
from sandbox.elements import Elements
from sandbox.gateway import Gateway
from sandbox.journal import Journal
from sandbox.judge import Judge
from sandbox.world import answers_of, build, rules_of

WRITTEN = ("slug", "platform", "authority", "url", "kinds", "settings", "fact", "confidence", "state")


class Even(Journal):
    """As many entries on each day, the last of them yesterday."""

    PER_DAY = 2_400

    def day_of(self, index: int) -> date:
        return self.day - timedelta(days=1 + (self.count - 1 - index) // self.PER_DAY)


def long_journal(entries: int) -> Served:
    """An Elements journal of so many entries, with titles and persons as in the demo."""
    world = build(material.SEED, fillers=1, entries=1)
    (boring,) = (journal for journal in world.journals.values() if journal.body.is_filler)
    tenant = Elements(BODY, world.seed, DAY, Even(BODY, world.seed, DAY, entries, {}, boring.templates, boring.pool), ())
    rules = {tenant.host: rules_of([tenant])}
    return Served(tenant.platform, tenant.home, answers_of([tenant]), rules, tenant.settings(), ("journal_entry",))


def main(entries: int, sources: Path) -> None:
    served = long_journal(entries)
    entry = entry_of(served).model_dump(include=set(WRITTEN))
    body = f'[[authority]]\norgnr = "{BODY.orgnr}"\nname = "{BODY.name}"\nroles = ["kommune"]\n'
    lines = "".join(f"{name} = {json.dumps(value)}\n" for name, value in entry.items())
    sources.write_text(f"{body}\n[[source]]\n{lines}", encoding="utf-8")
    gateway = Gateway(served.respond, Judge(dict(served.rules)), packs=True).start()
    print(json.dumps({"gateway": gateway.address, "sources": str(sources), "day": DAY.isoformat()}), flush=True)
    sys.stdin.read()
    gateway.shutdown()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
