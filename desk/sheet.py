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
from transforms import titles

FURTHER, HERE, ABROAD = 4, 2, 2
CANDIDATE = re.compile(r"K[0-9a-f]{10}")


def anchor(item: Item) -> str:
    return f"ark-{item.position}"


def sheet(item: Item, shortlist: Shortlist, words: Words) -> list[Block]:
    """The blocks of one ark, beginning on a new page."""
    number = words.number(item.position)
    title = words.say("sheet.weighed")
    weighed = (
        (words.say("sheet.score"), lines([plain(score_line(item, words)), plain(_parts(item, words))])),
        (words.say("sheet.would_change"), _would_change(item, words)),
        (words.say("sheet.rarity"), plain(weighing.prevalence_of(item, words))),
        (words.say("sheet.comparable"), lines(comparable_of(item, shortlist, words)) or plain(words.say("sheet.no_comparable"))),
        (words.say("sheet.same_text"), plain(weighing.same_text(item, words))),
        (words.say("sheet.unobserved"), plain(weighing.unobserved(item, words))),
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
        _source_and_archive(item, words),
        *_key_facts(item, words),
        *_tests(item, words),
        Heading(4, title),
        Facts(title, _filled(weighed)),
        *draft(item, words, is_beside_tests=True),
    ]


def quote_of(item: Item, words: Words) -> Quote:
    """The quote, verbatim, said by the one who says it."""
    lead = words.get("sheet").get(f"says_{item.quoted.source_type}", words.get("sheet.says_own_page"))
    marks = tuple(e.quote for e in item.evidence if e.weight > 0 and e.quote != item.quote and e.quote in item.quote and len(e.quote) < 60)
    return Quote(lead, item.quote, item.quoted.language, marks)


def _source_and_archive(item: Item, words: Words) -> Block:
    """The archive before the live page: pages vanish."""
    document = item.quoted
    unknown = words.say("archive.no_fingerprint")
    kind = words.label("source_type", document.source_type)
    kept = fill(
        words.get("sheet.kept"),
        at=words.moment(document.captured_at) or unknown,
        capture=plain(document.capture or unknown, mono=True),
    )
    rows: list[tuple[str, Runs]] = [
        (words.say("sheet.archived_at"), kept),
        (words.say("sheet.sha256"), plain(document.sha256 or unknown, mono=True)),
        (words.say("sheet.live"), fill("{url} ({kind})", url=link(document.url, document.url), kind=kind) if document.url else ()),
    ]
    others = [
        fill("{kind}: {title} ({at})", kind=words.label("source_type", d.source_type),
             title=link(titles.plain(d.title) or d.url or d.document_id, d.url or ""), at=_day_of(d.captured_at, words))
        for d in item.texts if d is not document
    ]  # fmt: skip
    copies = [link(titles.plain(d.title) or d.url or d.document_id, d.url or "") for d in item.documents if d.role == "copy"]
    more = [prose(words.say("sheet.further_more", n=words.number(len(others) - FURTHER)))] if len(others) > FURTHER else []
    rows.append((words.say("sheet.further"), lines(others[:FURTHER] + more)))
    shown = copies[:FURTHER] + ([plain("…")] if copies[FURTHER:] else [])
    rows.append((words.say("sheet.copies", n=words.number(len(copies) + 1)), lines(shown)))
    return Facts(words.say("sheet.source_and_archive"), _filled(rows))


