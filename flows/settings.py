"""What a run needs to know of its surroundings: all of it comes from the environment, and every default is safe."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flows.exceptions import SettingsError
from flows.texts import text

LANGUAGES = ("nb", "en")


@dataclass(frozen=True)
class Settings:
    """`home` is the state folder; `contact` (e-mail or page) goes into the User-Agent; `gateway` is the one address everything is asked
    through instead of the web (sandbox, recordings); `floor_s` is the least number of seconds between two questions to one host and may be
    lowered behind a gateway only; `workers` is how many shards of hosts are harvested side by side, each with several hosts at a time."""

    home: Path
    contact: str | None = None
    gateway: str | None = None
    floor_s: float = 2.0
    workers: int = 8
    lang: str = "nb"

    @property
    def staging(self) -> Path:
        return self.home / "staging"

    @property
    def published(self) -> Path:
        return self.home / "published" / "dagslys.duckdb"


def from_environment(environment: Mapping[str, str] = os.environ) -> Settings:
    """Reads DAGSLYS_HOME, DAGSLYS_CONTACT, DAGSLYS_GATEWAY, DAGSLYS_FLOOR_S, DAGSLYS_WORKERS and DAGSLYS_LANG. Raises SettingsError."""
    gateway = environment.get("DAGSLYS_GATEWAY") or None
    floor_s = _number(environment, "DAGSLYS_FLOOR_S", 2.0)
    if floor_s < 2.0 and gateway is None:
        raise SettingsError(text("wrong.floor"))
    lang = environment.get("DAGSLYS_LANG", "nb")
    if lang not in LANGUAGES:
        raise SettingsError(text("wrong.lang", languages=", ".join(LANGUAGES), given=lang))
    return Settings(
        home=Path(environment.get("DAGSLYS_HOME") or "state").resolve(),
        contact=environment.get("DAGSLYS_CONTACT") or None,
        gateway=gateway,
        floor_s=floor_s,
        workers=int(_number(environment, "DAGSLYS_WORKERS", 8)),
        lang=lang,
    )


def _number(environment: Mapping[str, str], name: str, default: float) -> float:
    given = environment.get(name) or ""
    try:
        return float(given) if given else default
    except ValueError:
        raise SettingsError(text("wrong.number", name=name, given=given)) from None
