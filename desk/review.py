"""One candidate on one screen, and the record of what a person decides about it. The desk decides nothing and writes nothing itself."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from desk import weighing
from desk.exceptions import CandidateUnknown, DecisionRefused
from desk.sheet import CANDIDATE, chosen_comparable
from desk.shortlist import TESTS, Comparable, Item
from desk.weighing import OUR_OWN_WORDS, with_body
from desk.words import Words, words
from warehouse import shortlists
from warehouse.store import connect_published

DECISIONS = ("accept", "reject", "unsure")
# HANDOVER section 4: a fixed list, so that rejections can be counted and learned from.
REJECT_REASONS = ("lovpålagt", "omtale", "gammelt", "feil organ", "ikke bekreftet", "dublett")
JSON_COLUMNS = ("score_parts", "reasons", "checks", "counter_evidence", "ogp_values", "policy_areas", "commitments")
WIDTH, COPIES = 100, 3
CONTEXT = 160
BOLD, MARK, PLAIN = "\x1b[1m", "\x1b[30;43m", "\x1b[0m"


def load(home: Path, candidate_id: str) -> dict[str, Any]:
    """The candidate as the published copy holds it, with `body`, `documents`, `paragraph` around the quote, the last `review`, and what
    stands beside it (`warehouse.shortlists.surroundings`): comparable work, how rare the practice is, what could not be observed.

    Everything in it can be written as JSON. Raises CandidateUnknown.
    """
    with connect_published(home) as connection:
        found = _rows(connection, "FROM ogp.candidates WHERE id = ?", [candidate_id])
        if not found:
            raise CandidateUnknown(f"no candidate is called {candidate_id}; `dagslys review` lists those that wait", id=candidate_id)
        candidate = found[0]
        body = _rows(connection, BODY, [candidate["authority"]])
        documents = _rows(connection, DOCUMENTS, [candidate_id])
        reviews = _rows(connection, "FROM ogp.reviews WHERE candidate = ? ORDER BY entry DESC LIMIT 1", [candidate_id])
        beside = shortlists.surroundings(connection, candidate)
    shown = {name: json.loads(value) if name in JSON_COLUMNS and isinstance(value, str) else value for name, value in candidate.items()}
    shown["body"] = body[0] if body else {"orgnr": candidate["authority"], "name": candidate["authority"]}
    shown["paragraph"] = _around(
        next((d["whole"] for d in documents if d["document_id"] == candidate["quote_document"]), ""), candidate["quote"]
    )
    shown["documents"] = [{k: v for k, v in d.items() if k != "whole"} for d in documents]
    shown["review"] = reviews[0] if reviews else None
    return _plain(shown | beside)


BODY = "SELECT orgnr, name, roles, number, county_name, population, postmottak FROM core.authorities WHERE orgnr = ?"
# The documents of a candidate with what a reader may open, the main one first; `whole` is the text the quote is a piece of.
DOCUMENTS = """
    SELECT cd.document_id, cd.document_table, cd.source_type, cd.role, d.url, d.capture, d.captured_at, c.sha256, d.whole
    FROM ogp.candidate_documents cd
    JOIN (
        SELECT id, url, capture, captured_at, concat_ws(chr(10) || chr(10), title, text) AS whole FROM core.pages
        UNION ALL SELECT id, url, capture, captured_at, concat_ws(chr(10) || chr(10), committee, video_url) FROM core.meetings
        UNION ALL SELECT id, url, capture, captured_at, concat_ws(chr(10) || chr(10), title, text, decision) FROM core.agenda_items
        UNION ALL SELECT id, url, capture, captured_at, concat_ws(chr(10) || chr(10), title, case_title) FROM core.journal_entries
        UNION ALL SELECT id, url, capture, captured_at, concat_ws(chr(10) || chr(10), title, description, keywords) FROM core.datasets
        UNION ALL SELECT id, url, capture, captured_at, concat_ws(chr(10) || chr(10), title, text) FROM core.notices
    ) d ON d.id = cd.document_id
    LEFT JOIN raw.captures c ON c.capture = d.capture
    WHERE cd.candidate = ? ORDER BY cd.role <> 'main', d.captured_at, cd.document_id"""


def decision(shown: Mapping[str, Any], decided: str, *, reason: str = "", note: str = "", reviewer: str) -> dict[str, Any]:
    """The record for the decision log: candidate, text_hash (what was judged), decision, reason, note, reviewer.

    A rejection needs one of REJECT_REASONS; `note` is free text. Raises DecisionRefused.
    """
    if decided not in DECISIONS:
        raise DecisionRefused(f"a decision is one of {', '.join(DECISIONS)}, not {decided!r}", "decision", decision=decided)
    if decided == "reject" and reason not in REJECT_REASONS:
        given = f"not {reason!r}" if reason else "and none was given"
        allowed = ", ".join(REJECT_REASONS)
        said = f"a rejection has one of these reasons: {allowed}, {given}; more words go in --note"
        raise DecisionRefused(said, "reason", reasons=allowed)
    if not reviewer.strip():
        raise DecisionRefused("say who decides: --reviewer", "reviewer")
    return {
        "candidate": shown["id"], "text_hash": shown["text_hash"], "decision": decided, "reason": reason, "note": note,
        "reviewer": reviewer.strip(), "rubric": shown.get("rubric"), "model": shown.get("model"),
    }  # fmt: skip


def as_text(shown: Mapping[str, Any], lang: str = "nb", *, colour: bool = False) -> str:
    """The candidate on one screen: sentence, quote in its paragraph, reasons, tests, doubt, where to look, how to decide.

    Text of a source is shown without control characters: a terminal obeys some of them.
    """
    w = words(lang)
    strong, end = (BOLD, PLAIN) if colour else ("", "")
    lines = [
        f"{strong}{shown['id']} · {_safe(shown['body']['name'])} · {w.label('pillar_short', shown['pillar'])} · {shown['practice']}{end}",
        *_wrapped(_safe(shown["title"])),
        "",
        f"{w.say('ui.quote')}:",
        *_quote(shown, colour),
        "",
        f"{w.say('ui.score')}: {_score(shown, w)}   {w.say('ui.status')}: {w.label('status', shown['status'] or 'none')}   "
        f"{w.say('ui.beyond')}: {w.label('beyond', shown['beyond_law'] or 'unknown')}",
        f"{w.say('ui.reasons')}:",
        *(f"  {n}. {_safe(w.reason(reason))}" for n, reason in enumerate((shown["reasons"] or ())[:3], 1)),
        f"{w.say('ui.tests')}: {_tests(shown, w)}",
    ]
    if shown["counter_evidence"]:
        against = (f"{w.label('counter', c['kind'])}: {_safe(_against(c, w))}" for c in shown["counter_evidence"])
        lines += [f"{w.say('ui.doubt')}: {'; '.join(against)}"]
    for name, said in _beside(shown, w):
        first, *more = said.split("\n")
        lines += [f"{w.say(f'ui.{name}')}: {_safe(first)}".rstrip(), *(f"  {_safe(line)}" for line in more)] if said else []
    copies = [d for d in shown["documents"] if d["role"] == "copy"]
    for d in (d for d in shown["documents"] if d["role"] != "copy"):
        lines += ["", f"{w.say('ui.archived')}: {d['capture']}  {w.moment(d['captured_at'])}  {w.label('source_type', d['source_type'])}",
                  f"{w.say('ui.live')}: {_safe(d['url'] or '')}"]  # fmt: skip
    lines += [f"{w.say('ui.copies')}: {_safe(d['url'] or '')}" for d in copies[:COPIES]] + (["…"] if copies[COPIES:] else [])
    return "\n".join(
        [*lines, "", *_decided(shown, w), w.say("ui.decide", id=shown["id"]), w.say("ui.why", reasons=", ".join(REJECT_REASONS))]
    )


def _beside(shown: Mapping[str, Any], w: Words) -> list[tuple[str, str]]:
    """What stands beside a candidate, each by the name of its text; "" for what there is nothing to say of."""
    item = Item.model_validate({**shown, "position": 0})
    similar = [f"\n{_similar(c, w)}" for c in chosen_comparable(item)]
    return [
        ("in_plan", weighing.in_plan(item, w) if item.in_national_plan else ""), ("own_plans", weighing.own_plans(item, w)),
        ("group", weighing.group_of(item, w)), ("rarity", weighing.prevalence_of(item, w)), ("comparable", "".join(similar)),
        ("same_text", weighing.same_text(item, w)), ("unobserved", weighing.unobserved(item, w)),
    ]  # fmt: skip


def _similar(comparable: Comparable, w: Words) -> str:
    """One comparable on a line: where, what and how it went; of a commitment its id, with the mark of what nobody has checked."""
    if CANDIDATE.fullmatch(comparable.reference):
        return f"{with_body(comparable.where, comparable.where, comparable.title)} ({w.label('status', comparable.result or 'none')})"
    named = comparable.reference.removesuffix("(ikke kontrollert)").strip() or w.say("ui.no_number")
    mark = f" ({w.get('unchecked')})" if comparable.reference.endswith("(ikke kontrollert)") else ""
    result = w.label("early_results", comparable.result or "none") + weighing.chosen_by(comparable, w)
    return f"{comparable.where}: {comparable.title}, {named}{mark}: {result}"


def text_as_text(item: Mapping[str, Any], lang: str = "nb") -> str:
    """A text of a sample (`warehouse.sampling.load`) on the screen: what it says, whose it is and where it stands, and nothing that tells
    what the rubric made of it."""
    w = words(lang)
    about = [item["id"], _safe(item["body"]), w.label("source_type", item["source_type"]), _day(item["date"], w)]
    paragraphs = [line for block in (item["text"] or "").split("\n") if block.strip() for line in _wrapped(_safe(block), indent="  ")]
    lines = [" · ".join(filter(None, about)), *_wrapped(_safe(item["title"] or "")), "", *paragraphs, "",
             f"{w.say('ui.archived')}: {item['capture']}  {w.moment(item['captured_at'] or '')}",
             f"{w.say('ui.live')}: {_safe(item['url'] or '')}", ""]  # fmt: skip
    if said := item["review"]:
        lines.append(f"{w.say('ui.decided')}: {said['decision']} {_safe(said['note'] or '')} {w.moment(said['at'])}")
    return "\n".join([*lines, w.say("ui.blind"), w.say("ui.decide", id=item["id"])])


def _day(iso: str | None, w: Words) -> str:
    return w.day(date.fromisoformat(iso[:10])) if iso else ""


def _rows(connection: Any, sql: str, values: list[Any]) -> list[dict[str, Any]]:
    answer = connection.execute(sql, values)
    names = [column[0] for column in answer.description]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def _plain(value: Any) -> Any:
    """Moments and days as ISO text (moments are UTC), all else as it is."""
    if isinstance(value, Mapping):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return value.isoformat() if isinstance(value, date | datetime) else value


def _around(whole: str, quote: str) -> list[str]:
    """The paragraph of the quote as (before, quote, after); before and after at most CONTEXT characters."""
    at = whole.find(quote) if quote else -1
    if at < 0:
        return ["", quote or "", ""]
    before, after = whole[:at].rpartition("\n\n")[2], whole[at + len(quote) :].partition("\n\n")[0]
    return [f"…{before[-CONTEXT:]}" if len(before) > CONTEXT else before, quote, f"{after[:CONTEXT]}…" if len(after) > CONTEXT else after]


def _quote(shown: Mapping[str, Any], colour: bool) -> list[str]:
    before, quote, after = (_safe(part) for part in shown["paragraph"])
    wrapped = _wrapped(f"{before}\x01{quote}\x02{after}", indent="  ")
    opening, closing = (MARK, PLAIN) if colour else ("«", "»")
    return _marked("\n".join(wrapped), opening, closing).split("\n")


def _marked(text: str, opening: str, closing: str) -> str:
    return text.replace("\x01", opening).replace("\x02", closing)


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)


def _safe(text: str) -> str:
    """Without control characters, which a terminal would obey."""
    return "".join(c if c.isprintable() else " " for c in text)


def _score(shown: Mapping[str, Any], w: Words) -> str:
    return f"{w.points(shown['score'])} ({w.points(shown['score_low'])}–{w.points(shown['score_high'])})"


def _against(counter: Mapping[str, str], w: Words) -> str:
    return w.retold(counter["words"]) if counter["kind"] in OUR_OWN_WORDS else counter["words"]


def _tests(shown: Mapping[str, Any], w: Words) -> str:
    answers = {c["key"]: c["answer"] for c in shown["checks"] or ()}
    return ", ".join(f"{w.label('tests', key).lower()} {w.label('answer', answers.get(key, 'unknown'))}" for key in TESTS)


def _decided(shown: Mapping[str, Any], w: Words) -> list[str]:
    review = shown["review"]
    if not review:
        return []
    said = f"{w.say('ui.decided')}: {review['decision']} {_safe(review['reason'] or '')} {w.moment(review['decided_at'])}"
    return [said, *([w.say("ui.changed")] if review["text_hash"] != shown["text_hash"] else [])]
