"""The interface of eInnsyn: answers fit its OpenAPI file, and its traps are set."""

from __future__ import annotations

from functools import cache
from typing import Any

import jsonschema
import pytest
import yaml

from tests.sandbox.serving import Served
from tests.shared_data import shared

API = "https://api.einnsyn.no"
DEEP = ("saksmappe.administrativEnhetObjekt,korrespondansepart,skjerming,dokumentbeskrivelse.dokumentobjekt,administrativEnhetObjekt,journalenhet,utvalgObjekt.parent,"
        "moetedokument,moetesak.vedtak.vedtakstekst,moetemappe,utredning.saksbeskrivelse,utredning.innstilling,vedtak.vedtakstekst")  # fmt: skip


@cache
def spec() -> dict[str, Any]:
    text = shared("postlists/einnsyn-api-spec/einnsyn.openapi.yml").read_text(encoding="utf-8")
    return yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@cache
def validator(name: str) -> jsonschema.Draft7Validator:
    checker = jsonschema.Draft7Validator.FORMAT_CHECKER
    return jsonschema.Draft7Validator({"$ref": f"#/components/schemas/{name}", "components": spec()["components"]}, format_checker=checker)


@cache
def fields_of(name: str) -> frozenset[str]:
    """The fields a schema knows, its parents' included."""
    schema = spec()["components"]["schemas"][name]
    above = (a["$ref"].rsplit("/", 1)[1] for a in schema.get("allOf", []) if "$ref" in a)
    return frozenset(schema.get("properties", {})).union(*(fields_of(n) for n in above))


