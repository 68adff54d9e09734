"""The list as rows, for the sheet and the CSV files: the fields of HANDOVER section 4 under Norwegian names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from desk import sheet as ark
from desk import weighing
from desk.blocks import text_of
from desk.shortlist import TESTS, Body, Shortlist
from desk.words import Words

Row = dict[str, Any]


def candidates(shortlist: Shortlist, w: Words) -> Iterator[Row]:
    """One row per candidate; keys are names of `fields.*`, values text, numbers or dates."""
    for item in shortlist.items:
        quoted = item.quoted
        yield {
            "number": item.position, "candidate": item.id, **_body(item.body, w),
            "pillar": w.label("pillar_short", item.pillar), "practice": ark.practice_of(item, w), "title": item.title,
            "contribution": w.label("answer", item.is_contribution), "score": item.score, "score_low": item.score_low,
            "score_high": item.score_high,
            "status": weighing.status_of(item, w), "status_basis": item.status_basis, "date_of_act": item.date_of_act,
            "case_number": item.case_number, "beyond_law": text_of(ark.beyond_law(item, w)), "legal_floor": text_of(ark.floor_of(item, w)),
            "ogp_value": w.join(weighing.values_of(item, w)), "policy_area": "; ".join(item.policy_areas),
            "commitment": "; ".join(c.id if c.confirmed else f"{c.id} ({w.get('unchecked')})" for c in item.commitments),
            "quote": item.quote, "source_type": w.label("source_type", quoted.source_type), "archived_at": w.moment(quoted.captured_at),
            "capture": quoted.capture, "sha256": quoted.sha256, "url": quoted.url or "", "sources": len(item.documents),
            "kostra_group": item.kostra_group, "in_national_plan": weighing.in_plan(item, w) if item.in_national_plan else "",
            "own_plans": weighing.own_plans(item, w), "prevalence": weighing.prevalence_of(item, w), "pages_alike": item.copies,
            "same_text": weighing.same_text(item, w), "unobserved": weighing.unobserved(item, w),
            "comparable": "; ".join(text_of(c) for c in ark.comparable_of(item, shortlist, w)),
            "reasons": "; ".join(weighing.reasons_for(item, w)), "doubt": " ".join(weighing.doubts(item, shortlist, w)),
            "review": _reviewed(shortlist, w), "decision": w.label("decision", item.review.decision) if item.review else "",
            "decision_reason": item.review.reason if item.review else "", "postmottak": item.body.postmottak or "",
        }  # fmt: skip


def _body(body: Body, w: Words) -> Row:
    return {
        "body": weighing.name_of(body), "body_number": body.number, "orgnr": body.orgnr, "county": body.county_name,
        "size": w.label("size", body.size), "population": body.population,
    }  # fmt: skip


def _reviewed(shortlist: Shortlist, w: Words) -> str:
    return w.say("contact.gjennomgang_ja" if shortlist.is_reviewed else "contact.gjennomgang_nei")


def evidence(shortlist: Shortlist, w: Words) -> Iterator[Row]:
    """One row per archived document of a candidate, and per quote found in it."""
    for item in shortlist.items:
        for d in item.documents:
            shared = {
                "number": item.position, "candidate": item.id, "body": weighing.name_of(item.body),
                "role": w.label("role", d.role),
                "source_type": w.label("source_type", d.source_type), "title": d.title,
            }  # fmt: skip
            origin = {
                "archived_at": w.moment(d.captured_at),
                "capture": d.capture,
                "sha256": d.sha256,
                "locator": d.locator,
                "url": d.url or "",
            }
            quotes = [e for e in item.evidence if e.document_id == d.document_id]
            for e in quotes:
                yield {**shared, "quote": e.quote, "rule": rule_of(e.rule, w), "weight": e.weight, **origin}
            if not quotes:
                yield {
                    **shared,
                    "quote": item.quote if d.document_id == item.quoted.document_id else "",
                    "rule": "",
                    "weight": None,
                    **origin,
                }


def rule_of(rule: str, w: Words) -> str:
    """What found a passage, in words: 'praksisens ord: gaveregister', 'prøve: Aktør, ja'."""
    kind, _, word = rule.partition(":")
    if kind == "test":
        key, _, answer = word.partition("=")
        word = f"{w.label('tests', key)}, {w.label('answer', answer)}"
    elif kind == "cue":
        word = w.label("counter", word)
    return w.say(f"rule.{kind}", word=word) if kind in w.get("rule") else rule


def tests(shortlist: Shortlist, w: Words) -> Iterator[Row]:
    """One row per candidate and test."""
    for item in shortlist.items:
        for key in TESTS:
            check = item.check(key)
            yield {
                "number": item.position, "candidate": item.id, "body": weighing.name_of(item.body), "test": w.label("tests", key),
                "answer": w.label("answer", check.answer), "words": check.words,
            }  # fmt: skip


def contacts(shortlist: Shortlist, w: Words) -> Iterator[Row]:
    """One row per body: whom to write to, about which candidates, with which links."""
    for body in shortlist.bodies:
        items = [item for item in shortlist.items if item.body.orgnr == body.orgnr]
        yield {
            **_body(body, w), "postmottak": body.postmottak or "", "homepage": body.homepage or "", "language_form": body.language_form,
            "candidates": "; ".join(f"{item.position} {item.id}: {item.title}" for item in items),
            "links": " ".join(dict.fromkeys(item.quoted.url for item in items if item.quoted.url)),
            "review": _reviewed(shortlist, w), "letter": letter_name(body) if shortlist.is_reviewed else "",
        }  # fmt: skip


def letter_name(body: Body) -> str:
    """The file of the letter to a body."""
    return f"brev/{body.number or body.orgnr}.docx"


def about(shortlist: Shortlist, w: Words) -> Iterator[Row]:
    """What the list is and what it rests on, as name and value."""
    c = shortlist.coverage
    facts: list[tuple[str, Any]] = [
        ("id", shortlist.id), ("name", shortlist.name), ("created_at", w.moment(shortlist.created_at.isoformat())),
        ("review", _reviewed(shortlist, w)), ("content_hash", shortlist.content_hash), ("rubric", shortlist.rubric),
        ("model", shortlist.model),
        ("period", w.period(c.since, c.until)), ("bodies", c.bodies), ("bodies_reached", c.bodies_reached),
        ("bodies_not_asked", c.bodies_not_asked), ("sources", c.sources),
        *((w.label("outcome", k), v) for k, v in c.sources_by_outcome.items()),
        ("pages", c.pages), ("documents", c.documents), ("quarantined", c.quarantined), ("candidates", c.candidates),
        ("rejected", c.rejected),
    ]  # fmt: skip
    if not shortlist.is_reviewed:
        facts.insert(0, ("stamp", w.say("head.stamp_long")))
    for name, value in facts:
        if value not in (None, ""):
            yield {"fact": w.label("about", name), "value": value}
    for missed in c.not_reached:
        named = ": ".join(filter(None, (missed.name, weighing.why_not_reached(missed, w))))
        yield {"fact": w.label("about", "not_reached"), "value": named}
    for licence in dict.fromkeys(f"{d.source}: {d.licence}" for i in shortlist.items for d in i.documents if d.licence):
        yield {"fact": w.label("about", "licence"), "value": licence}