def _key_facts(item: Item, words: Words) -> list[Block]:
    """What is asked first, the law and the status, across the line; the rest two to a line."""
    first = ((words.say(f"sheet.{name}"), runs) for name, runs in (
        ("beyond_law", beyond_law(item, words)), ("legal_floor", floor_of(item, words)), ("status", _status(item, words)),
    ))  # fmt: skip
    commitments = [f"{c.id} {c.title}".strip() + ("" if c.confirmed else f" (*{words.get('unchecked')}*)") for c in item.commitments]
    rows: list[tuple[str, Runs]] = [
        (words.say("sheet.date_of_act"), plain(weighing.date_of(item, words))),
        (words.say("sheet.case_number"), plain(item.case_number or words.say("sheet.not_stated"))),
        (words.say("sheet.practice"), plain(practice_of(item, words))),
        (words.say("sheet.pillar"), plain(words.label("pillar_short", item.pillar))),
        (words.say("sheet.policy_area"), plain(", ".join(item.policy_areas), lang="en")),
        (words.say("sheet.ogp_value"), plain(words.join(weighing.values_of(item, words)) or words.say("assess.no_value"))),
        (words.say("sheet.commitment"), prose(" · ".join(commitments) or words.say("sheet.no_commitment"))),
        (words.say("sheet.in_plan"), plain(weighing.in_plan(item, words) if item.in_national_plan else words.say("sheet.not_in_plan"))),
        (words.say("sheet.group"), plain(weighing.group_of(item, words))),
        (words.say("sheet.own_plans"), plain(weighing.own_plans(item, words))),
        (words.say("sheet.candidate"), plain(item.id, mono=True)),
    ]
    caption = words.say("sheet.key_facts")
    return [Facts(caption, _filled(first)), Facts(caption, _filled(rows), paired=True)]


def _status(item: Item, words: Words) -> Runs:
    """The status and the words it rests on, or the test above that shows them."""
    status = words.label("status", item.status or "none")
    same = next((n for n, key in enumerate(TESTS, 1) if item.status_basis and item.check(key).words == item.status_basis), 0)
    if same:
        return plain(words.say("sheet.status_by_test", status=status, n=same))
    return fill("{status} («{basis}»)", status=status, basis=item.status_basis) if item.status_basis else plain(status)


def _day_of(moment: str, words: Words) -> str:
    """A moment without its hour."""
    return words.moment(moment).split(f" {words.get('clock')} ")[0]


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
    rows, told = [], {}
    for n, key in enumerate(TESTS, 1):
        check = item.check(key)
        first = told.setdefault(check.words, n) if check.words else n
        shown = plain(words.say("sheet.same_words", n=first)) if first < n else _shown(item, key, words)
        rows.append((plain(f"{n}. {words.label('tests', key)}"), plain(words.label("answer", check.answer)), shown))
    headers = tuple(words.label("table", h) for h in ("test", "answer", "words"))
    caption = words.say("caption.checks", number=words.number(item.position))
    widths = (0.2, 0.12, 0.68)
    return [Heading(4, words.say("sheet.checks")), Table(caption, headers, tuple(rows), widths, row_heads=True, small=True, quiet=True)]


def _shown(item: Item, key: str, words: Words) -> Runs:
    """The words that show an answer; where a yes follows from something else than words, what it follows from."""
    check = item.check(key)
    if check.words:
        return plain(f"«{check.words}»")
    if check.answer == "yes" and key in ("actor", "own"):
        return plain(words.say(f"sheet.unsaid_{key}"))
    return plain("–")


def score_line(item: Item, words: Words) -> str:
    """The score with its uncertainty: never a bare number."""
    score = words.points(item.score)
    if is_number(item.score_low) and is_number(item.score_high):
        return words.say("sheet.score_line", score=score, low=words.points(item.score_low or 0), high=words.points(item.score_high or 0))
    return words.say("sheet.score_line_bare", score=score)


def _parts(item: Item, words: Words) -> str:
    """'Flere kilder +5 (egen nettside, politisk sak)'; words of a source stand in the table of tests and under doubt."""
    return " · ".join(_part(p, words) for p in item.score_parts)


def _part(part: ScorePart, words: Words) -> str:
    said = f"{weighing.part_name(part, words)} {words.points(part.points, signed=True)}"
    is_told = not part.why or part.why.startswith(("«", "treff på ", "ingenting i teksten"))
    return said if is_told else f"{said} ({weighing.part_why(part, words)})"


def _would_change(item: Item, words: Words) -> Runs:
    change = "; ".join(weighing.changes(item, words))
    return plain(f"{change[0].upper()}{change[1:]}.") if change else plain(words.say("sheet.would_not_change"))


