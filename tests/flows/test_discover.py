"""A miniature Norway whose bodies are known and whose sources are not: what is found, what is never claimed, and what it costs."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from catalogue import sources
from extractors.discovery.findings import SIDES, answer_from_json, place_of
from extractors.discovery.ladder import MOST_REQUESTS
from extractors.discovery.probe import Answer
from flows import discovery
from flows.cli import main
from flows.exceptions import WrongUse
from flows.selection import Selection, catalogue_of
from flows.settings import Settings
from flows.status import status
from sandbox import truth
from tests.sandbox.serving import serving

BLANK = Selection()


@pytest.fixture(scope="module")
def norway():
    with serving(7, further=True) as served:
        yield served


@pytest.fixture(scope="module")
def settings(norway, tmp_path_factory):
    """A state folder that knows the bodies and none of their sources."""
    home = tmp_path_factory.mktemp("home")
    (home / "sources").mkdir()
    bodies = truth.sources_toml(norway.world).partition("[[source]]")[0]
    (home / "sources" / "bodies.toml").write_text(bodies, encoding="utf-8")
    return Settings(home, contact="post@dagslys.example", gateway=norway.gateway.address, floor_s=0.0)


@pytest.fixture(scope="module")
def everybody(norway):
    return Selection(authorities=tuple(body.orgnr for body in norway.world.bodies))


@pytest.fixture(scope="module")
def found(norway, settings, everybody):
    return discovery.discover(settings, norway.world.day, everybody)


def of(found, norway, slug):
    orgnr = next(body.orgnr for body in norway.world.bodies if body.slug == slug)
    return next(answer for answer in found.answers if answer.authority == orgnr)


def test_the_sources_are_found_and_none_is_wrong_within_the_allowance(found, norway):
    true = {(row.body.orgnr, row.platform, place_of(row)) for row in norway.world.sources}
    told = {(answer.authority, f.platform, place_of(f)) for answer in found.answers for f in answer.findings}
    assert told - true == set()
    assert len(told) >= 0.95 * len(true), true - told
    assert max(answer.requests for answer in found.answers) <= MOST_REQUESTS
    assert norway.verdict()["violations"] == []


def test_what_is_found_was_read_once_and_what_was_not_says_why(found, norway):
    outcome = {(row.body.orgnr, row.platform, place_of(row)): row.outcome for row in norway.world.sources}
    for answer in found.answers:
        for finding in answer.findings:
            wanted = outcome[(answer.authority, finding.platform, place_of(finding))]
            if wanted in ("fresh", "unchanged"):
                assert finding.answer == Answer.FOUND and finding.first and finding.state == "enabled", finding
            elif wanted == "empty_verified":
                assert finding.answer == Answer.EMPTY, finding
            else:
                assert finding.answer == Answer.FOUND or finding.state in ("disabled", "permission"), finding
            assert finding.evidence and "{" not in finding.reason.sentence("nb")


@pytest.mark.parametrize(
    ("slug", "side", "answer", "code"),
    [
        ("grafjell", "website", Answer.NEEDS_PERMISSION, "robots_refuses"),
        ("takeholmen", "journal", Answer.LOGIN, "login_redirect"),
        ("utskjer", "datasets", Answer.EMPTY, "counts_zero"),
        ("halvnes", "datasets", Answer.UNVERIFIED, "server_answered"),
        ("rustelv", "journal", Answer.UNVERIFIED, "no_content"),
        ("granheim", "datasets", Answer.UNKNOWN, "no_trace"),
    ],
)
def test_what_is_not_found_is_an_answer_with_a_reason(found, norway, slug, side, answer, code):
    told = of(found, norway, slug)
    assert told.on(side) == answer and told.why(side).code == code


def test_a_source_is_configured_from_what_its_page_says(found, norway):
    tenant = next(row for row in norway.world.sources if row.id == "acos-innsyn/fjordvik")
    (acos,) = (f for f in of(found, norway, "fjordvik").findings if f.platform == "acos-innsyn")
    assert acos.url == tenant.url and acos.settings["meetings_page"].endswith("/innsyn/moter/") and acos.settings["portal_id"] > 0
    assert set(acos.kinds) == {"journal_entry", "case", "meeting", "agenda_item"}
    (elements,) = (f for f in of(found, norway, "kjerringvag").findings if f.platform == "elements-publikum")
    assert elements.evidence[0].rung == "sitemap", "only the sitemap knows the page that links to it"
    (portal,) = (f for f in of(found, norway, "hellevang").findings if f.platform == "innsynsportal")
    assert any("sends on" in step.seen for step in portal.evidence)
    site = next(f for f in of(found, norway, "kvitnes").findings if f.platform == "website")
    assert site.note == "made with Optimizely (Episerver)"


def test_a_neighbours_journal_is_left_alone(found, norway):
    looked = dict(of(found, norway, "gamleros").looked)
    others = [url for url, reason in looked.items() if reason and reason.code == "tenant_of_another"]
    assert any("elementscloud" in url for url in others) and any("TORSNUTEN" in url for url in others)


def test_no_word_of_a_record_is_kept_in_an_answer(found, settings):
    for path in (settings.home / "discovery").glob("*.json"):
        said = json.loads(path.read_text(encoding="utf-8"))
        assert answer_from_json(said).as_json() == said
        for source in said["sources"]:
            assert set(source["first"] or ()) <= {"kind", "key", "day", "url"}


def test_an_answer_holds_and_a_search_goes_on_where_it_stopped(found, norway, settings, everybody):
    before = norway.verdict()["requests"]
    (settings.home / "discovery" / f"{of(found, norway, 'brattlia').authority}.json").unlink()
    again = discovery.discover(settings, norway.world.day, everybody)
    asked = norway.verdict()["requests"] - before
    assert 0 < asked <= MOST_REQUESTS and len(again.earlier) == len(everybody.authorities) - 1
    assert {f.id for a in again.answers for f in a.findings} == {f.id for a in found.answers for f in a.findings}
    norway.breaches()


def test_entries_are_written_once_and_read_back(found, norway, settings, tmp_path):
    catalogue = catalogue_of(settings.home)
    entries = discovery.entries_of(found, catalogue)
    file = discovery.write(settings.home, entries, catalogue, tmp_path / "mine.toml")
    first = file.read_text(encoding="utf-8")
    bodies, held = sources.load_file(file)
    assert {e.id for e in held} == {e.id for e in entries} and len(bodies) == len(norway.world.bodies)
    assert discovery.write(settings.home, entries, catalogue, file).read_text(encoding="utf-8").count("[[source]]") == len(entries)
    assert sorted(file.read_text(encoding="utf-8").split("[[")) == sorted(first.split("[["))
    known = replace(catalogue, entries=(*catalogue.entries, *held))
    assert discovery.entries_of(found, known) == []


def test_a_file_of_one_platform_takes_its_own_and_keeps_what_a_person_wrote(found, settings, tmp_path):
    catalogue = catalogue_of(settings.home)
    file = tmp_path / "ckan.toml"
    file.write_text('# skrevet for hånd\nplatform = "ckan"\n', encoding="utf-8")
    discovery.write(settings.home, discovery.entries_of(found, catalogue), catalogue, file)
    assert file.read_text(encoding="utf-8").startswith("# skrevet for hånd\n")
    assert {e.platform for e in sources.load_file(file)[1]} == {"ckan"}


def test_status_says_why_a_body_is_blank(found, norway, settings):
    number = of(found, norway, "takeholmen").authority
    sides = {row["side"]: row for row in status(settings, Selection(authorities=(number,)), 0)["bodies"]}
    assert set(sides) == set(SIDES) and sides["journal"]["answer"] == "login" and "innlogging" in sides["journal"]["reason"]
    assert sides["datasets"]["answer"] == "unknown" and sides["datasets"]["reasons"][0]["code"] == "no_trace"


def test_one_address_becomes_a_source_with_a_first_record(norway, settings):
    tenant = next(row for row in norway.world.sources if row.id == "acos-wfinnsyn/ospelund")
    added = discovery.add(settings, tenant.url, authority=None, today=norway.world.day, selection=BLANK)
    (finding,) = added.answers[0].findings
    assert added.answers[0].authority == tenant.body.orgnr and finding.platform == "acos-wfinnsyn" and finding.first
    assert added.answers[0].requests <= 8
    with pytest.raises(WrongUse):
        discovery.add(settings, "https://ukjent.example/innsyn/", authority=None, today=norway.world.day, selection=BLANK)


def test_the_verbs_print_what_is_documented(norway, settings, found, monkeypatch, capsys):
    """Over answers that are held already: nobody is asked."""

    def run(*arguments):
        for name, value in (("HOME", str(settings.home)), ("GATEWAY", settings.gateway), ("CONTACT", settings.contact), ("FLOOR_S", "0")):
            monkeypatch.setenv(f"DAGSLYS_{name}", value)
        with pytest.raises(SystemExit) as leave:
            main([*arguments, "--until", norway.world.day.isoformat()] if arguments[0] == "discover" else list(arguments))
        return leave.value.code, capsys.readouterr().out

    code, out = run("discover", "Fjordvik", "Kvitnes", "--json")
    told = json.loads(out)
    assert code == 0 and set(told) == {"bodies", "counts", "requests", "entries", "written"} and told["requests"] == 0
    assert set(told["bodies"][0]) == {"body", "authority", "day", "requests", "answers", "sources", "looked"}
    code, out = run("discover", "Fjordvik", "--write")
    assert code == 0 and "discovered.toml" in out and "funnet" in out
    assert "Ingenting nytt" in run("discover", "Fjordvik", "--write")[1]
    address = next(row.url for row in norway.world.sources if row.id == "ckan/lauvmark")
    code, out = run("source", "add", address, "--json")
    told = json.loads(out)
    assert code == 0 and told["entries"] == ["ckan/lauvmark"] and told["sources"][0]["first"]["kind"] == "dataset" and "seconds" in told


def test_a_front_page_that_is_given_is_a_website(norway, settings):
    added = discovery.add(settings, "https://www.kvitnes.kommune.no/", authority=None, today=norway.world.day, selection=BLANK)
    assert [(f.platform, str(f.answer)) for f in added.answers[0].findings] == [("website", "found")]
