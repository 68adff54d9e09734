"""When what runs: the schedules of `dagslys serve`, in Norwegian time. Sources are asked as often as their entry says.

The night's run reads the last month again, and once a week the last year of what is read by days is: what comes late is found, and what is
no longer shown is missed.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from flows.selection import Selection

TIMEZONE = "Europe/Oslo"


@dataclass(frozen=True)
class Schedule:
    """One deployment: `flow` is the flow's name, `cron` five fields in `timezone`."""

    name: str
    flow: str
    cron: str
    parameters: dict[str, Any] = field(default_factory=dict)
    timezone: str = TIMEZONE


A_YEAR = 365
SCHEDULES = (
    Schedule("hver-natt", "nightly", "15 2 * * *", {"cadences": ["hourly", "daily"]}),
    Schedule("hver-uke", "nightly", "30 3 * * 6", {"cadences": ["weekly"]}),
    Schedule("året-om-igjen", "nightly", "30 0 * * 0", {"cadences": ["hourly", "daily", "weekly"], "days": A_YEAR}),
    Schedule("hver-måned", "nightly", "30 4 1 * *", {"cadences": ["monthly"]}),
    Schedule("opprydding", "housekeeping", "0 6 * * 0"),
)


def schedules_of(selection: Selection) -> tuple[Schedule, ...]:
    """The schedules, the harvests asking only what is selected; what the law says is deleted everywhere."""
    chosen = selection.as_json()
    return tuple(replace(s, parameters=s.parameters | chosen) if s.flow == "nightly" else s for s in SCHEDULES)
