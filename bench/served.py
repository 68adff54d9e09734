"""One source of every platform, as the sandbox serves it from memory, and what one harvest of it takes and brings.

Journals and meetings are those of the sandbox's month (a day of more than 5,000 entries in it, where the platform can bear it), portals
have 1,000 datasets or 200, registers what they have of eight bodies, and the website is that of one body of the demo.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache, partial
from pathlib import Path

from bench import material
from bench.found import NotMeasured
from catalogue.sources import SourceEntry
from extractors.contract import Capture, Known, Outcome, Record, Request, Source, Window
from extractors.fetch.client import Client
from extractors.fetch.pace import Pace
from extractors.harvest import harvest_source
from extractors.platforms import EXTRACTORS, source_from_entry
from extractors.staging import RunResult
from sandbox import arcgis_hub, ckan, csw, datajson, datanorge, days, dcat, geonorge, opendatasoft, socrata, udata
from sandbox import portal as further
from sandbox.answers import Answer, Question
from sandbox.bodies import Body, all_bodies
from sandbox.datasets import many
from sandbox.gateway import Gateway
from sandbox.judge import HostRules, Judge
from sandbox.meetings import agenda
from sandbox.month import BIG, DAYS, Month
from sandbox.registers import Registers
from sandbox.tenants import TENANTS
from sandbox.world import answers_of, build, rules_of

DAY, DATASETS, FEW_DATASETS, BUDGET = days.DEFAULT_DAY, 1_000, 200, 20_000
BODY = Body("manedsby", "Månedsby", "800090008", "9099", "nb", "optimizely", is_filler=True)
COUNTY = Body("manedsfylke", "Måneds", "800090024", "97", "nb", "optimizely", role="fylkeskommune", county="97", is_filler=True)
OPERATOR, KEY = "974760673", {"DAGSLYS_DOFFIN_KEY": "en-nokkel"}
WINDOW = Window(DAY - timedelta(days=DAYS - 1), DAY)
QUICK = Path("/dev/shm")


@dataclass(frozen=True)
class Served:
    """A source and who answers for it."""

    platform: str
    url: str
    respond: Callable[[Question], Answer]
    rules: Mapping[str, HostRules]
    settings: Mapping[str, object] = field(default_factory=dict)
    kinds: tuple[str, ...] = ("dataset",)
    authority: str = BODY.orgnr


@dataclass(frozen=True)
class Harvest:
    """What one harvest of a source came to: the run's own account, and the answers in the order they were parsed."""

    source: Source
    result: RunResult
    captures: tuple[Capture, ...]

    @property
    def records(self) -> int:
        """What was read of the kinds that are kept."""
        return sum(n for kind, n in self.result.seen.items() if kind not in ("claim", "trouble"))

    def parsed(self) -> Iterator[Record | Request]:
        """Everything the platform makes of the answers."""
        extractor = EXTRACTORS[self.source.platform]()
        for capture in self.captures:
            yield from extractor.parse(self.source, WINDOW, capture)


def _tenant(platform: str) -> Served:
    """A platform's sandbox server with the month behind it."""
    kind = TENANTS[platform]
    month = Month(BODY, material.SEED, DAY, big=BIG)
    meetings, _ = agenda(BODY, material.SEED, DAY, [])
    tenant = kind(BODY, material.SEED, DAY, month, meetings)
    return Served(platform, tenant.home, answers_of([tenant]), {tenant.host: rules_of([tenant])}, tenant.settings(), tenant.kinds)


def _portal(portal: further.Portal) -> Served:
    rules = {host: portal.rules() for host in portal.hosts}
    return Served(portal.platform, portal.home, portal.respond, rules, portal.settings())


def _national(kind: type[further.Portal]) -> Served:
    return _portal(kind(BODY, DAY, many(material.SEED, DAY, (BODY, COUNTY), FEW_DATASETS)))


def _further(kind: type[further.Portal]) -> Served:
    return _portal(kind(BODY, DAY, further.many(BODY, DAY, DATASETS)))


