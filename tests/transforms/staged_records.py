"""Records as a harvest stages them, for the stories about tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pandas as pd

from extractors import staging
from extractors.contract import Record

TODAY = date(2026, 11, 25)
BODY, PUBLISHER = "800000009", "800000017"


def staged(*records: Record, batch: str = "20261101T060000-aaaaaaaa", source: str = "einnsyn/fjordvik", capture: str = "urn:capture:1") -> pd.DataFrame:
    """The rows of one batch."""
    rows = [
        staging.envelope(replace(r, capture=r.capture or capture), source=source, authority=BODY, platform=source.split("/")[0], batch=batch,
                         captured_at=f"{batch[:4]}-{batch[4:6]}-{batch[6:8]}T06:00:00+00:00", url="https://innsyn.fjordvik.kommune.no/postliste")
        for r in records
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(staging.ENVELOPE), dtype="str")


def together(frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(list(frames), ignore_index=True)
