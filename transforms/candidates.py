"""From verdicts to candidates: evidence about one initiative of one body, linked over its sources, scored with reasons.

A score is a sum of named points between 0 and 100. `score_low` counts only what the main document shows; `score_high` counts the tests
that nobody could answer as met.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pandas as pd

from catalogue.rubric import Practice, Rubric
from transforms import linking, matching, verdict
from transforms.evaluation import model_version
from transforms.evidence import Found, quote_span
from transforms.linking import Trace

CANDIDATES = (
    "id", "authority", "pillar", "practice", "title", "status", "status_basis", "date_of_act", "date_words",
    "case_number", "is_contribution",
    "score", "score_low", "score_high", "score_parts", "reasons", "checks", "beyond_law", "beyond_law_words", "legal_floor",
    "counter_evidence", "ogp_values", "policy_areas", "commitments", "source_types", "documents", "sources", "first_date", "last_date",
    "quote", "quote_document", "quote_url", "quote_capture", "text_hash", "by_hand", "rubric", "model",
)  # fmt: skip
CANDIDATE_DOCUMENTS = ("candidate", "document_id", "document_table", "source_type", "text_hash", "role")
THIN_TABLES = ("journal_entries",)
TEST_POINTS = {"actor": 5.0, "action": 10.0, "object": 6.0, "own": 14.0, "date_or_case": 8.0, "access": 6.0, "numbers": 9.0}
TEST_NAMES = {
    "actor": "Aktør", "action": "Handling", "object": "Gjenstand", "own": "Mer enn lovens minstekrav",
    "date_or_case": "Dato eller saksnummer",
    "access": "Vei inn for utenforstående", "numbers": "Tall",
}  # fmt: skip
SOURCE_NAMES = {
    "own_page": "egen nettside", "council_case": "politisk sak", "mail_journal": "postliste", "portal": "dataportal", "press": "presse",
    "by_hand": "lagt til for hånd",
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
LEAST_SENTENCE = 50


@dataclass(frozen=True)
class Linked:
    """`candidates`, best first within authority order of id, and which documents are under each."""

    candidates: pd.DataFrame
    candidate_documents: pd.DataFrame


@dataclass
class Paper:
    """One document with its verdict. `template` is the share of its sentences that other bodies have word for word."""

    row: Mapping[Hashable, Any]
    verdict: Mapping[Hashable, Any]
    trace: Trace
    checks: dict[str, dict[str, str]] = field(default_factory=dict)
    cues: dict[str, dict[str, Any]] = field(default_factory=dict)
    template: float = 0.0

    @property
    def id(self) -> str:
        return str(self.row["document_id"])

    @property
    def whole(self) -> str:
        return verdict.whole(_text(self.row, "title"), _text(self.row, "text"))


def link(documents: pd.DataFrame, found: Found, rubric: Rubric, *, today: date, bodies: Collection[str] | None = None) -> Linked:
    """Candidates of the documents that `evidence.find` judged. Both frames hold documents of any number of bodies.

    A document that tells of no practice by itself is put under a candidate of its body when it clearly tells of the same. `bodies` are
    those whose candidates are made; the documents of others then only tell which text many share.
    """
    rows = {str(r["document_id"]): r for r in documents.to_dict("records")}
    quotes = _quotes(found.evidence)
    papers = [
        _paper(rows[str(v["document_id"])], v, quotes.get(str(v["document_id"]), ()))
        for v in found.verdicts.to_dict("records")
        if str(v["document_id"]) in rows
    ]
    _mark_templates(papers)
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
        groups = _with_others(linking.groups([p.trace for p in by_authority[authority]]), others[authority])
        known = {p.id: p for p in by_authority[authority]}
        for group in groups:
            candidate, documents_ = _candidate(authority, group, known, rows, quotes, rubric, today)
            candidates.append(candidate)
            members += documents_
    frame = pd.DataFrame(candidates, columns=list(CANDIDATES))
    return Linked(frame, pd.DataFrame(members, columns=list(CANDIDATE_DOCUMENTS)))


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


def _mark_templates(papers: Sequence[Paper]) -> None:
    """How much of each document other bodies have too, word for word but for names and numbers."""
    holders: dict[str, set[str]] = defaultdict(set)
    sentences: dict[str, list[str]] = {}
    for paper in papers:
        sentences[paper.id] = _plain_sentences(_text(paper.row, "text"))
        for sentence in sentences[paper.id]:
            holders[sentence].add(str(paper.row["authority"]))
    for paper in papers:
        own = sentences[paper.id]
        paper.template = sum(len(holders[s]) >= TEMPLATE_BODIES for s in own) / len(own) if own else 0.0


def _plain_sentences(text: str) -> list[str]:
    """The sentences that are long enough to tell a template, without names and numbers."""
    plain = (re.sub(r"\W+", " ", re.sub(r"\b[A-ZÆØÅ]\w*|\d+", "", s)).strip() for s in matching.sentences(text))
    return [s for s in plain if len(s) >= LEAST_SENTENCE]


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
    quotes: Mapping[str, Sequence[Mapping[Hashable, Any]]], rubric: Rubric, today: date,
) -> tuple[dict[str, Any], list[dict[str, Any]]]:  # fmt: skip
    members = [rows[t.document] for t in group]
    papers = [known[t.document] for t in group if t.document in known]
    main = max(papers, key=lambda p: (_rank(p), p.id))
    practice = rubric.practice(str(main.verdict["practice"]))
    anchor = min((p.row for p in papers), key=_first_seen)
    identity = "K" + hashlib.sha256(f"{authority}|{practice.slug}|{anchor['document_id']}".encode()).hexdigest()[:10]
    checks = _merged_checks(main, papers, rubric)
    counter = _counter_evidence(main, papers, today)
    is_contribution = _is_contribution(main, papers, checks, counter)
    act = _act(main, papers, today)
    dates = sorted(d for d in (_date(m.get("date")) for m in members) if d)
    parts = _score_parts(main, papers, members, checks, counter, is_contribution, dates, act.when, rubric, today)
    score = _bounded(sum(p["points"] for p in parts))
    low, high = _interval(score, main, checks, parts)
    quote = _quote(main, quotes.get(main.id, ()))
    status, basis = _status(main, papers)
    beyond, beyond_words = _beyond(practice, checks["own"])
    source_types = list(dict.fromkeys(str(m["source_type"]) for m in sorted(members, key=lambda m: str(m["source_type"]))))
    candidate = {
        "id": identity, "authority": authority, "pillar": practice.pillar, "practice": practice.slug,
        "title": _title(main, papers, practice, act, status, quotes.get(main.id, ())), "status": status, "status_basis": basis,
        "date_of_act": act.when, "date_words": act.words, "case_number": _case_number(main, papers), "is_contribution": is_contribution,
        "score": score, "score_low": low, "score_high": high, "score_parts": _json(parts), "reasons": _json(_reasons(parts)),
        "checks": _json(list(checks.values())), "beyond_law": beyond, "beyond_law_words": beyond_words,
        "legal_floor": str(practice.legal_floor), "counter_evidence": _json(counter), "ogp_values": _json(practice.ogp_values),
        "policy_areas": _json(practice.ogp_tags), "commitments": _json(practice.nap_commitments), "source_types": "; ".join(source_types),
        "documents": len(members), "sources": len({str(m["source"]) for m in members}),
        "first_date": dates[0] if dates else None, "last_date": dates[-1] if dates else None,
        "quote": quote, "quote_document": main.id, "quote_url": main.row.get("url"), "quote_capture": main.row.get("capture"),
        "text_hash": hashlib.sha256("".join(sorted(str(m["text_hash"]) for m in members)).encode()).hexdigest(),
        "by_hand": any(m["source_type"] == "by_hand" for m in members), "rubric": rubric.version, "model": model_version(),
    }  # fmt: skip
    documents = [
        {
            "candidate": identity, "document_id": m["document_id"], "document_table": m["document_table"],
            "source_type": m["source_type"],
            "text_hash": m["text_hash"], "role": "main" if m["document_id"] == main.id else "supporting",
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
    """Each test answered by the main document, else by another; only the main document answers whether it is more than the law asks."""
    merged = {}
    for test in rubric.tests:
        order = [main] if test.key == "own" else [main, *(p for p in papers if p is not main)]
        answers = [(p, p.checks.get(test.key, {"answer": "unknown", "words": ""})) for p in order]
        paper, best = next(((p, c) for p, c in answers if c["answer"] == "yes"), answers[0])
        merged[test.key] = {"key": test.key, "answer": best["answer"], "words": best["words"], "document_id": paper.id}
    return merged


def _counter_evidence(main: Paper, papers: Sequence[Paper], today: date) -> list[dict[str, str]]:
    """What speaks against: retreats and criticism in any document, the other kinds in the main one, template text and age."""
    found: list[dict[str, str]] = []
    for paper in [main, *(p for p in papers if p is not main)]:
        for key, cue in paper.cues.items():
            if key in COUNTER_NAMES and (paper is main or key in ("retreat", "criticism")):
                found.append({"kind": key, "words": cue["words"], "document_id": paper.id})
    if main.template >= TEMPLATE_SHARE:
        found.append({"kind": "template", "words": "samme tekst hos andre kommuner", "document_id": main.id})
    latest = max((d for d in (_date(p.row.get("date")) for p in papers) if d), default=None)
    if latest and (today - latest).days > OLD_AFTER_DAYS:
        found.append(
            {"kind": "old", "words": f"nyeste dokument er fra {latest.day}.{latest.month}.{latest.year}", "document_id": main.id}
        )
    return found


def _is_contribution(
    main: Paper, papers: Sequence[Paper], checks: Mapping[str, Mapping[str, str]], counter: Sequence[Mapping[str, str]]
) -> str:
    answers = [verdict.Check(k, c["answer"]) for k, c in checks.items()]
    if any(c["answer"] == "no" for c in checks.values() if c["key"] in ("own", "action")):
        return "no"
    if main.template >= TEMPLATE_SHARE:
        return "no"
    if main.trace.is_thin:
        return "unsure"
    return "yes" if verdict.all_met(answers) else "unsure"


@dataclass(frozen=True)
class Act:
    """When it was done, by the words of the text."""

    when: date | None
    words: str


_ACT_WORDS = re.compile(
    r"ved[t]|bestem|besl|innfør|siden|sidan|fra |frå |åpn|opn|start|tok |lanser|løyv|bevil|publis|inngå", re.IGNORECASE
)


def _act(main: Paper, papers: Sequence[Paper], today: date) -> Act:
    """The first full date in a sentence that says something was done; days to come only when no day that has been is named."""
    dated = [
        (day > today, _ACT_WORDS.search(sentence) is None, number, day, words)
        for number, paper in enumerate([main, *(p for p in papers if p is not main)])
        for sentence in matching.sentences(paper.whole)
        for day, words in _days(sentence)
    ]
    if not dated:
        return Act(None, "")
    chosen = min(dated, key=lambda d: (d[2], d[0], d[1]))
    return Act(chosen[3], chosen[4])


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


def _status(main: Paper, papers: Sequence[Paper]) -> tuple[str, str]:
    """The status of the main document with the words it rests on."""
    status, words = verdict.status_with_words(main.whole)
    return status, words


def _beyond(practice: Practice, own: Mapping[str, str]) -> tuple[str, str]:
    if own["answer"] == "yes":
        return ("partly" if practice.floor_duty else "yes"), own["words"]
    return ("no" if own["answer"] == "no" else "unknown"), own["words"]


def _score_parts(
    main: Paper, papers: Sequence[Paper], members: Sequence[Mapping[Hashable, Any]], checks: Mapping[str, Mapping[str, str]],
    counter: Sequence[Mapping[str, str]], is_contribution: str, dates: Sequence[date], act: date | None, rubric: Rubric, today: date,
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
    days = sum(m.startswith(("date ", "case ")) for m in main.trace.marks)
    if figures or days:
        add("Konkret", min(2.0 * figures + 2.0 * days, 12.0), f"{figures} tall og {days} datoer eller saksnumre i hoveddokumentet")
    openness = main.cues.get("openness")
    if openness:
        add("Åpent for andre", min(2.0 * openness["count"], 8.0), f"«{openness['words']}»")
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
    if main.trace.is_thin:
        add("Bare en tittel", -15.0, "ingen side, sak eller datasett er funnet")
    if is_contribution == "no":
        add("Ikke mer enn det vanlige", -15.0, "testen «eget» eller «handling» er ikke oppfylt")
    elif is_contribution == "unsure":
        add("Uavklart", -6.0, "minst én av testene 1–4, eller alle av 5–7, mangler svar")
    return parts


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
    """The passage of the main document that shows most: most evidence, body before title."""
    if not evidence:
        start, end = quote_span(main.whole, 0, min(len(main.whole), 1))
        return main.whole[start:end]
    title_end = len(_text(main.row, "title"))
    found: dict[tuple[int, int], float] = defaultdict(float)
    for row in evidence:
        where = (int(row["quote_start"]), int(row["quote_end"]))
        found[where] += max(float(row["weight"]), 0.0) + (0.6 if str(row["rule"]).endswith("=yes") else 0.0)
    start, end = max(found, key=lambda w: (w[0] >= title_end, found[w], -w[0]))
    return main.whole[start:end]


_VERBS = {
    "nb": {"planned": "planlegger", "adopted": "har vedtatt", "in operation": "har", "ended": "har avviklet"},
    "nn": {"planned": "planlegg", "adopted": "har vedteke", "in operation": "har", "ended": "har avvikla"},
}
_NAMED_BODY = (
    r"(?:(?:Nord|Sør|Øst|Vest|Ytre|Indre|Nordre|Søndre|Midtre|Øvre|Nedre|Store|Nye|Møre og|Sogn og|Troms og|Aust|Vestre|Østre) )?"
    r"[A-ZÆØÅČŠŽ][\w-]+ (?:fylkeskommune|kommunestyre|kommune|bystyre)(?:t|n)?"
)
_ACTOR = re.compile(
    rf"\b(?:{_NAMED_BODY}|(?:Kommunestyret|Bystyret|Formannskapet|Fylkestinget|Fylkesutvalet|Fylkesutvalget|Kontrollutvalget|Kontrollutvalet"
    r"|Kommunen|Fylkeskommunen|Revisjonen|Byrådet|Utvalget|Utvalet)(?: i [A-ZÆØÅ][\w-]+)?)\b"
)
LONGEST_TITLE = 190


def _title(
    main: Paper, papers: Sequence[Paper], practice: Practice, act: Act, status: str, evidence: Sequence[Mapping[Hashable, Any]]
) -> str:
    """One sentence. The document's own when one says who did what and when; else actor, verb by status, practice and
    date put together, the actor as any of the papers names it."""
    best, sentence, is_named = 0.0, "", False
    for start, end in matching.sentence_spans(main.whole):
        text = " ".join(main.whole[start:end].split())
        if start < len(_text(main.row, "title")) or not 30 <= len(text) <= LONGEST_TITLE or not text.endswith((".", "!")):
            continue
        acting = _ACTOR.search(text)
        if acting is None or not _ACT_WORDS.search(text):
            continue
        inside = {str(e["rule"]) for e in evidence if start <= int(e["start_at"]) < end and float(e["weight"]) > 0}
        names = sum(r.startswith(matching.TERM) for r in inside)
        dated = bool(linking.FULL_DATE.search(text) or linking.MONTH_YEAR.search(text) or linking.CASE.search(text))
        points = 2.0 * (acting.start() == 0) + 1.5 * dated + 1.2 * min(names, 2) + 0.2 * min(len(inside), 4) - max(0, len(text) - 130) / 60
        if points > best and (dated or names):
            best, sentence, is_named = points, text, bool(names)
    subject = _text(main.row, "title").strip().rstrip(".:")
    if best >= 2.0:
        return sentence if is_named or len(subject) + len(sentence) > LONGEST_TITLE else f"{subject}: {sentence}"
    language = "nn" if main.row.get("language") == "nn" else "nb"
    named = next((found for p in (main, *papers) if (found := re.search(_NAMED_BODY, p.whole))), None)
    actor = named.group() if named else "Fylkeskommunen" if re.search(r"[Ff]ylkes(?:ting|utval)", main.whole) else "Kommunen"
    thing = (practice.name_nn or practice.name) if language == "nn" else practice.name
    thing = next(part for part in thing.split(" / ") if not part.endswith("-"))
    thing = thing if thing[:2].isupper() else thing[0].lower() + thing[1:]
    dated_words = f" ({act.words})" if act.words else ""
    return f"{actor} {_VERBS[language][status]} {thing}: «{subject}»{dated_words}."
