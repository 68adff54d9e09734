"""What a body's text says of Open Government Partnership: that the body is a member, has a plan of its own, or stands in Norway's plan.

A mark beside the practices: it is found in texts of any practice and of none, and makes no candidate. A mark is a sentence. That a national
plan is only spoken of, in a hearing or an invitation, is told as `mentioned` and says nothing about the body's work.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from catalogue import mentions as expressions
from catalogue.plans import Plans
from transforms import matching, verdict
from transforms.evidence import LONGEST_QUOTE, quote_span

COLUMNS = (
    "document_id", "document_table", "authority", "source", "source_type", "kind", "claim", "plan", "commitments", "matched_by", "start_at",
    "end_at", "quote", "quote_start", "quote_end", "text_hash", "capture", "locator", "url", "captured_at",
)  # fmt: skip
# A text without any of these says nothing of it; also the question put to the database before a text is read (RE2 has the same syntax).
HINT = r"open government|\bogp\b|(?:åpen|open) (?:forvaltning|forvalting|styring)|\bNO00\d\d\b"
COMMITMENT = re.compile(r"\bNO00\d\d\b")
NUMBER = re.compile(r"\b(?:forplikt(?:else|ing)|commitment|tiltak)\w*(?: nr\.?| nummer| no\.?)? (\d(?:\.\d)?)\b", re.IGNORECASE)
WHICH = {4: re.compile(r"\bfjerde\b|\b4\.\s|\bNAP ?4\b|\b2019\s?[–-]\s?20?2[12]\b|\bfourth\b", re.IGNORECASE),
         5: re.compile(r"\bfemte\b|\b5\.\s|\bNAP ?5\b|\b202[34]\s?[–-]\s?20?27\b|\bfifth\b", re.IGNORECASE)}  # fmt: skip
LEAST_TITLE = 12
_HINT = re.compile(HINT, re.IGNORECASE)


@dataclass(frozen=True)
class Mention:
    """One sentence. `kind` is membership, own_plan or national_plan; `claim` is stands (it is so), planned or mentioned.

    `plan` is the number of the national plan when the text says which; `commitments` are ids the text names, and `matched_by` how: id,
    number, title, or plan (only the plan is named). Offsets count in title, blank line, text.
    """

    kind: str
    claim: str
    plan: int | None
    commitments: tuple[str, ...]
    matched_by: str
    start: int
    end: int


def is_hinted(title: str, text: str) -> bool:
    """Whether a text may say something of it: cheap, and asked of every text."""
    return bool(_HINT.search(title) or _HINT.search(text))


def read(title: str, text: str, plans: Plans, name: str = "") -> tuple[Mention, ...]:
    """The mentions of one text; of several that say the same the first. `name` is the body's own, "Fjordvik kommune"."""
    if not is_hinted(title, text):
        return ()
    whole = verdict.whole(title, text)
    found: dict[tuple[str, str, tuple[str, ...]], Mention] = {}
    for start, end in matching.sentence_spans(whole):
        sentence = whole[start:end]
        if expressions.of("names").search(sentence) or COMMITMENT.search(sentence):
            for mention in _of_sentence(sentence, start, end, plans, name):
                found.setdefault((mention.kind, mention.claim, mention.commitments), mention)
    return tuple(found.values())


def _of_sentence(sentence: str, start: int, end: int, plans: Plans, name: str) -> Iterable[Mention]:
    def says(what: str) -> bool:
        return bool(expressions.of(what).search(sentence))

    short = re.sub(r" (?:fylkes)?(?:kommune|herad)$", "", name)
    is_own = bool(short and re.search(rf"\b{re.escape(short)}", sentence)) or says("own")
    is_unsure, is_denied = says("not_yet"), says("denied")
    plan, commitments, by = _named(sentence, plans)
    if commitments or says("national_plan"):
        stands = is_own and says("stands") and not is_unsure and not is_denied
        yield Mention("national_plan", "stands" if stands else "mentioned", plan, commitments, by, start, end)
        return
    if is_denied or says("others"):
        return
    claim = "planned" if is_unsure else "stands"
    if says("own_plan"):
        yield Mention("own_plan", claim, None, (), "", start, end)
    if is_own and says("membership"):
        yield Mention("membership", claim, None, (), "", start, end)


