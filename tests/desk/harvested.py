"""A state folder as the main job leaves it: one invented municipality's website and council papers, harvested from a server on loopback."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import duckdb

from catalogue import plans, rubric
from catalogue.authorities import Authority
from catalogue.sources import SourceEntry
from extractors.contract import Known, Window
from extractors.harvest import harvest_source
from extractors.platforms import EXTRACTORS, source_from_entry
from tests.extractors.fetch.loopback import client_for, serving
from warehouse import flagging, load
from warehouse.decisions import DecisionLog
from warehouse.publish import publish
from warehouse.store import PUBLISHED, Store

TODAY = date(2026, 10, 15)
BODY = Authority(orgnr="800000009", name="Fjordvik", roles=("kommune",), number="9001", county="91", county_name="Havland", population=4100,
                 language_form="bokmål", homepage="https://www.fjordvik.kommune.no/", postmottak="post@fjordvik.kommune.no")  # fmt: skip
SOURCES = (
    SourceEntry(slug="fjordvik", platform="website", authority=BODY.orgnr, url="https://www.fjordvik.kommune.no/", kinds=("page",),
                fact="invented", confidence="tested", state="enabled"),
    SourceEntry(slug="fjordvik", platform="einnsyn", authority=BODY.orgnr, url="https://api.einnsyn.no/", kinds=("meeting", "agenda_item"),
                settings={"unit": "enh_1"}, fact="invented", confidence="tested", state="enabled"),
)  # fmt: skip
REGISTER = """<p>Kommunestyret i Fjordvik vedtok 14. januar 2026 (sak 3/26) et åpent gaveregister for ansatte og folkevalgte.</p>
<p>Registeret er lagt ut på nettsiden og viser 42 gaver siden oppstarten. Alle innbyggere kan søke i det, og det oppdateres hver måned.
Spørsmål kan rettes til Turid Fjellanger, mobil 912 34 567.</p>
<p>Registeret går lenger enn reglene krever, fordi også gaver som er takket nei til, blir ført opp og vist fram for alle.</p>"""
ITEM = {
    "id": "ms_1", "offentligTittel": "Åpent gaveregister for ansatte og folkevalgte, sak 3/26", "moetesaksaar": 2026,
    "moetesakssekvensnummer": 3, "moetemappe": "mm_1",
    "utredning": {"saksbeskrivelse": {"tekstInnhold": "Kommunedirektøren foreslår et åpent gaveregister med 42 gaver fra oppstarten."}},
    "vedtak": {"vedtakstekst": {"tekstInnhold": "Kommunestyret vedtok 14. januar 2026 å innføre gaveregisteret."}},
}  # fmt: skip
MEETING = {"id": "mm_1", "utvalgObjekt": {"navn": "Kommunestyret"}, "moetedato": "2026-10-08T16:00:00Z"}


def page(title: str, body: str) -> bytes:
    return f"<!doctype html><html lang='nb'><head><title>{title}</title></head><body><main><h1>{title}</h1>{body}</main></body></html>".encode()


def answer(handler):
    """The website and the national API of this little world."""
    path, html, as_json = handler.path, {"Content-Type": "text/html"}, {"Content-Type": "application/json"}
    if path.startswith("/search"):
        return 200, as_json, json.dumps({"items": [MEETING] if "Moetemappe" in path else []}).encode()
    if path.startswith("/moetemappe/mm_1/moetesak"):
        return 200, as_json, json.dumps({"items": [ITEM]}).encode()
    if path == "/":
        return (
            200,
            html,
            page("Fjordvik kommune", f"<p>{'Velkommen til kommunen vår ved fjorden. ' * 12}</p><a href='/gaveregister'>Gaver</a>"),
        )
    if path == "/gaveregister":
        return 200, html, page("Åpent gaveregister for ansatte og folkevalgte", REGISTER)
    return 404, {"Content-Type": "text/plain"}, b""


def home(folder: Path) -> Path:
    """Harvest, load, flag and publish into `folder`."""
    with serving(answer) as gateway:
        client = client_for(folder, gateway)
        for entry in SOURCES:
            source, extractor = source_from_entry(entry), EXTRACTORS[entry.platform]()
            harvest_source(source, Window(date(2026, 9, 15), TODAY), Known(), client, folder / "staging", run_id="r1", extractor=extractor)
        client.close()
    with Store(folder) as store:
        load.load_catalogue(store, [BODY], SOURCES, rubric.load(), plans.load())
        load.load_batches(store, folder / "staging", today=TODAY)
        load.load_decisions(store, DecisionLog(folder / "decisions"))
        flagging.flag(store, rubric.load(), today=TODAY)
        publish(store)
    return folder


def candidate(state: Path) -> tuple[str, int]:
    """The candidate that rests on page and council case, and how many documents it has."""
    with duckdb.connect(str(state / PUBLISHED), read_only=True) as connection:
        found = connection.execute(
            "SELECT id, documents FROM ogp.candidates WHERE practice = 'gaveregister' ORDER BY documents DESC"
        ).fetchone()
    assert found is not None
    return found[0], found[1]