def _first_portals(platform: str) -> Served:
    facts, host = many(material.SEED, DAY, (BODY,), DATASETS), f"data.{BODY.domain}"
    portal = ckan.Ckan(BODY, DAY, facts, ckan.Quirks(), host) if platform == "ckan" else dcat.Catalogue(host, BODY, DAY, facts, "turtle")
    return Served(platform, portal.home, portal.respond, {host: portal.rules()})


def _register(platform: str) -> Served:
    bodies = tuple(b for b in all_bodies(material.SEED) if b.platforms)[:8]
    registers = Registers(bodies, DAY)
    settings = {"brreg": {"owners": True, "units": [u.number for u in registers.brreg.units]}}.get(platform, {})
    url = {"brreg": registers.brreg.home, "ssb-klass": registers.ssb.klass, "ssb-kostra": registers.ssb.tables,
           "kommuneinfo": registers.kommuneinfo.home, "doffin": registers.doffin.home,
           "mimesbronn": registers.mimesbronn.home_of(bodies[1])}[platform]  # fmt: skip
    kinds = tuple(record.kind for record in EXTRACTORS[platform].yields)
    return Served(platform, url, registers.respond, registers.rules(), settings, kinds, OPERATOR)


def _website() -> Served:
    world = build(material.SEED)
    (row,) = (row for row in world.sources if row.id == "website/fjordvik")
    return Served(row.platform, row.url, world.respond, world.rules, row.settings, ("page",), row.body.orgnr)


NATIONAL = (datanorge.DataNorge, datanorge.DataNorgeSparql, datanorge.DataNorgeOai, datajson.DataJson)
FURTHER = (arcgis_hub.ArcgisHub, opendatasoft.Opendatasoft, socrata.Socrata, udata.Udata, csw.Csw, geonorge.Geonorge)
REGISTERS = ("brreg", "ssb-klass", "ssb-kostra", "kommuneinfo", "doffin", "mimesbronn")
MADE: dict[str, Callable[[], Served]] = {
    **{platform: partial(_tenant, platform) for platform in TENANTS},
    **{platform: partial(_first_portals, platform) for platform in ("ckan", "dcat")},
    **{kind.platform: partial(_national, kind) for kind in NATIONAL},
    **{kind.platform: partial(_further, kind) for kind in FURTHER},
    **{platform: partial(_register, platform) for platform in REGISTERS},
    "website": _website,
}
"""Platform → the source that is served."""


def entry_of(served: Served) -> SourceEntry:
    """The catalogue entry of a source that is served."""
    return SourceEntry(
        slug="bench", platform=served.platform, authority=served.authority, url=served.url, kinds=served.kinds,  # ty: ignore[invalid-argument-type]
        settings=dict(served.settings), fact="sandbox", confidence="tested", state="enabled", hosts=tuple(served.rules),
    )  # fmt: skip


@cache
def harvested(platform: str) -> Harvest:
    """Harvest the platform's source, once a process, as fast as the client goes."""
    served, captures = MADE[platform](), []
    source = source_from_entry(entry_of(served))

    class Keeping(EXTRACTORS[platform]):
        def parse(self, source: Source, window: Window, capture: Capture) -> Iterator[Record | Request]:
            captures.append(capture)
            return super().parse(source, window, capture)

    gateway = Gateway(served.respond, Judge(dict(served.rules)), packs=True).start()
    with tempfile.TemporaryDirectory(dir=QUICK if QUICK.is_dir() else None) as folder:
        home, pace = Path(folder), Pace(time.monotonic, time.sleep, floor_s=0, address_floor_s=0)
        client = Client(home, contact="bench@dagslys.example", gateway=gateway.address, pace=pace, credentials=KEY)
        run = {"run_id": "bench", "extractor": Keeping(), "budget": BUDGET}
        try:
            result = harvest_source(source, WINDOW, Known(), client, home / "staging", **run)
        finally:
            client.close()
            gateway.shutdown()
            gateway.server_close()
    if result.outcome != Outcome.FRESH:
        raise NotMeasured(f"the harvest ended {result.outcome}: {', '.join(map(str, result.reasons))}")
    return Harvest(source, result, tuple(captures))