def _named(sentence: str, plans: Plans) -> tuple[int | None, tuple[str, ...], str]:
    """(number of the national plan, commitments, how they are named) of one sentence."""
    known = {c.id: c for plan in plans for c in plan.commitments}
    ids = tuple(dict.fromkeys(i for i in COMMITMENT.findall(sentence) if i in known))
    if ids:
        return known[ids[0]].plan, ids, "id"
    number = next((n for n in (p.number for p in plans) if n in WHICH and WHICH[n].search(sentence)), None)
    numbers = set(NUMBER.findall(sentence)) if number else set()
    by_number = tuple(c.id for c in known.values() if c.plan == number and c.number and c.number in numbers)
    if by_number:
        return number, by_number, "number"
    folded = sentence.casefold()
    titled = [c for c in known.values() if any(len(t) >= LEAST_TITLE and t.casefold() in folded for t in (c.title, c.title_nb))]
    titled = [c for c in titled if number in (None, c.plan)]
    if titled:
        return titled[0].plan, tuple(c.id for c in titled), "title"
    return number, (), "plan"


def standing(found: Iterable[tuple[Mention, str]], practice: str, plans: Plans) -> tuple[list[str], str, str]:
    """What of a candidate already stands in a national plan, by its documents' mentions with their words: (commitments, how, words).

    A commitment the text names goes before one that only answers to the candidate's practice in the plan that is named (`how` practice);
    when there is none of either, the plan stands for it (NAP5, or NAP when the text does not say which). All empty when it stands in none.
    """
    told = [(mention, words) for mention, words in found if mention.kind == "national_plan" and mention.claim == "stands"]
    for mention, words in told:
        if mention.commitments:
            named = dict.fromkeys(i for m, _ in told for i in m.commitments)
            return list(named), mention.matched_by, words
    for mention, words in told:
        same = [c.id for p in plans if mention.plan in (None, p.number) for c in p.commitments if c.practice == practice]
        if same:
            return same, "practice", words
    return ([f"NAP{told[0][0].plan or ''}"], "plan", told[0][1]) if told else ([], "", "")


def words_of(whole: str, mention: Mention) -> tuple[str, int, int]:
    """(quote, its start, its end): the sentence, cut when it is long."""
    start, end = mention.start, mention.end
    while start < end and whole[start].isspace():
        start += 1
    if end - start > LONGEST_QUOTE:
        start, end = quote_span(whole, start, min(end, start + 1))
    return whole[start:end].rstrip(), start, start + len(whole[start:end].rstrip())


def mark(documents: pd.DataFrame, plans: Plans, names: Mapping[str, str]) -> pd.DataFrame:
    """The mentions of documents (columns of `transforms.documents`) as rows of COLUMNS; `names` are bodies' whole names by number."""
    rows: list[dict[Hashable, Any]] = []
    for row in documents.to_dict("records"):
        title, text = (row[k] if isinstance(row[k], str) else "" for k in ("title", "text"))
        for mention in read(title, text, plans, names.get(str(row["authority"]), "")):
            quote, start, end = words_of(verdict.whole(title, text), mention)
            kept = {c: row.get(c) for c in COLUMNS if c in row}
            rows.append({
                **kept, "kind": mention.kind, "claim": mention.claim, "plan": mention.plan, "commitments": "; ".join(mention.commitments),
                "matched_by": mention.matched_by, "start_at": mention.start, "end_at": mention.end, "quote": quote, "quote_start": start,
                "quote_end": end,
            })  # fmt: skip
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.astype({"plan": "Int64"})
