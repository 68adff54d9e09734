"""How far a small catalogue reaches, counted by hand."""

from __future__ import annotations

from catalogue.authorities import Authority
from catalogue.coverage import coverage
from catalogue.sources import SourceEntry

NAMES = ("Første", "Andre", "Tredje", "Fjerde")
BODIES = [Authority(orgnr=f"80009{n}", name=name, roles=("kommune",)) for n, name in zip(("0008", "0016", "0024", "0032"), NAMES, strict=True)]
WEBSITES, JOURNAL, MEETINGS, DATA = ("page",), ("journal_entry", "case"), ("meeting", "agenda_item"), ("dataset",)
LETTER = {"who": "arkivleder", "when": "2026-11-02", "reference": "26/1234"}


def entry(platform, body, kinds, confidence="tested", state="enabled", **more):
    number = BODIES[body - 1].orgnr if isinstance(body, int) else body
    slug = f"k{body}-{confidence.replace('_', '-')}"
    url = f"https://{slug}.example/"
    return SourceEntry(slug=slug, platform=platform, authority=number, url=url, kinds=kinds, fact="x", confidence=confidence, state=state, **more)


ENTRIES = [
    entry("website", 1, WEBSITES), entry("website", 2, WEBSITES), entry("website", 3, WEBSITES, "listed", "disabled"),
    # The first body's journal is harvested by two, the surer counts; the second waits; the third may be read by a letter; the fourth has none.
    entry("einnsyn", 1, JOURNAL, "used"), entry("acos-innsyn", 1, JOURNAL + MEETINGS, "payload"), entry("einnsyn", 2, JOURNAL, "page", "permission"),
    entry("360-pj", 2, JOURNAL, "listed", "disabled"), entry("einnsyn", 3, JOURNAL, "listed", "permission", permission=LETTER),
    # The second waits with its meetings too, but has others that are harvested: only its entry is counted as waiting.
    entry("acos-innsyn", 2, MEETINGS, "listed", "permission"), entry("digdem", 2, MEETINGS), entry("opengov-meetings", 4, MEETINGS, "by_hand", "planned"),
    entry("ckan", 4, DATA), entry("data-norge", "974760673", DATA, "used"), entry("dcat", "974760673", DATA, "listed", "disabled"),
]  # fmt: skip
HAND = {
    "bodies": 4, "platforms": 6, "tenants": 8, "waiting": {"tenants": 2, "bodies": 1},
    "sides": {
        "website": {"harvested": 2, "share": 0.5, "confidence": {"tested": 2}, "permission": 0, "off": 1, "none": 1, "for_all": []},
        "journal": {"harvested": 2, "share": 0.5, "confidence": {"payload": 1, "listed": 1}, "permission": 1, "off": 0, "none": 1, "for_all": []},
        "meetings": {"harvested": 2, "share": 0.5, "confidence": {"payload": 1, "tested": 1}, "permission": 0, "off": 1, "none": 1, "for_all": []},
        "datasets": {"harvested": 1, "share": 0.25, "confidence": {"tested": 1}, "permission": 0, "off": 0, "none": 3, "for_all": ["data-norge/k974760673-used"]},
    },
}  # fmt: skip


def test_the_figures_are_those_of_a_hand_count():
    assert coverage(BODIES, ENTRIES).as_json() == HAND
    assert list(coverage(BODIES, ENTRIES).sides["journal"].confidence) == ["payload", "listed"], "the surest first"
