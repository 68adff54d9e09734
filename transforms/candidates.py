"""From verdicts to candidates: evidence about one initiative of one body, linked over its sources, scored with reasons.

A score is a sum of named points between 0 and 100. `score_low` counts only what the main document shows; `score_high` counts the tests
that nobody could answer as met.
"""

from __future__ import annotations

import contextlib
import hashlib
import inspect
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any

import pandas as pd

from catalogue import mentions as expressions
from catalogue import plans
from catalogue.rubric import Practice, Rubric
from transforms import code, learned, linking, matching, mentions, titles, verdict
from transforms.evaluation import model_version
from transforms.evidence import LONGEST_QUOTE, Found, quote_span
from transforms.linking import Trace

CANDIDATES = (
    "id", "authority", "pillar", "practice", "title", "status", "status_basis", "date_of_act", "date_words",
    "case_number", "is_contribution", "probability", "proposed",
    "score", "score_low", "score_high", "score_parts", "reasons", "checks", "beyond_law", "beyond_law_words", "legal_floor",
    "counter_evidence", "ogp_values", "policy_areas", "commitments", "source_types", "documents", "sources", "first_date", "last_date",
    "quote", "quote_document", "quote_url", "quote_capture", "text_hash", "by_hand", "rubric", "model",
    "flagged_on", "copies", "shared_share", "shared_with", "in_national_plan", "in_national_plan_by",
    "in_national_plan_words", "code",
)  # fmt: skip
SHARED_TEXTS = ("sentence_hash", "authority", "document_id", "document_table", "quote", "url")
CANDIDATE_DOCUMENTS = ("candidate", "document_id", "document_table", "source_type", "text_hash", "role")
THIN_TABLES = ("journal_entries",)
TEST_POINTS = {"actor": 5.0, "action": 10.0, "object": 6.0, "own": 14.0, "date_or_case": 8.0, "access": 6.0, "numbers": 9.0}
TEST_NAMES = {
    "actor": "Aktør", "action": "Handling", "object": "Gjenstand", "own": "Mer enn lovens minstekrav",
    "date_or_case": "Dato eller saksnummer",
    "access": "Vei inn for utenforstående", "numbers": "Tall",
}  # fmt: skip
ANY_NAME = "Dato, vei inn eller tall"
SOURCE_NAMES = {
    "own_page": "egen nettside", "council_case": "politisk sak", "mail_journal": "postliste", "portal": "dataportal", "press": "presse",
    "by_hand": "lagt til for hånd", "notice": "kunngjøring", "recording": "møteopptak",
}  # fmt: skip
COUNTER_NAMES = {
    "retreat": "Kommunen avvikler eller snevrer inn", "criticism": "Omtale av kritikk", "opinion": "Meningsytring eller ønske",
    "state": "Nyhet fra staten eller KS", "vendor": "Leverandørens omtale", "plan_only": "Plan uten vedtak", "howto": "Lovfestet ordning",
    "slogan": "Verdiord", "agenda": "Sakskart", "job_ad": "Stillingsannonse", "personal_data": "Egne personopplysninger",
    "planning": "Steg i en plansak", "award": "Enkeltkjøp",
}  # fmt: skip
COUNTER_POINTS = {
    "retreat": -20.0, "criticism": -10.0, "opinion": -10.0, "state": -6.0, "vendor": -12.0, "plan_only": -6.0,
    "howto": -3.0, "slogan": -4.0,
    "agenda": -4.0, "job_ad": -12.0, "personal_data": -8.0, "planning": -4.0, "award": -8.0,
}  # fmt: skip
# Kinds that weigh by how many of their words stand in the main document.
BY_COUNT, MOST_TIMES = ("howto", "slogan", "planning", "agenda"), 4
AGAINST_CUES = ("retreat", "opinion", "criticism", "vendor", "job_ad", "personal_data")
OLD_AFTER_DAYS = 3 * 365
TEMPLATE_SHARE, TEMPLATE_BODIES = 0.5, 3
LEAST_SENTENCE, LEAST_COPIED, NAMED_SHARERS = 50, 60, 4
STANDS_ALONE = 0.6
# What is put forward to people names its practice so often or is so near to it, and has so many points; where it is named once, or is a
# little less near, all tests are met too, and the points are more (docs/learning.md).
OFTEN_NAMED, SURELY_NEAR, PROPOSED = 2, 1.75, 50.0
LIKELY_NEAR, LIKELY_PROPOSED = 1.5, 70.0
LEARNT_POINTS = 16.0
"""From surely no contribution to surely one, by what was learnt."""


@dataclass(frozen=True)
class Linked:
    """`candidates`, best first within authority order of id, which documents are under each, and which sentences bodies share."""

    candidates: pd.DataFrame
    candidate_documents: pd.DataFrame
    shared_texts: pd.DataFrame


