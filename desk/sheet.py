"""One page per candidate (ark): sentence, quote, link and archive, the seven tests, the score, comparable work, doubt, contact, draft.

The order is that of HANDOVER section 4; its last section answers what the committee asks (section 5).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from desk import weighing
from desk.blocks import Block, Facts, Heading, PageBreak, Paragraph, Quote, Run, Runs, Table, fill, lines, link, plain, prose
from desk.shortlist import TESTS, Comparable, Item, ScorePart, Shortlist
from desk.words import Words, is_number

FURTHER = 4
CANDIDATE = re.compile(r"K[0-9a-f]{10}")


def anchor(item: Item) -> str:
    return f"ark-{item.position}"


def sheet(item: Item, shortlist: Shortlist, words: Words) -> list[Block]:
    """The blocks of one ark, beginning on a new page."""
    number = words.number(item.position)
    title = words.say("sheet.weighed")
    weighed = (
        (words.say("sheet.score"), _score(item, words)),
        (words.say("sheet.would_change"), _would_change(item, words)),
        (words.say("sheet.comparable"), lines(comparable_of(item, shortlist, words)) or plain(words.say("sheet.no_comparable"))),
        (
            words.say("sheet.doubt"),
            lines([plain(d) for d in weighing.doubts(item, shortlist, words)]) or plain(words.say("sheet.no_doubt")),
        ),
        (words.say("sheet.contact"), _contact(item, words)),
        (words.say("sheet.review"), _review(item, shortlist, words)),
    )
    return [
        PageBreak(),
        Heading(3, words.say("sheet.heading", number=number, body=weighing.name_of(item.body)), anchor(item)),
        Paragraph((Run(item.title, bold=True),)),
        quote_of(item, words),
        *_source_and_archive(item, words),
        _key_facts(item, words),
        *_tests(item, words),
        Heading(4, title),
        Facts(title, _filled(weighed)),
        *draft(item, words),
    ]


def quote_of(item: Item, words: Words) -> Quote:
    """The quote, verbatim, said by the one who says it."""
    lead = words.get("sheet").get(f"says_{item.quoted.source_type}", words.get("sheet.says_own_page"))
    marks = tuple(e.quote for e in item.evidence if e.weight > 0 and e.quote != item.quote and e.quote in item.quote and len(e.quote) < 60)
    return Quote(lead, item.quote, item.quoted.language, marks)


def _source_and_archive(item: Item, words: Words) -> list[Block]:
    """The archive before the live page: pages vanish."""
    document = item.quoted
    unknown = words.say("archive.no_fingerprint")
    kind = words.label("source_type", document.source_type)
    prints = [plain(document.sha256 or unknown, mono=True), plain(document.capture or unknown, mono=True)]
    rows: list[tuple[str, Runs]] = [
        (words.say("sheet.archived_at"), plain(words.moment(document.captured_at) or unknown)),
        (words.say("sheet.fingerprint"), lines(prints)),
        (words.say("sheet.live"), fill("{url} ({kind})", url=link(document.url, document.url), kind=kind) if document.url else ()),
    ]
    others = [
        fill("{kind}: {title} · {at}", kind=words.label("source_type", d.source_type),
             title=link(d.title or d.url or d.document_id, d.url or ""), at=words.moment(d.captured_at))
        for d in item.documents if d is not document
    ]  # fmt: skip
    more = [prose(words.say("sheet.further_more", n=words.number(len(others) - FURTHER)))] if len(others) > FURTHER else []
    rows.append((words.say("sheet.further"), lines(others[:FURTHER] + more)))
    title = words.say("sheet.source_and_archive")
    return [Heading(4, title), Facts(title, _filled(rows))]


def _key_facts(item: Item, words: Words) -> Block:
    status = words.label("status", item.status or "none")
    commitments = [f"{c.id} {c.title}".strip() + ("" if c.confirmed else f" (*{words.get('unchecked')}*)") for c in item.commitments]
    rows: list[tuple[str, Runs]] = [
        (words.say("sheet.beyond_law"), beyond_law(item, words)),
        (words.say("sheet.legal_floor"), floor_of(item, words)),
        (
            words.say("sheet.status"),
            fill("{status} («{basis}»)", status=status, basis=item.status_basis) if item.status_basis else plain(status),
        ),
        (words.say("sheet.date_of_act"), plain(weighing.date_of(item, words))),
        (words.say("sheet.case_number"), plain(item.case_number or words.say("sheet.not_stated"))),
        (words.say("sheet.pillar"), plain(words.label("pillar_short", item.pillar))),
        (words.say("sheet.practice"), plain(practice_of(item, words))),
        (words.say("sheet.ogp_value"), plain(words.join(weighing.values_of(item, words)) or words.say("assess.no_value"))),
        (words.say("sheet.policy_area"), plain(", ".join(item.policy_areas), lang="en")),
        (words.say("sheet.commitment"), prose(" · ".join(commitments) or words.say("sheet.no_commitment"))),
    ]
    return Facts(words.say("sheet.key_facts"), _filled(rows), paired=True)


def practice_of(item: Item, words: Words) -> str:
    """The practice's name in the paper's language."""
    name = item.practice_name_nn if words.lang == "nn" and item.practice_name_nn else item.practice_name
    return name or item.practice.replace("_", " ")


def beyond_law(item: Item, words: Words) -> Runs:
    """Yes, partly, no or not settled, and the words that show it."""
    answer = words.label("beyond", item.beyond_law)
    return fill("{answer} («{words}»)", answer=answer, words=item.beyond_law_words) if item.beyond_law_words else plain(answer)


def floor_of(item: Item, words: Words) -> Runs:
    """What the law already asks, with the mark when nobody has checked the reference."""
    known = words.get("floor").get(item.practice)
    if known is None:
        return prose(words.unchecked(item.legal_floor))
    return prose(f"{known} (*{words.get('unchecked')}*)" if "ikke kontrollert" in item.legal_floor else known)


def _filled(rows: Iterable[tuple[str, Runs]]) -> tuple[tuple[str, Runs], ...]:
    return tuple((label, runs) for label, runs in rows if runs)


def _tests(item: Item, words: Words) -> list[Block]:
    rows = tuple(
        (plain(f"{n}. {words.label('tests', key)}"), plain(words.label("answer", item.check(key).answer)), _shown(item.check(key).words))
        for n, key in enumerate(TESTS, 1)
    )
    headers = tuple(words.label("table", h) for h in ("test", "answer", "words"))
    caption = words.say("caption.checks", number=words.number(item.position))
    return [Heading(4, words.say("sheet.checks")), Table(caption, headers, rows, (0.26, 0.2, 0.54), row_heads=True, small=True, quiet=True)]


def _shown(quoted: str) -> Runs:
    return plain(f"«{quoted}»") if quoted else plain("–")


def score_line(item: Item, words: Words) -> str:
    """The score with its uncertainty: never a bare number."""
    score = words.points(item.score)
    if is_number(item.score_low) and is_number(item.score_high):
        return words.say("sheet.score_line", score=score, low=words.points(item.score_low or 0), high=words.points(item.score_high or 0))
    return words.say("sheet.score_line_bare", score=score)


def _score(item: Item, words: Words) -> Runs:
    """The score, the rules it was made by, and its parts."""
    unknown = words.say("archive.no_fingerprint")
    versions = words.say("sheet.score_versions", rubric=item.rubric or unknown, model=item.model or unknown)
    parts = " · ".join(_part(p, item, words) for p in item.score_parts)
    return lines([plain(f"{score_line(item, words)} {versions}"), plain(parts)])


def _part(part: ScorePart, item: Item, words: Words) -> str:
    """'Flere kilder +5 (egen nettside, politisk sak)'; words that the table of tests shows are not said again."""
    said = f"{weighing.part_name(part, words)} {words.points(part.points, signed=True)}"
    is_shown = any(check.words and part.why == f"«{check.words}»" for check in item.checks)
    return said if is_shown or not part.why else f"{said} ({weighing.part_why(part, words)})"


def _would_change(item: Item, words: Words) -> Runs:
    change = weighing.changes(item, words)
    return plain("; ".join(change)) if change else plain(words.say("sheet.would_not_change"))


def comparable_of(item: Item, shortlist: Shortlist, words: Words) -> list[Runs]:
    """Two or three of: the same practice elsewhere in Norway, commitments abroad with how it went."""
    listed = {other.id: other for other in shortlist.items}
    here, abroad = [], []
    for c in item.comparable:
        if c.reference in listed:
            other = listed[c.reference]
            number = link(words.number(other.position), f"#{anchor(other)}")
            here.append(
                fill(words.get("sheet.comparable_here"), body=weighing.name_of(other.body), title=other.title.rstrip("."), number=number)
            )
        elif CANDIDATE.fullmatch(c.reference):
            where = words.label("status", c.result or "none")
            here.append(
                fill(words.get("sheet.comparable_norway"), body=c.where, title=link(c.title.rstrip("."), c.url or ""), status=where)
            )
        else:
            abroad.append(_abroad(c, words))
    return here[:2] + abroad[: 3 - len(here[:2])]


def _abroad(comparable: Comparable, words: Words) -> Runs:
    """A commitment of another OGP member; the code of its early results is told in words."""
    result = words.label("early_results", comparable.result or "none")
    reference = prose(comparable.reference.replace("(ikke kontrollert)", f"(*{words.get('unchecked')}*)"))
    title = link(comparable.title, comparable.url or "")
    return fill(words.get("sheet.comparable_abroad"), title=title, where=comparable.where, reference=reference, result=result)


def _contact(item: Item, words: Words) -> Runs:
    body = item.body
    mail = link(body.postmottak, f"mailto:{body.postmottak}") if body.postmottak else plain(words.say("sheet.no_contact"))
    return fill("{mail} · {home}", mail=mail, home=link(body.homepage, body.homepage)) if body.homepage else mail


def _review(item: Item, shortlist: Shortlist, words: Words) -> Runs:
    text = review_line(item, words) if item.review or not shortlist.is_reviewed else ""
    return plain(f"{text} {words.say('sheet.by_hand')}".strip() if item.by_hand else text)


def review_line(item: Item, words: Words) -> str:
    """'Godtatt 15. oktober 2026. Begrunnelse: …' without the reviewer's name: a public paper names roles only."""
    if item.review is None:
        return words.say("sheet.no_review")
    moment = words.moment(item.review.at).split(f" {words.get('clock')} ")[0]
    line = words.say("sheet.review_line", decision=words.label("decision", item.review.decision), date=moment).replace(" .", ".")
    return f"{line} {words.say('sheet.review_reason', reason=item.review.reason.rstrip('.'))}" if item.review.reason else line


def draft(item: Item, words: Words) -> list[Block]:
    """What the municipality could send: what is evidenced beside what is left to ask."""
    unseen = plain(words.say("sheet.not_evidenced"))
    rows = tuple(
        (plain(field.label), lines([plain(e) for e in field.evidenced]) or unseen, plain(field.question))
        for field in weighing.draft_report(item, words)
    )
    headers = tuple(words.say(f"sheet.{key}") for key in ("field", "evidenced", "question"))
    caption = words.say("caption.draft", number=words.number(item.position))
    lead = Paragraph(prose(words.say("sheet.draft_lead")), small=True, leads=True)
    table = Table(caption, headers, rows, (0.13, 0.46, 0.41), row_heads=True, small=True, quiet=True, whole=True)
    return [Heading(4, words.say("sheet.draft")), lead, table]
