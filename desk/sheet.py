"""One page per candidate (ark): sentence, quote, link and archive, the seven tests, the score, comparable work, doubt, contact, draft.

The order is that of HANDOVER section 4; its last section answers what the committee asks (section 5).
"""

from __future__ import annotations

from desk import weighing
from desk.blocks import Block, Facts, Heading, Items, PageBreak, Paragraph, Quote, Run, Runs, Table, bold, fill, lines, link, paragraph, plain, prose
from desk.shortlist import TESTS, Document, Item, Shortlist
from desk.words import Words, is_number


def anchor(item: Item) -> str:
    return f"ark-{item.position}"


def sheet(item: Item, shortlist: Shortlist, words: Words) -> list[Block]:
    """The blocks of one ark, beginning on a new page."""
    number = words.number(item.position)
    return [
        PageBreak(),
        Heading(3, words.say("sheet.heading", number=number, body=weighing.name_of(item.body)), anchor(item)),
        Paragraph((Run(item.title, bold=True),)),
        quote_of(item, words),
        *_source_and_archive(item, words),
        *_key_facts(item, words),
        *_tests(item, words),
        *_score(item, words),
        *_comparable(item, shortlist, words),
        *_doubt(item, shortlist, words),
        *_contact(item, words),
        *_review(item, shortlist, words),
        *draft(item, words),
    ]


def quote_of(item: Item, words: Words) -> Quote:
    """The quote, verbatim, said by the one who says it."""
    speaker = "by_hand" if item.by_hand else item.quoted.source_type
    lead = words.get("sheet").get(f"says_{speaker}", words.get("sheet.says_own_page"))
    marks = tuple(e.quote for e in item.evidence if e.weight > 0 and e.quote != item.quote and e.quote in item.quote and len(e.quote) < 60)
    return Quote(lead, item.quote, item.quoted.language, marks)


def archive_line(document: Document, words: Words) -> Runs:
    """When it was archived and its fingerprint."""
    return fill("{at} · {sha}", at=words.moment(document.captured_at), sha=(Run(document.sha256 or document.capture, mono=True),))


def _source_and_archive(item: Item, words: Words) -> list[Block]:
    document = item.quoted
    rows: list[tuple[str, Runs]] = [
        (words.say("sheet.archived_at"), plain(words.moment(document.captured_at))),
        (words.say("sheet.sha256"), plain(document.sha256, mono=True)),
        (words.say("sheet.capture"), plain(document.capture, mono=True)),
        (words.say("sheet.live"), link(document.url, document.url) if document.url else ()),
        (words.say("sheet.source_type"), plain(words.label("source_type", document.source_type))),
    ]
    others = [
        fill("{kind}: {title} · {at}", kind=words.label("source_type", d.source_type),
             title=link(d.title or d.url or d.document_id, d.url or ""), at=words.moment(d.captured_at))
        for d in item.documents if d is not document
    ]  # fmt: skip
    rows.append((words.say("sheet.further"), lines(others)))
    title = words.say("sheet.source_and_archive")
    return [Heading(4, title), Facts(title, _filled(rows))]


def _key_facts(item: Item, words: Words) -> list[Block]:
    status = words.label("status", item.status or "none")
    commitments = [f"{c.id} {c.title}".strip() + ("" if c.confirmed else " (*ikke kontrollert*)") for c in item.commitments]
    rows: list[tuple[str, Runs]] = [
        (words.say("sheet.beyond_law"), beyond_law(item, words)),
        (words.say("sheet.legal_floor"), floor_of(item, words)),
        (words.say("sheet.status"), fill("{status} («{basis}»)", status=status, basis=item.status_basis) if item.status_basis else plain(status)),
        (words.say("sheet.date_of_act"), plain(weighing.date_of(item, words))),
        (words.say("sheet.case_number"), plain(item.case_number or words.say("sheet.not_stated"))),
        (words.say("sheet.pillar"), plain(words.label("pillar_short", item.pillar))),
        (words.say("sheet.practice"), plain(practice_of(item))),
        (words.say("sheet.ogp_value"), plain(words.join(weighing.values_of(item, words)) or words.say("assess.no_value"))),
        (words.say("sheet.policy_area"), plain(", ".join(item.policy_areas), lang="en")),
        (words.say("sheet.commitment"), prose(words.unchecked(" · ".join(commitments) or words.say("sheet.no_commitment")))),
    ]
    title = words.say("sheet.key_facts")
    return [Heading(4, title), Facts(title, _filled(rows))]


def practice_of(item: Item) -> str:
    return item.practice_name or item.practice.replace("_", " ")


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


def _filled(rows: list[tuple[str, Runs]]) -> tuple[tuple[str, Runs], ...]:
    return tuple((label, runs) for label, runs in rows if runs)


def _tests(item: Item, words: Words) -> list[Block]:
    rows = tuple(
        (plain(f"{n}. {words.label('tests', key)}"), plain(words.label("answer", item.check(key).answer)), _shown(item.check(key).words))
        for n, key in enumerate(TESTS, 1)
    )
    headers = tuple(words.label("table", h) for h in ("test", "answer", "words"))
    caption = words.say("caption.checks", number=words.number(item.position))
    return [Heading(4, words.say("sheet.checks")), Table(caption, headers, rows, (0.28, 0.2, 0.52), row_heads=True, small=True)]