def check_list(answer: dict[str, Any], path: str = "/search") -> int:
    """A whole list fits the answer its path promises, and every thing in it its schema; how many things that were."""
    promised = spec()["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    jsonschema.Draft7Validator({**promised, "components": spec()["components"]}).validate(answer)
    assert set(answer) <= {"items", "next", "previous"}
    return sum(check(item) for item in answer["items"])


def check(thing: dict[str, Any]) -> int:
    """A thing and everything expanded in it fits the schema of its entity and says nothing the schema does not know; how many things."""
    name = f"{thing['entity']}.{thing['entity']}"
    validator(name).validate(thing)
    assert set(thing) <= fields_of(name)
    nested = [v for value in thing.values() for v in (value if isinstance(value, list) else [value]) if isinstance(v, dict)]
    return 1 + sum(check(v) for v in nested)


def unit(served: Served, slug: str = "granheim") -> str:
    return next(str(s.settings["unit"]) for s in served.world.sources if s.id == f"einnsyn/{slug}")


def walk(served: Served, url: str) -> list[list[dict[str, Any]]]:
    """The pages of a list, following `next`, which is relative."""
    pages, target = [], url.removeprefix(API)
    while target:
        assert target.startswith("/")
        answer = served.ask(f"{API}{target}").json()
        pages.append(answer["items"])
        target = answer.get("next")
    return pages


@pytest.mark.parametrize("entity", ["Journalpost", "Saksmappe", "Moetemappe", "Moetesak"])
@pytest.mark.parametrize("slug", ["granheim", "elvedal", "riddovuotna", "ytresolland"])
def test_every_answer_fits_the_published_schema(served, entity, slug):
    pages = walk(served, f"{API}/search?entity={entity}&administrativEnhet={unit(served, slug)}&limit=100&sortBy=id&expand={DEEP}")
    assert sum(check(item) for page in pages for item in page) > len(pages)


def test_units_and_single_things_fit_the_schema_too(served):
    units = [u for page in walk(served, f"{API}/enhet?limit=100") for u in page]
    assert all(check(u) for u in units) and check_list(served.ask(f"{API}/enhet?limit=5").json(), "/enhet") == 5
    assert sum(u["enhetstype"] == "KOMMUNE" for u in units) >= 7
    body = next(u for u in units if u.get("slug") == "granheim")
    assert served.ask(f"{API}/enhet/{body['orgnummer']}").json()["id"] == body["id"]
    entry = served.ask(f"{API}/journalpost?limit=1").json()["items"][0]
    for path in ("", "/dokumentbeskrivelse", "/korrespondansepart"):
        answer = served.ask(f"{API}/journalpost/{entry['id']}{path}").json()
        assert all(check(i) for i in answer.get("items", [answer]))
    case = served.ask(f"{API}/saksmappe/{entry['saksmappe']}/journalpost").json()
    assert entry["id"] in [i["id"] for i in case["items"]]


def test_the_journal_is_paged_by_a_cursor_and_pages_may_be_short(served):
    address = f"{API}/search?entity=Journalpost&administrativEnhet={unit(served)}&sortBy=oppdatertDato&sortOrder=asc&limit=30"
    pages = walk(served, address)
    keys = [i["id"] for page in pages for i in page]
    moments = [i["oppdatertDato"] for page in pages for i in page]
    assert len(keys) == len(set(keys)) and moments == sorted(moments)
    assert any(len(page) < 30 for page in pages[:-1])
    down = [i["id"] for page in walk(served, address.replace("asc", "desc")) for i in page]
    assert down == keys[::-1]


def test_other_orders_give_the_same_things(served):
    base = f"{API}/search?entity=Journalpost&administrativEnhet={unit(served)}&limit=50"
    sets = [{i["id"] for page in walk(served, f"{base}&sortBy={by}") for i in page} for by in ("oppdatertDato", "journaldato", "tittel", "id", "score")]
    assert all(s == sets[0] for s in sets) and sets[0]


def test_from_and_to_filter_while_after_and_before_are_ignored_in_silence(served):
    base = f"{API}/search?entity=Moetemappe&administrativEnhet={unit(served)}&sortBy=moetedato&limit=100"
    everything = served.ask(base).json()["items"]
    assert served.ask(f"{base}&moetedatoAfter=2026-10-01&moetedatoBefore=2026-10-02").json()["items"] == everything
    some = served.ask(f"{base}&moetedatoFrom=2026-10-01&moetedatoTo=2026-11-01").json()["items"]
    assert 0 < len(some) < len(everything) and all("2026-10-01" <= m["moetedato"] < "2026-11-02" for m in some)
    assert len(served.ask(f"{base}&moetedatoFrom=now-30d/d").json()["items"]) < len(everything)


def test_a_body_without_entries_in_the_window_has_older_ones(served):
    base = f"{API}/search?entity=Journalpost&administrativEnhet={unit(served, 'utskjer')}&sortBy=oppdatertDato"
    assert served.ask(f"{base}&oppdatertDatoFrom={served.world.since}").json() == {"items": []}
    assert len(served.ask(f"{base}&sortOrder=desc&limit=1").json()["items"]) == 1


def test_names_stand_in_the_sensitive_twins_and_mostly_not_in_the_public_fields(served):
    items = [i for page in walk(served, f"{API}/search?entity=Journalpost&administrativEnhet={unit(served)}&limit=100&expand=korrespondansepart") for i in page]
    hidden = [i for i in items if i["offentligTittel"] != i["offentligTittelSensitiv"]]
    assert hidden and all("*****" in i["offentligTittel"] for i in hidden)
    names = served.world.private.names
    assert any(any(n in i["offentligTittel"] for n in names) for i in items)
    assert all(any(n in i["offentligTittelSensitiv"] for n in names) for i in hidden)


@pytest.mark.parametrize(
    ("target", "status", "kind"),
    [
        ("/search?limit=101", 400, "validationError"),
        ("/search?entity=Sak", 400, "validationError"),
        ("/search?sortBy=dato", 400, "validationError"),
        ("/search?moetedatoFrom=i+fjor", 400, "validationError"),
        ("/search?expand=hemmelig", 400, "badRequest"),
        ("/search?query=01010112345", 400, "badRequest"),
        ("/journalpost/jp_01k0000000000000000000000", 404, "notFound"),
        ("/moetesak/jp_01k0001000000000000abcdefgh", 404, "notFound"),
        ("/finnes-ikke", 404, "notFound"),
    ],
)
def test_refusals_name_their_type(served, target, status, kind):
    answer = served.ask(f"{API}{target}")
    assert (answer.status, answer.json()["type"]) == (status, kind)
    validator(f"Exceptions.{kind[0].upper()}{kind[1:].removesuffix('Error')}Exception").validate(answer.json())


def test_writing_needs_a_key(served):
    validator("Exceptions.AuthenticationException").validate(served.ask(f"{API}/journalpost", "POST", {}).json())
    served.breaches()


def test_the_download_is_a_file(served):
    item = served.ask(f"{API}/search?entity=Moetesak&limit=100&expand=dokumentbeskrivelse.dokumentobjekt").json()["items"]
    files = [f["id"] for i in item for d in i.get("dokumentbeskrivelse", []) for f in d.get("dokumentobjekt", [])]
    answer = served.ask(f"{API}/dokumentobjekt/{files[0]}/download")
    assert answer.body.startswith(b"%PDF-") and answer.headers["Content-Type"] == "application/pdf"


def test_an_unchanged_answer_is_304(served):
    url = f"{API}/search?entity=Journalpost&administrativEnhet={unit(served)}&limit=5"
    first = served.ask(url)
    assert served.ask(url, If_None_Match=first.headers["ETag"]).status == 304
    assert served.ask(url, If_Modified_Since=first.headers["Last-Modified"]).status == 304
    assert served.ask(url, If_None_Match='"noe annet"').status == 200