@dataclass
class Paper:
    """One document with its verdict. `template` is the share of its sentences that other bodies have word for word; `sharers` are the
    other bodies with any of its sentences, and how many of them each has; `shared` the share of its sentences any other body has."""

    row: Mapping[Hashable, Any]
    verdict: Mapping[Hashable, Any]
    trace: Trace
    checks: dict[str, dict[str, str]] = field(default_factory=dict)
    cues: dict[str, dict[str, Any]] = field(default_factory=dict)
    template: float = 0.0
    shared: float = 0.0
    sharers: dict[str, int] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return str(self.row["document_id"])

    @property
    def whole(self) -> str:
        return verdict.whole(_text(self.row, "title"), _text(self.row, "text"))

    @cached_property
    def told(self) -> str:
        """The same without what only surrounds it: menus, the way to the page, the day it was changed."""
        return matching.told_part(self.whole, len(_text(self.row, "title")))


@lru_cache(maxsize=1)
def linked_version() -> str:
    """A hash of the code that judges, links and weighs: the same code makes the same candidates of the same documents."""
    parts = (linking, titles, mentions, sys.modules[__name__])
    told = [model_version(), expressions.load().model_dump_json(), *map(inspect.getsource, parts)]
    return hashlib.sha256("".join(told).encode()).hexdigest()[:12]


def link(
    documents: pd.DataFrame, found: Found, rubric: Rubric, *, today: date, names: Mapping[str, str] | None = None,
    bodies: Collection[str] | None = None,
) -> Linked:  # fmt: skip
    """Candidates of the documents that `evidence.find` judged. Both frames hold documents of any number of bodies.

    A document that tells of no practice by itself is put under a candidate of its body when it clearly tells of the same; pages of one body
    with the same text are one finding, the copies under it. `bodies` are
    those whose candidates are made; the documents of others then only tell which text many share. `names` are the bodies' whole names by
    organisation number, for titles.
    """
    rows = {str(r["document_id"]): r for r in documents.to_dict("records")}
    quotes = _quotes(found.evidence)
    papers = [
        _paper(rows[str(v["document_id"])], v, quotes.get(str(v["document_id"]), ()))
        for v in found.verdicts.to_dict("records")
        if str(v["document_id"]) in rows
    ]
    shared_texts = _mark_templates(papers)
    by_authority: dict[str, list[Paper]] = defaultdict(list)
    for paper in papers:
        by_authority[str(paper.row["authority"])].append(paper)
    others: dict[str, list[Mapping[Hashable, Any]]] = defaultdict(list)
    judged = {p.id for p in papers}
    for identity, row in rows.items():
        if identity not in judged and str(row["authority"]) in by_authority:
            others[str(row["authority"])].append(row)
    candidates: list[dict[str, Any]] = []
    members: list[dict[str, Any]] = []
    for authority in sorted(by_authority if bodies is None else by_authority.keys() & set(bodies)):
        first_of, copies = _copies(by_authority[authority])
        groups = _with_others(linking.groups([p.trace for p in first_of]), others[authority])
        known = {p.id: p for p in by_authority[authority]}
        for group in groups:
            group += [copy.trace for one in list(group) for copy in copies.get(one.document, ())]
            candidate, documents_ = _candidate(authority, group, known, rows, quotes, rubric, today, names or {})
            candidates.append(candidate)
            members += documents_
    frame = pd.DataFrame(candidates, columns=list(CANDIDATES))
    return Linked(frame, pd.DataFrame(members, columns=list(CANDIDATE_DOCUMENTS)), shared_texts)


def _text(row: Mapping[Hashable, Any], key: str) -> str:
    value = row.get(key)
    return value if isinstance(value, str) else ""


def _paper(row: Mapping[Hashable, Any], judged: Mapping[Hashable, Any], evidence: Sequence[Mapping[Hashable, Any]]) -> Paper:
    checks = {c["key"]: c for c in json.loads(judged["checks"] or "[]")}
    cues = {c["key"]: c for c in json.loads(judged["cues"] or "[]")}
    is_named = any(str(e["rule"]).startswith(matching.TERM + ":") and e["practice"] == judged["practice"] for e in evidence)
    is_against = any(checks.get(k, {}).get("answer") == "no" for k in ("own", "action")) or any(k in cues for k in AGAINST_CUES)
    trace = _trace(row, practice=str(judged["practice"]), pillar=str(judged["pillar"]), is_guess=not is_named, is_against=is_against)
    return Paper(row, judged, trace, checks, cues)