def _shown(quoted: str) -> Runs:
    return plain(f"«{quoted}»") if quoted else plain("–")


def score_line(item: Item, words: Words) -> str:
    """The score with its uncertainty: never a bare number."""
    score = words.points(item.score)
    if is_number(item.score_low) and is_number(item.score_high):
        return words.say("sheet.score_line", score=score, low=words.points(item.score_low or 0), high=words.points(item.score_high or 0))
    return words.say("sheet.score_line_bare", score=score)


def _score(item: Item, words: Words) -> list[Block]:
    blocks: list[Block] = [Heading(4, words.say("sheet.score")), paragraph(score_line(item, words))]
    if item.score_parts:
        parts = [(plain(weighing.part_name(p, words)), plain(words.points(p.points, signed=True)), plain(weighing.part_why(p, words) or "–")) for p in item.score_parts]
        headers = tuple(words.label("table", h) for h in ("part", "points", "why"))
        caption = words.say("caption.score", number=words.number(item.position))
        blocks.append(Table(caption, headers, tuple(parts), (0.3, 0.14, 0.56), row_heads=True, small=True))
    change = weighing.changes(item, words)
    if change:
        blocks += [paragraph(words.say("sheet.would_change")), Items(tuple(plain(c) for c in change))]
    else:
        blocks.append(paragraph(words.say("sheet.would_not_change")))
    unknown = words.say("archive.no_fingerprint")
    versions = words.say("sheet.score_versions", rubric=item.rubric or unknown, model=item.model or unknown)
    return [*blocks, Paragraph(plain(versions), small=True)]


def comparable_of(item: Item, shortlist: Shortlist, words: Words) -> list[Runs]:
    """Two or three of: the same practice elsewhere in Norway, commitments abroad with how it went."""
    here = [
        fill(words.get("sheet.comparable_here"), body=weighing.name_of(o.body), title=o.title,
             number=link(words.number(o.position), f"#{anchor(o)}"))
        for o in weighing.similar(item, shortlist)
    ]  # fmt: skip
    listed = [
        fill("{title}{where}{reference}{result}", title=link(c.title, c.url or ""), where=f", {c.where}" if c.where else "",
             reference=f" ({c.reference})" if c.reference else "", result=f": {c.result}" if c.result else "")
        for c in item.comparable
    ]  # fmt: skip
    return here[:2] + listed[: max(1, 3 - len(here[:2]))]


def _comparable(item: Item, shortlist: Shortlist, words: Words) -> list[Block]:
    found = comparable_of(item, shortlist, words)
    body: Block = Items(tuple(found)) if found else paragraph(words.say("sheet.no_comparable"))
    return [Heading(4, words.say("sheet.comparable")), body]


def _doubt(item: Item, shortlist: Shortlist, words: Words) -> list[Block]:
    found = weighing.doubts(item, shortlist, words)
    body: Block = Items(tuple(plain(d) for d in found)) if found else paragraph(words.say("sheet.no_doubt"))
    return [Heading(4, words.say("sheet.doubt")), body]


def _contact(item: Item, words: Words) -> list[Block]:
    body = item.body
    rows: list[tuple[str, Runs]] = [
        (words.say("sheet.postmottak"), link(body.postmottak, f"mailto:{body.postmottak}") if body.postmottak else plain(words.say("sheet.no_contact"))),
        (words.say("sheet.homepage"), link(body.homepage, body.homepage) if body.homepage else ()),
    ]
    title = words.say("sheet.contact")
    return [Heading(4, title), Facts(title, _filled(rows))]


def _review(item: Item, shortlist: Shortlist, words: Words) -> list[Block]:
    if item.review is None:
        text = words.say("sheet.no_review") if not shortlist.is_reviewed else ""
    else:
        text = review_line(item, words)
    if item.by_hand:
        text = f"{text} {words.say('sheet.by_hand')}".strip()
    return [Heading(4, words.say("sheet.review")), Paragraph(plain(text))] if text else []


def review_line(item: Item, words: Words) -> str:
    """'Godtatt 15. oktober 2026. Begrunnelse: …' without the reviewer's name: a public paper names roles only."""
    if item.review is None:
        return words.say("sheet.no_review")
    moment = words.moment(item.review.at).split(f" {words.get('clock')} ")[0]
    line = words.say("sheet.review_line", decision=words.label("decision", item.review.decision), date=moment).replace(" .", ".")
    return f"{line} {words.say('sheet.review_reason', reason=item.review.reason.rstrip('.'))}" if item.review.reason else line


def draft(item: Item, words: Words) -> list[Block]:
    rows = tuple(
        (field.label, lines([*(plain(e) for e in field.evidenced), (*bold(f"{words.say('sheet.question')}: "), *plain(field.question, italic=True))]))
        for field in weighing.draft_report(item, words)
    )
    caption = words.say("caption.draft", number=words.number(item.position))
    return [Heading(4, words.say("sheet.draft")), paragraph(words.say("sheet.draft_lead")), Facts(caption, rows)]