def chosen_comparable(item: Item) -> list[Comparable]:
    """Two at home and two abroad at most; what was chosen abroad only by its pillar stands in when nothing nearer was found."""
    here = [c for c in item.comparable if CANDIDATE.fullmatch(c.reference)]
    abroad = [c for c in item.comparable if not CANDIDATE.fullmatch(c.reference)]
    nearer = [c for c in abroad if c.chosen_by != "samme pilar"]
    return here[:HERE] + (nearer or abroad)[:ABROAD]


def comparable_of(item: Item, shortlist: Shortlist, words: Words) -> list[Runs]:
    """The same practice elsewhere in Norway, nearest in size first, and commitments abroad with how it went."""
    listed = {other.id: other for other in shortlist.items}
    found = []
    for c in chosen_comparable(item):
        if c.reference in listed:
            other = listed[c.reference]
            number = link(words.number(other.position), f"#{anchor(other)}")
            body, title = weighing.name_of(other.body), other.title.rstrip(".")
            found.append(fill(words.get("sheet.comparable_here"), title=weighing.with_body(body, other.body.name, title), number=number))
        elif CANDIDATE.fullmatch(c.reference):
            where = words.label("status", c.result or "none")
            title = weighing.with_body(c.where, c.where, c.title.rstrip("."))
            size = f"{where}, {words.label('size', c.size)}" if c.size and c.size != "county" else where
            found.append(fill(words.get("sheet.comparable_norway"), title=link(title, c.url or ""), status=size))
        else:
            found.append(_abroad(c, words))
    return found


def _abroad(comparable: Comparable, words: Words) -> Runs:
    """A commitment of another OGP member; the code of its early results is told in words."""
    result = words.label("early_results", comparable.result or "none")
    named = comparable.reference.removesuffix("(ikke kontrollert)").strip() or words.say("sheet.no_number")
    is_checked = not comparable.reference.endswith("(ikke kontrollert)")
    reference = prose(named if is_checked else f"{named} (*{words.get('unchecked')}*)")
    title = link(comparable.title, comparable.url or "")
    result += weighing.chosen_by(comparable, words)
    return fill(words.get("sheet.comparable_abroad"), title=title, where=comparable.where, reference=reference, result=result)


def _contact(item: Item, words: Words) -> Runs:
    body = item.body
    mail = link(body.postmottak, f"mailto:{body.postmottak}") if body.postmottak else plain(words.say("sheet.no_contact"))
    return fill("{mail} · {home}", mail=mail, home=link(body.homepage, body.homepage)) if body.homepage else mail


def _review(item: Item, shortlist: Shortlist, words: Words) -> Runs:
    text = review_line(item, words) if item.review else ""  # that nobody has read it is stamped on the page
    return plain(f"{text} {words.say('sheet.by_hand')}".strip() if item.by_hand else text)


def review_line(item: Item, words: Words) -> str:
    """'Godtatt 15. oktober 2026. Begrunnelse: …' without the reviewer's name: a public paper names roles only."""
    if item.review is None:
        return words.say("sheet.no_review")
    said = {"decision": words.label("decision", item.review.decision), "date": _day_of(item.review.at, words)}
    line = words.say("sheet.review_line", **said).replace(" .", ".")
    return f"{line} {words.say('sheet.review_reason', reason=item.review.reason.rstrip('.'))}" if item.review.reason else line


def draft(item: Item, words: Words, *, is_beside_tests: bool = False) -> list[Block]:
    """What the municipality could send: what is evidenced, then what is left to ask. On an ark the tests stand above with their words."""
    rows = tuple(
        (field.label, (*plain("".join(f"{told} " for told in field.evidenced)), Run(field.question, italic=True)))
        for field in weighing.draft_report(item, words, is_beside_tests=is_beside_tests)
    )
    title = words.say("sheet.draft")
    return [Heading(4, title), Paragraph(prose(words.say("sheet.draft_lead")), small=True, leads=True), Facts(title, rows)]