def _trace(
    row: Mapping[Hashable, Any], practice: str = "", pillar: str = "", *, is_guess: bool = False,
    is_against: bool = False,
) -> Trace:  # fmt: skip
    return linking.trace(
        str(row["document_id"]), _text(row, "title"), _text(row, "text"), practice=practice, pillar=pillar, is_guess=is_guess,
        is_against=is_against, case_number=_text(row, "case_number"), kind=str(row["document_table"]),
        is_thin=row["document_table"] in THIN_TABLES,
    )  # fmt: skip


def _with_others(groups: list[list[Trace]], rows: Sequence[Mapping[Hashable, Any]]) -> list[list[Trace]]:
    """Adds the documents without a practice that clearly tell of the same as a group."""
    fitting = linking.Fitting(groups)
    additions: list[tuple[list[Trace], Trace]] = []
    for row in sorted(rows, key=lambda r: str(r["document_id"])):
        if matching.is_listing(_text(row, "text")):
            continue
        one = _trace(row)
        group = fitting.best(one)
        if group is not None:
            additions.append((group, one))
    for group, one in additions:
        group.append(one)
    return groups


def _copies(papers: Sequence[Paper]) -> tuple[list[Paper], dict[str, list[Paper]]]:
    """The papers without the pages that say what another page of the body says word for word, and by the one seen first its copies."""
    alike: dict[str, list[Paper]] = defaultdict(list)
    for paper in papers:
        alike[_sameness(paper.row) or paper.id].append(paper)
    ordered = [sorted(same, key=lambda p: _first_seen(p.row)) for same in alike.values()]
    return [first for first, *_ in ordered], {first.id: more for first, *more in ordered if more}


def _sameness(row: Mapping[Hashable, Any]) -> str:
    """A text that two pages with the same text share; "" for what is no page, or too short to tell."""
    plain = " ".join(_text(row, "text").split()).casefold() if row["document_table"] == "pages" else ""
    return plain if len(plain) >= LEAST_COPIED else ""


def _mark_templates(papers: Sequence[Paper]) -> pd.DataFrame:
    """How much of each document other bodies have too, word for word but for names and numbers. Gives the shared sentences."""
    holders: dict[str, set[str]] = defaultdict(set)
    sentences: dict[str, dict[str, str]] = {}
    for paper in papers:
        sentences[paper.id] = _plain_sentences(_text(paper.row, "text"))
        for sentence in sentences[paper.id]:
            holders[sentence].add(str(paper.row["authority"]))
    shared: list[dict[str, Any]] = []
    for paper in papers:
        own, body = sentences[paper.id], str(paper.row["authority"])
        paper.template = sum(len(holders[s]) >= TEMPLATE_BODIES for s in own) / len(own) if own else 0.0
        paper.shared = sum(len(holders[s]) > 1 for s in own) / len(own) if own else 0.0
        paper.sharers = dict(Counter(other for s in own for other in sorted(holders[s] - {body})))
        shared += [
            {"sentence_hash": hashlib.sha256(plain.encode()).hexdigest()[:16], "authority": body, "document_id": paper.id,
             "document_table": paper.row["document_table"], "quote": quote, "url": paper.row.get("url")}
            for plain, quote in own.items() if len(holders[plain]) > 1
        ]  # fmt: skip
    return pd.DataFrame(shared, columns=list(SHARED_TEXTS))


def _plain_sentences(text: str) -> dict[str, str]:
    """The sentences that are long enough to tell a template, without names and numbers, each with itself as it stands."""
    plain = ((re.sub(r"\W+", " ", re.sub(r"\b[A-ZÆØÅ]\w*|\d+", "", s)).strip(), s) for s in matching.sentences(text))
    return {short: whole for short, whole in plain if len(short) >= LEAST_SENTENCE}


def shared_by(documents: pd.DataFrame) -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    """Per body the sentences of its documents that other bodies have too, and which bodies: all that linking asks of the others."""
    holders: dict[str, set[str]] = defaultdict(set)
    for body, text in zip(documents["authority"], documents["text"], strict=True):
        for sentence in _plain_sentences(text):
            holders[sentence].add(str(body))
    shared: dict[str, list[tuple[str, tuple[str, ...]]]] = defaultdict(list)
    for sentence, bodies in sorted(holders.items()):
        for body in bodies if len(bodies) > 1 else ():
            shared[body].append((sentence, tuple(sorted(bodies))))
    return shared


