"""What the servers of further portals have in common: datasets that move while somebody pages through them, and hosts with their rules.

A dataset may be touched, withdrawn or come in while a client pages: `happens` says after how many answers and to which dataset.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import ClassVar

from sandbox import days
from sandbox.answers import Answer, Question, plain
from sandbox.bodies import Body
from sandbox.datasets import DatasetFacts
from sandbox.judge import HostRules


@dataclass(frozen=True)
class Event:
    """What happens to the list between two answers: `what` (touch, withdraw) to the dataset at `index`, after so many lists were given."""

    what: str
    index: int
    after: int = 1


class Portal:
    """One portal: `datasets` of one body, in the order of their identifiers."""

    platform: ClassVar[str] = ""
    kinds: ClassVar[tuple[str, ...]] = ("dataset",)

    def __init__(self, body: Body, day: date, datasets: Sequence[DatasetFacts], host: str = "", events: Sequence[Event] = ()) -> None:
        self.body, self.day, self.events = body, day, tuple(events)
        self.host = host or self.own_host
        self.datasets = sorted(datasets, key=lambda d: d.guid)
        self.lists_given = 0

    @property
    def own_host(self) -> str:
        return f"data.{self.body.domain}"

    @property
    def hosts(self) -> tuple[str, ...]:
        return (self.host,)

    @property
    def home(self) -> str:
        return f"https://{self.host}/"

    def rules(self) -> HostRules:
        return HostRules()

    def settings(self) -> Mapping[str, object]:
        return {}

    def key_of(self, dataset: DatasetFacts) -> str:
        """What the portal itself knows the dataset by."""
        return dataset.guid

    def truth(self) -> dict[str, str]:
        """What a harvest should bring: title by key."""
        return {self.key_of(d): d.title for d in self.datasets}

    def robots(self) -> Answer:
        return plain("User-agent: *\nDisallow: /sites/\n", modified=days.http_date(self.day, 3))

    def list_given(self) -> None:
        """A list went out: what is due happens now."""
        self.lists_given += 1
        for event in self.events:
            if event.after == self.lists_given:
                if event.what == "withdraw":
                    del self.datasets[event.index]
                else:
                    self.datasets[event.index] = replace(self.datasets[event.index], modified=self.day)

    @staticmethod
    def number(question: Question, name: str, default: int) -> int | None:
        """A whole number of the query, the default when it is not there, None when it is no number."""
        text = question.query.get(name, str(default))
        return int(text) if text.lstrip("-").isdigit() else None


def many(body: Body, day: date, count: int, *, tied: int = 0, undated: int = 0) -> list[DatasetFacts]:
    """Boring datasets by the thousand. The first `tied` of them were loaded in bulk and share one date; `undated` is what a portal makes of it."""
    subjects = ("Lekeplasser", "Sykkelstativ", "Skolekretser", "Parkeringsplasser", "Badeplasser", "Trær", "Friluftsområder", "Gatelys")
    licences, forms = ("NLOD-2.0", "CC-BY-4.0", "CC0-1.0"), ("CSV", "JSON", "GeoJSON")
    return [
        DatasetFacts(
            guid=f"{n * 7919 % 16**6:06x}{n:010x}{'ab' * 8}", name=f"datasett-{n}", title=f"{subjects[n % len(subjects)]} {n}",
            description=f"Datasett nummer {n} fra {body.full_name}.", formats=(forms[n % 3],), licence=licences[n % 3], frequency="monthly",
            issued=day - timedelta(days=400), modified=day - timedelta(days=30 if n < tied else 40 + n % 300), publisher=body,
            keywords=("kart", subjects[n % len(subjects)].lower()),
        )
        for n in range(count)
    ]  # fmt: skip


def epoch_ms(day: date, second: int = 0) -> int:
    """Midday of a day in milliseconds since 1970, and so many seconds after it."""
    return int(datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp() + second) * 1000