def sharing(documents: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """Those of `others` that have a sentence in common with `documents`: only they can show that a text is a template."""
    own = {sentence for text in documents["text"] for sentence in _plain_sentences(text)}
    return others[[any(s in own for s in _plain_sentences(text)) for text in others["text"]]]


def _quotes(evidence: pd.DataFrame) -> dict[str, list[Mapping[Hashable, Any]]]:
    by_document: dict[str, list[Mapping[Hashable, Any]]] = defaultdict(list)
    for row in evidence.to_dict("records"):
        by_document[str(row["document_id"])].append(row)
    return by_document


def _first_seen(row: Mapping[Hashable, Any]) -> tuple[str, str]:
    """The day a document was first seen, then its id: which source of a run was asked first must not decide."""
    return str(row.get("first_seen"))[:10], str(row["document_id"])


def _candidate(
    authority: str, group: Sequence[Trace], known: Mapping[str, Paper], rows: Mapping[str, Mapping[Hashable, Any]],
    quotes: Mapping[str, Sequence[Mapping[Hashable, Any]]], rubric: Rubric, today: date, names: Mapping[str, str],
) -> tuple[dict[str, Any], list[dict[str, Any]]]:  # fmt: skip
    members = [rows[t.document] for t in group]
    papers = [known[t.document] for t in group if t.document in known]
    main = max(papers, key=lambda p: (_rank(p), p.id))
    practice = rubric.practice(str(main.verdict["practice"]))
    anchor = min((p.row for p in papers), key=_first_seen)
    identity = "K" + hashlib.sha256(f"{authority}|{practice.slug}|{anchor['document_id']}".encode()).hexdigest()[:10]
    checks = _merged_checks(main, papers, rubric)
    counter = _counter_evidence(main, papers, today, names)
    name = names.get(authority, "")
    roles = _roles(main, members)
    learnt = _learnt(main, checks, rubric)
    is_contribution = _is_contribution(main, checks, learnt)
    status, basis, act = _status(main, papers, today)
    dates = sorted(d for d in (_date(m.get("date")) for m in members) if d)
    parts = _score_parts(main, papers, members, checks, counter, is_contribution, learnt, dates, act.when, rubric, today)
    score = _bounded(sum(p["points"] for p in parts))
    low, high = _interval(score, main, checks, parts)
    quote = _quote(main, quotes.get(main.id, ()))
    beyond, beyond_words = _beyond(practice, checks["own"])
    source_types = list(dict.fromkeys(str(m["source_type"]) for m in sorted(members, key=lambda m: str(m["source_type"]))))
    candidate = {
        "id": identity, "authority": authority, "pillar": practice.pillar, "practice": practice.slug,
        "title": _title(main, papers, practice, act, status, quotes, name, is_sure=is_contribution == "yes"),
        "status": status, "status_basis": basis,
        "date_of_act": act.when, "date_words": act.words, "case_number": _case_number(main, papers), "is_contribution": is_contribution,
        "probability": round(learnt.probability, 3) if learnt else None,
        "proposed": any(m["source_type"] == "by_hand" for m in members)
        or _is_proposed(main, quotes.get(main.id, ()), score, is_contribution),
        "score": score, "score_low": low, "score_high": high, "score_parts": _json(parts), "reasons": _json(_reasons(parts)),
        "checks": _json(list(checks.values())), "beyond_law": beyond, "beyond_law_words": beyond_words,
        "legal_floor": str(practice.legal_floor), "counter_evidence": _json(counter), "ogp_values": _json(practice.ogp_values),
        "policy_areas": _json(practice.ogp_tags), "commitments": _json(practice.nap_commitments), "source_types": "; ".join(source_types),
        "documents": len(members), "sources": len({str(m["source"]) for m in members}),
        "first_date": dates[0] if dates else None, "last_date": dates[-1] if dates else None,
        "quote": quote, "quote_document": main.id, "quote_url": main.row.get("url"), "quote_capture": main.row.get("capture"),
        "text_hash": hashlib.sha256("".join(sorted(str(m["text_hash"]) for m in members)).encode()).hexdigest(),
        "by_hand": any(m["source_type"] == "by_hand" for m in members), "rubric": rubric.version, "model": linked_version(),
        "flagged_on": today, "copies": 1 + sum(role == "copy" and _sameness(rows[d]) == _sameness(main.row) for d, role in roles.items()),
        "code": code.version(), "shared_share": round(main.shared, 3),
        "shared_with": "; ".join(_most(main.sharers)), **_standing(members, practice.slug, name),
    }  # fmt: skip
    documents = [
        {
            "candidate": identity, "document_id": m["document_id"], "document_table": m["document_table"],
            "source_type": m["source_type"],
            "text_hash": m["text_hash"], "role": roles[str(m["document_id"])],
        }
        for m in members
    ]  # fmt: skip
    return candidate, documents


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _date(value: Any) -> date | None:
    if value is None or value is pd.NaT or (isinstance(value, float) and value != value):
        return None
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


def _rank(paper: Paper) -> float:
    """How well a document carries a candidate: full text before titles, contributions before others."""
    met = sum(TEST_POINTS[k] for k, c in paper.checks.items() if c["answer"] == "yes")
    return met + 20 * bool(paper.verdict["is_contribution"]) - 40 * paper.trace.is_thin + min(float(paper.verdict["score"]), 8.0)


def _merged_checks(main: Paper, papers: Sequence[Paper], rubric: Rubric) -> dict[str, dict[str, str]]:
    """Each test answered by the main document, else by another; only the main document answers whether it is more than the law asks, and
    what other bodies say word for word cannot answer yes."""
    merged = {}
    for test in rubric.tests:
        order = [main] if test.key == "own" else [main, *(p for p in papers if p is not main)]
        answers = [(p, p.checks.get(test.key, {"answer": "unknown", "words": ""})) for p in order]
        if test.key == "own" and main.template >= TEMPLATE_SHARE and answers[0][1]["answer"] == "yes":
            answers = [(main, {"answer": "unknown", "words": ""})]
        paper, best = next(((p, c) for p, c in answers if c["answer"] == "yes"), answers[0])
        merged[test.key] = {"key": test.key, "answer": best["answer"], "words": _shown(paper.whole, best["words"]), "document_id": paper.id}
    return merged


def _roles(main: Paper, members: Sequence[Mapping[Hashable, Any]]) -> dict[str, str]:
    """What each document is to the candidate: main, supporting, or copy of a page that is main or supporting already."""
    said = {_sameness(main.row)} - {""}
    roles = {main.id: "main"}
    for row in sorted(members, key=_first_seen):
        sameness = _sameness(row)
        roles.setdefault(str(row["document_id"]), "copy" if sameness in said else "supporting")
        said |= {sameness} - {""}
    return roles


def _most(sharers: Mapping[str, int]) -> list[str]:
    """The bodies that share text, the one with most sentences first."""
    return sorted(sharers, key=lambda body: (-sharers[body], body))


def _standing(members: Sequence[Mapping[Hashable, Any]], practice: str, name: str) -> dict[str, str]:
    """What of the candidate already stands in a national plan for OGP, by its documents' own words: the columns `in_national_plan…`."""
    known = plans.load()
    found = [
        (mention, mentions.words_of(verdict.whole(_text(row, "title"), _text(row, "text")), mention)[0])
        for row in sorted(members, key=lambda r: str(r["document_id"]))
        for mention in mentions.read(_text(row, "title"), _text(row, "text"), known, name)
    ]
    commitments, by, words = mentions.standing(found, practice, known)
    return {"in_national_plan": "; ".join(commitments), "in_national_plan_by": by, "in_national_plan_words": words}


def _counter_evidence(main: Paper, papers: Sequence[Paper], today: date, names: Mapping[str, str]) -> list[dict[str, str]]:
    """What speaks against: retreats and criticism in any document, the other kinds in the main one, template text and age."""
    found: list[dict[str, str]] = []
    for paper in [main, *(p for p in papers if p is not main)]:
        for key, cue in paper.cues.items():
            if key in COUNTER_NAMES and (paper is main or key in ("retreat", "criticism")):
                found.append({"kind": key, "words": _shown(paper.whole, cue["words"]), "document_id": paper.id})
    if main.template >= TEMPLATE_SHARE:
        told = ", ".join([*(names.get(a, a) for a in _most(main.sharers)[:NAMED_SHARERS]), *["…"] * (len(main.sharers) > NAMED_SHARERS)])
        found.append({"kind": "template", "words": f"samme tekst hos {len(main.sharers)} andre: {told}", "document_id": main.id})
    latest = max((d for d in (_date(p.row.get("date")) for p in papers) if d), default=None)
    if latest and (today - latest).days > OLD_AFTER_DAYS:
        found.append({"kind": "old", "words": f"nyeste dokument er fra {latest.day}.{latest.month}.{latest.year}", "document_id": main.id})
    return found


def _learnt(main: Paper, checks: Mapping[str, Mapping[str, str]], rubric: Rubric) -> learned.Answer | None:
    """What the learnt model says of the tests' answers and the main document's cues; None where there is no model."""
    if rubric.model is None:
        return None
    cues = {key: int(cue["count"]) for key, cue in main.cues.items()}
    return learned.answer(rubric.model, {key: check["answer"] for key, check in checks.items()}, cues)


def _is_contribution(main: Paper, checks: Mapping[str, Mapping[str, str]], learnt: learned.Answer | None) -> str:
    answers = [verdict.Check(k, c["answer"]) for k, c in checks.items()]
    if any(c["answer"] == "no" for c in checks.values() if c["key"] in ("own", "action")):
        return "no"
    if main.template >= TEMPLATE_SHARE:
        return "no"
    if main.trace.is_thin or (learnt is not None and learnt.probability < verdict.LIKELY):
        return "unsure"
    return "yes" if verdict.all_met(answers) else "unsure"


def _is_proposed(main: Paper, evidence: Sequence[Mapping[Hashable, Any]], score: float, is_contribution: str) -> bool:
    """Whether a candidate is put forward: a practice that a text mentions once in passing, or is not near enough to, and what stands in a
    title of the mail journal alone, stay among the finds."""
    if main.trace.is_thin:
        return False
    named = sum(str(e["rule"]).startswith(matching.TERM + ":") and e["practice"] == main.verdict["practice"] for e in evidence)
    near = float(main.verdict["score"])
    if named >= OFTEN_NAMED or (not named and near >= SURELY_NEAR):
        return score >= PROPOSED
    return (named > 0 or near >= LIKELY_NEAR) and is_contribution == "yes" and score >= LIKELY_PROPOSED


@dataclass(frozen=True)
class Act:
    """When it was done, by the words of the text."""

    when: date | None
    words: str


_ACT_WORDS = re.compile(r"ved[t]|bestem|besl|innfør|siden|sidan|fra |frå |åpn|opn|start|tok |lanser|løyv|bevil|publis|inngå", re.IGNORECASE)


def _act(main: Paper, papers: Sequence[Paper], today: date, *, until: date = date.max) -> Act:
    """The first full date up to `until` in a sentence that says something was done; days to come only when no other day is named.

    Without a full date the words of a month that has been.
    """
    dated = [
        (day > today, _ACT_WORDS.search(sentence) is None, number, day, words)
        for number, paper in enumerate([main, *(p for p in papers if p is not main)])
        for sentence in matching.sentences(paper.told)
        for day, words in _days(sentence)
        if day <= until
    ]
    if not dated:
        told = (sentence for sentence in matching.sentences(main.told) if _ACT_WORDS.search(sentence))
        months = (match for sentence in told for match in linking.MONTH_YEAR.finditer(sentence))
        return Act(None, next((m.group() for m in months if _last_of(m) <= min(until, today)), ""))
    chosen = min(dated, key=lambda d: (d[2], d[0], d[1]))
    return Act(chosen[3], chosen[4])


def _last_of(month: re.Match[str]) -> date:
    """A day late in the month that the words name."""
    return date(int(month.group(2)), linking.MONTHS[month.group(1).lower()], 28)


def _days(sentence: str) -> Iterator[tuple[date, str]]:
    """The full dates of a sentence, with their words."""
    for match in linking.FULL_DATE.finditer(sentence):
        day, month, year = match.groups()
        if year:
            with contextlib.suppress(ValueError):  # 31. juni is no day
                yield date(int(year), linking.MONTHS[month.lower()], int(day)), match.group()


def _case_number(main: Paper, papers: Sequence[Paper]) -> str:
    for paper in [main, *(p for p in papers if p is not main)]:
        if match := linking.CASE.search(paper.whole):
            return match.group(1)
    return next((_text(p.row, "case_number") for p in [main, *papers] if _text(p.row, "case_number")), "")


_DECIDED = re.compile(r"\b(?:vedt(?:ok|atte?|ak)|vedteke|bestem(?:te|t)|besluttet|godkjen(?:te|de)|løyvde|bevilget)\b", re.IGNORECASE)


def _status(main: Paper, papers: Sequence[Paper], today: date) -> tuple[str, str, Act]:
    """Status, the words it rests on, and the act.

    What a sentence says of days to come shows no operation: without other words it is decided or planned. What runs by other words did not
    begin on a day to come.
    """
    act = _act(main, papers, today)
    told = matching.sentences(main.told)
    coming = [sentence for sentence in told if _is_coming(sentence, today)]
    status, words = verdict.status_with_words("\n".join(s for s in told if s not in coming) if coming else main.told)
    words = _shown(main.whole, words)
    if coming and not (words and status in ("in operation", "ended")):
        decided = next((sentence for sentence in told if _DECIDED.search(sentence)), "")
        status, words = ("adopted", decided) if decided else ("planned", coming[0])
        words = _shown(main.whole, words)
    elif act.when and act.when > today:
        act = _act(main, papers, today, until=today)
    return status, words, act


def _is_coming(sentence: str, today: date) -> bool:
    """Whether every day and month a sentence names lies ahead."""
    days = [day for day, _ in _days(sentence)]
    days += [_last_of(month) for month in linking.MONTH_YEAR.finditer(sentence) if not days]
    return bool(days) and min(days) > today


def _shown(whole: str, words: str) -> str:
    """Words of a text as a reader is shown them: a piece of a sentence has "…" where it was cut."""
    at = whole.find(words) if words else -1
    if at < 0:
        return words
    starts, ends = _bounds(whole)
    return f"{'' if at in starts else '…'}{words}{'' if at + len(words) in ends else '…'}"


@lru_cache(maxsize=64)
def _bounds(whole: str) -> tuple[frozenset[int], frozenset[int]]:
    """Where the sentences of a text begin and end."""
    spans = [(a + len(whole[a:b]) - len(whole[a:b].lstrip()), a + len(whole[a:b].rstrip())) for a, b in matching.sentence_spans(whole)]
    return frozenset(a for a, _ in spans), frozenset(b for _, b in spans)


def _beyond(practice: Practice, own: Mapping[str, str]) -> tuple[str, str]:
    if own["answer"] == "yes" and practice.floor_duty:
        return ("partly" if own["words"] else "unknown"), own["words"]
    if own["answer"] == "yes":
        return "yes", own["words"]
    return ("no" if own["answer"] == "no" else "unknown"), own["words"]


def _score_parts(
    main: Paper, papers: Sequence[Paper], members: Sequence[Mapping[Hashable, Any]], checks: Mapping[str, Mapping[str, str]],
    counter: Sequence[Mapping[str, str]], is_contribution: str, learnt: learned.Answer | None, dates: Sequence[date], act: date | None,
    rubric: Rubric, today: date,
) -> list[dict[str, Any]]:  # fmt: skip
    parts: list[dict[str, Any]] = []

    def add(name: str, points: float, why: str) -> None:
        parts.append({"name": name, "points": round(points, 1), "why": why})

    for key, points in TEST_POINTS.items():
        check = checks[key]
        if check["answer"] == "yes":
            shown = points if check["words"] or key != "actor" else 1.0  # that nobody else is named says little
            add(TEST_NAMES[key], shown, f"«{check['words']}»" if check["words"] else "ingenting i teksten taler imot")
    name = rubric.practice(str(main.verdict["practice"])).name
    if main.trace.is_guess:
        add("Praksisen er ikke nevnt ved navn", -4.0, f"nærmeste praksis er {name}, etter feltets vanlige ord")
    else:
        add("Praksisens egne ord", min(float(main.verdict["score"]) * 1.5, 12.0), f"treff på {name}")
    figures = sum(m.startswith("number ") for m in main.trace.marks)
    days = sum(m.startswith(("day ", "case ")) for m in main.trace.marks)
    if figures or days:
        add("Konkret", min(2.0 * figures + 2.0 * days, 12.0), f"{figures} tall og {days} datoer eller saksnumre i hoveddokumentet")
    openness = main.cues.get("openness")
    if openness:
        add("Åpent for andre", min(2.0 * openness["count"], 8.0), f"«{_shown(main.whole, openness['words'])}»")
    kinds = {str(p.row["source_type"]) for p in papers if p is main or not p.trace.is_against}
    if len(kinds) > 1:
        add("Flere kilder", min(5.0 * (len(kinds) - 1), 10.0), ", ".join(sorted(SOURCE_NAMES.get(k, k) for k in kinds)))
    newest = max([d for d in (dates[-1] if dates else None, act) if d], default=None)
    if newest and newest <= today:
        age = (today - newest).days
        if age <= 730:
            add("Nytt", 6.0 if age <= 365 else 3.0, f"{newest.day}.{newest.month}.{newest.year}")
    seen: set[str] = set()
    for item in counter:
        kind = item["kind"]
        if kind in seen:
            continue
        seen.add(kind)
        if kind == "template":
            add("Samme tekst hos flere", -15.0, item["words"])
        elif kind == "old":
            add("Eldre enn tre år", -8.0, item["words"])
        elif COUNTER_POINTS.get(kind):
            times = min(main.cues.get(kind, {"count": 1})["count"], MOST_TIMES) if kind in BY_COUNT else 1
            add(COUNTER_NAMES[kind], COUNTER_POINTS[kind] * times, f"«{item['words']}»")
    if learnt is not None:
        most, share = ", ".join(_feature(name) for name, _ in learnt.told[:2]), round(100 * learnt.probability)
        add("Lært av merkede tekster", LEARNT_POINTS * (learnt.probability - 0.5),
            f"{share} % av merkede tekster som svarer likt, er bidrag (mest teller: {most})"
            if most else f"{share} % av merkede tekster som svarer likt, er bidrag")  # fmt: skip
    if main.trace.is_thin:
        add("Bare en tittel", -15.0, "ingen side, sak eller datasett er funnet")
    if is_contribution == "no":
        add("Ikke mer enn det vanlige", -15.0, "testen «eget» eller «handling» er ikke oppfylt")
    elif is_contribution == "unsure":
        add("Uavklart", -6.0, "minst én av testene 1–4, eller alle av 5–7, mangler svar")
    return parts


def _feature(name: str) -> str:
    """A feature of the learnt model in words: a test's name, or a cue list's."""
    if name.startswith("cue:"):
        return COUNTER_NAMES.get(name.removeprefix("cue:"), name)
    return ANY_NAME if name == learned.ANY else TEST_NAMES[name.partition("=")[0]]


def _bounded(points: float) -> float:
    return round(min(100.0, max(0.0, points)), 1)


def _interval(
    score: float, main: Paper, checks: Mapping[str, Mapping[str, str]], parts: Sequence[Mapping[str, Any]]
) -> tuple[float, float]:
    borrowed = sum(TEST_POINTS[k] for k, c in checks.items() if c["answer"] == "yes" and c["document_id"] != main.id)
    corroboration = sum(p["points"] for p in parts if p["name"] == "Flere kilder")
    unanswered = sum(TEST_POINTS[k] for k, c in checks.items() if c["answer"] == "unknown")
    return _bounded(score - borrowed - corroboration), _bounded(score + unanswered)


def _reasons(parts: Sequence[Mapping[str, Any]]) -> list[str]:
    """Three reasons in words: what speaks most for or against."""
    order = sorted(parts, key=lambda p: (-abs(p["points"]), p["name"]))
    return [f"{p['name']}: {p['why']}" for p in order[:3]]


def _quote(main: Paper, evidence: Sequence[Mapping[Hashable, Any]]) -> str:
    """The passage of the main document that shows most: whole sentences before pieces, most evidence, body before title."""
    title_end = len(_text(main.row, "title"))
    heading = titles.plain(_text(main.row, "title")).casefold()
    starts, ends = _bounds(main.whole)
    found: dict[tuple[int, int], float] = defaultdict(float)
    for row in evidence:
        where = (int(row["quote_start"]), int(row["quote_end"]))
        found[where] += max(float(row["weight"]), 0.0) + (0.6 if str(row["rule"]).endswith("=yes") else 0.0)

    def tells(start: int, end: int) -> bool:
        return start >= title_end and main.whole[start:end].rstrip(".!").casefold() != heading

    def is_sentence(start: int, end: int) -> bool:
        return start in starts and end in ends and main.whole[start:end].endswith((".", "!", "?"))

    if not any(tells(*where) and is_sentence(*where) for where in found):
        found |= {(a, b): 0.0 for a, b in zip(sorted(starts), sorted(ends), strict=True) if b - a <= LONGEST_QUOTE and tells(a, b)}
    if not found:
        start, end = quote_span(main.whole, 0, min(len(main.whole), 1))
        return main.whole[start:end]
    for start, end in found:
        found[start, end] += STANDS_ALONE * (titles.REFERS_BACK.search(main.whole[start:end]) is None)
    start, end = max(found, key=lambda w: (tells(*w), is_sentence(*w), found[w], -w[0]))
    return main.whole[start:end]


def _title(
    main: Paper, papers: Sequence[Paper], practice: Practice, act: Act, status: str, quotes: Mapping[str, Sequence[Mapping[Hashable, Any]]],
    name: str, *, is_sure: bool,
) -> str:  # fmt: skip
    language = "nn" if main.row.get("language") == "nn" else "nb"
    told = [main, *(p for p in papers if p is not main and not p.trace.is_thin)]
    texts = [
        titles.Text(
            _text(p.row, "title"), _text(p.row, "text"), _terms(p, quotes.get(p.id, ())), _passages(quotes.get(p.id, ())),
            str(p.row["document_table"]),
        )
        for p in told
    ]  # fmt: skip
    is_done = main.checks.get("action", {}).get("answer") == "yes" and not main.trace.is_against and not main.trace.is_thin
    called = (practice.name_nn or practice.name) if language == "nn" else practice.name
    return titles.of(texts, name=name, practice=called, status=status, date_words=act.words, language=language, is_shown=is_sure or is_done)


def _passages(evidence: Sequence[Mapping[Hashable, Any]]) -> tuple[str, ...]:
    """The passages of a document that speak for the practice."""
    return tuple(sorted({str(e["quote"]) for e in evidence if float(e["weight"]) > 0 or str(e["rule"]).endswith("=yes")}))


def _terms(paper: Paper, evidence: Sequence[Mapping[Hashable, Any]]) -> tuple[str, ...]:
    """The words of the practice as they stand in the document."""
    found = {paper.whole[int(e["start_at"]) : int(e["end_at"])].casefold() for e in evidence if str(e["rule"]).startswith(matching.TERM)}
    return tuple(sorted(found))
