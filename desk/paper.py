"""The case paper to the committee, composed from a frozen list: the skeleton of HANDOVER section 3, in its order."""

from __future__ import annotations

from dataclasses import dataclass

from desk import sheet as ark
from desk import weighing
from desk.blocks import (
    Block,
    Chart,
    Facts,
    Heading,
    Items,
    PageBreak,
    Paper,
    Paragraph,
    Run,
    Runs,
    Stamp,
    Table,
    fill,
    lines,
    link,
    paragraph,
    plain,
    prose,
)
from desk.shortlist import PILLARS, SIZES, TESTS, Item, Shortlist, counted
from desk.words import Words, local, words, year_later

NAMED_NOT_REACHED = 12
SIZE_KEYS = (*(key for _, key in SIZES), "county", "unknown")


@dataclass(frozen=True)
class Meeting:
    """What the secretariat may already know about the meeting. What is empty is left to the secretariat, in words."""

    case_worker: str = ""
    archive_case: str = ""
    meeting: str = ""
    case_number: str = ""


def compose(shortlist: Shortlist, lang: str, meeting: Meeting = Meeting()) -> Paper:
    """The paper in bokmål or nynorsk."""
    w = words(lang)
    blocks: list[Block] = []
    if not shortlist.is_reviewed:
        blocks.append(Stamp(w.say("head.stamp_long")))
    blocks += [_head(meeting, w), *_proposal(shortlist, w), *_summary(shortlist, w), *_background(shortlist, w), *_facts(shortlist, w)]
    blocks += [*_assessment(shortlist, w), *_consequences(w), *_reporting(w), *_conclusion(shortlist, w), *_annexes(shortlist, w)]
    return Paper(
        title=title_of(shortlist, w), kind=w.say("head.kind"), lang=lang, tag=w.tag, blocks=tuple(blocks),
        footer=w.say("head.list_line", id=shortlist.id, date=w.day(shortlist.created_at), hash=shortlist.content_hash[:12]),
        stamp="" if shortlist.is_reviewed else w.say("head.stamp"),
    )  # fmt: skip


def title_of(shortlist: Shortlist, w: Words) -> str:
    """What the case is about, with its pillar and period, no full stop."""
    pillars = shortlist.pillars
    pillar = w.label("pillar", pillars[0]) if len(pillars) == 1 else w.say("head.all_pillars")
    return w.say("head.title", pillar=pillar, period=period_of(shortlist, w))


def period_of(shortlist: Shortlist, w: Words) -> str:
    """The days that were looked at; when the list does not say, the month it was made."""
    return w.period(shortlist.coverage.since, shortlist.coverage.until) or w.month(local(shortlist.created_at))


def _head(meeting: Meeting, w: Words) -> Block:
    later = w.say("head.by_secretariat")
    labels = ("case_worker", "archive_case", "meeting", "case_number")
    values = (meeting.case_worker or w.say("head.default_case_worker"), meeting.archive_case, meeting.meeting, meeting.case_number)
    cells = tuple(plain(value or later) for value in values)
    return Table(w.say("caption.header"), tuple(w.say(f"head.{label}") for label in labels), (cells,), (0.25, 0.25, 0.25, 0.25), quiet=True)


def _heading(level: int, name: str, w: Words, anchor: str = "") -> Heading:
    return Heading(level, w.say(f"heading.{name}"), anchor or name.replace("_", "-"))


def _pillars(shortlist: Shortlist, group: str, w: Words) -> str:
    return w.join(w.label(group, p) for p in shortlist.pillars)


def _proposal(shortlist: Shortlist, w: Words) -> list[Block]:
    if not shortlist.items:
        return [_heading(1, "proposal", w), paragraph(w.say("conclusion.none"))]
    month = w.month(year_later(local(shortlist.created_at)))
    points = (
        w.say("proposal.notes", pillar=_pillars(shortlist, "pillar_reference", w)),
        w.say("proposal.urges", bodies=weighing.names_of(shortlist, w)),
        w.say("proposal.follows_up", month=month),
    )
    return [_heading(1, "proposal", w), Items(tuple(plain(p) for p in points), numbered=True)]


def _summary(shortlist: Shortlist, w: Words) -> list[Block]:
    """Who, what, where, when, in at most five lines."""
    if not shortlist.items:
        return [_heading(1, "summary", w), paragraph(w.say("summary.none"))]
    measures, bodies = w.count("measure", len(shortlist.items)), w.count("body", len(shortlist.bodies))
    what = w.say("summary.what", measures=measures, bodies=bodies, pillars=_pillars(shortlist, "pillar_short", w).lower())
    found = w.say("summary.reviewed" if shortlist.is_reviewed else "summary.unreviewed", period=period_of(shortlist, w))
    return [_heading(1, "summary", w), Paragraph(plain(f"{what[0].upper()}{what[1:]} {found} {w.say('summary.asked')}"))]


def _background(shortlist: Shortlist, w: Words) -> list[Block]:
    date = w.day(shortlist.created_at)
    texts = (w.say("background.ogp"), w.say("background.plans"), w.say("background.committee"), w.say("background.why_now", date=date))
    return [_heading(1, "background", w), *(paragraph(t) for t in texts)]


def _facts(shortlist: Shortlist, w: Words) -> list[Block]:
    read_by = w.say("facts.accepted") if shortlist.is_reviewed else w.say("facts.top", count=w.number(len(shortlist.items)))
    return [
        _heading(1, "facts", w),
        _heading(2, "how_made", w),
        paragraph(w.say("facts.made")),
        _coverage(shortlist, w),
        paragraph(read_by),
        paragraph(w.say("facts.method", rubric=shortlist.rubric)),
        _heading(2, "measures", w),
        paragraph(w.say("facts.table_lead")),
        _measures(shortlist, w),
        _heading(2, "law", w),
        paragraph(w.say("facts.law_lead")),
        _law(shortlist, w),
        _heading(2, "unknown", w),
        *_unknown(shortlist, w),
    ]


def _coverage(shortlist: Shortlist, w: Words) -> Block:
    c = shortlist.coverage
    reached = w.number(c.bodies_reached) if c.bodies_reached is not None else ""
    outcomes = [f"{w.label('outcome', outcome)} {w.number(n)}" for outcome, n in c.sources_by_outcome.items()]
    numbers = {"pages": c.pages, "documents": c.documents, "candidates": c.candidates, "rejected": c.rejected}
    rows = [
        ("period", period_of(shortlist, w)),
        ("bodies", w.say("coverage.of", part=reached, whole=w.number(c.bodies)) if c.bodies and reached else reached),
        ("bodies_not_asked", w.say("coverage.others", n=w.number(c.bodies_not_asked)) if c.bodies_not_asked else ""),
        ("sources", (w.number(c.sources) if c.sources is not None else "") + (f": {', '.join(outcomes)}" if outcomes else "")),
        *((key, w.number(n)) for key, n in numbers.items() if n is not None),
        ("quarantined", w.say("coverage.set_aside", n=w.number(c.quarantined)) if c.quarantined else ""),
        ("listed", w.number(len(shortlist.items))),
    ]
    return Facts(w.say("caption.coverage"), tuple((w.say(f"coverage.{key}"), plain(value)) for key, value in rows if value))


def _measures(shortlist: Shortlist, w: Words) -> Table:
    """kommune | pilar | tiltak | status | dato | kilde."""
    headers = tuple(w.label("table", h) for h in ("body", "pillar", "measure", "status", "date", "source"))
    rows = tuple(
        (
            plain(weighing.name_of(item.body)),
            plain(w.label("pillar_short", item.pillar)),
            fill("{number}. {title}", number=w.number(item.position), title=link(item.title, f"#{ark.anchor(item)}")),
            plain(weighing.status_of(item, w)),
            plain(weighing.date_of(item, w)),
            plain(w.label("source_type", item.quoted.source_type)),
        )
        for item in shortlist.items
    )
    return Table(w.say("caption.measures"), headers, rows, (0.15, 0.14, 0.4, 0.09, 0.12, 0.1), row_heads=True, small=True)


def _law(shortlist: Shortlist, w: Words) -> Table:
    """Per practice: what the law asks, and how many go beyond it."""
    practices: dict[str, list[Item]] = {}
    for item in shortlist.items:
        practices.setdefault(item.practice, []).append(item)
    rows = []
    for items in practices.values():
        answers = counted(w.label("beyond", item.beyond_law) for item in items)
        beyond = ", ".join(f"{answer} {w.number(n)}" for answer, n in answers.items())
        rows.append((plain(ark.practice_of(items[0], w)), ark.floor_of(items[0], w), plain(beyond)))
    headers = tuple(w.label("table", h) for h in ("practice", "law", "beyond"))
    return Table(w.say("caption.law"), headers, tuple(rows), (0.26, 0.48, 0.26), row_heads=True, small=True)


def _unknown(shortlist: Shortlist, w: Words) -> list[Block]:
    c = shortlist.coverage
    found = [prose(w.say("facts.silence"))]
    if c.bodies and c.bodies_reached is not None:
        found.append(plain(w.say("facts.partial_coverage", reached=w.number(c.bodies_reached), bodies=w.number(c.bodies))))
    else:
        found.append(prose(w.say("facts.unmeasured")))
    if c.bodies_not_asked:
        found.append(plain(w.say("facts.not_asked", n=w.number(c.bodies_not_asked))))
    if c.not_reached:
        named = [f"{n.name} ({weighing.why_not_reached(n, w)})".replace(" ()", "") for n in c.not_reached[:NAMED_NOT_REACHED]]
        more = len(c.not_reached) - len(named)
        text = w.say("facts.not_reached", names=w.join(named))
        if more > 0:
            text = w.say("facts.not_reached_more", names=", ".join(named), more=w.number(more))
        found.append(plain(text))
    found += [prose(w.say(f"facts.{key}")) for key in ("languages", "gone", "pdf")]
    return [Items(tuple(found))]


def _assessment(shortlist: Shortlist, w: Words) -> list[Block]:
    blocks: list[Block] = [_heading(1, "assessment", w), paragraph(w.say("assess.lead")), _heading(2, "each", w)]
    for item in shortlist.items:
        blocks += _weighed(item, shortlist, w)
    small = sum(b.size == "under_5000" for b in shortlist.bodies)
    blocks += [_heading(2, "small", w), paragraph(w.say("assess.small"))]
    if shortlist.items:
        blocks.append(paragraph(w.say("assess.small_share", small=w.number(small), bodies=w.number(len(shortlist.bodies)))))
    return [
        *blocks,
        _heading(2, "best_writers", w),
        paragraph(w.say("assess.best_writers")),
        _heading(2, "spread", w),
        *_spread(shortlist, w),
    ]


def _weighed(item: Item, shortlist: Shortlist, w: Words) -> list[Block]:
    """One candidate weighed: the law, verifiable, OGP value, comparable work, effect, for and against. The words stand on its ark."""
    number = w.number(item.position)
    numbers = item.check("numbers")
    effects = [w.label("effect", value.replace(" ", "_")) for value in item.ogp_values]
    shown = w.say("assess.numbers", words=numbers.words) if numbers.answer == "yes" and numbers.words else w.say("assess.no_numbers")
    similar = [c.where if ark.CANDIDATE.fullmatch(c.reference) else c.title for c in ark.chosen_comparable(item)]
    short: list[tuple[str, Runs]] = [
        (w.say("assess.law"), plain(w.label("beyond", item.beyond_law))),
        (w.say("assess.concrete"), fill(_concrete(item, w), ark=link(f"{w.say('assess.sheet')} {number}", f"#{ark.anchor(item)}"))),
        (w.say("assess.ogp_value"), plain(w.join(weighing.values_of(item, w)) or w.say("assess.no_value"))),
        (w.say("assess.similar"), plain("; ".join(similar) or w.say("sheet.no_comparable"))),
    ]
    long: list[tuple[str, Runs]] = [
        (w.say("assess.effect"), plain(" ".join([*effects, shown]))),
        (w.say("assess.for"), plain(" · ".join(weighing.shortened(reason) for reason in weighing.reasons_for(item, w)))),
        (w.say("assess.against"), plain(" ".join(weighing.doubts(item, shortlist, w)) or w.say("sheet.no_doubt"))),
    ]
    caption = w.say("caption.assessment", number=number)
    return [
        Heading(3, f"{number}. {headline(item)}"),
        Facts(caption, tuple(short), paired=True),
        Facts(caption, tuple(long)),
    ]


def headline(item: Item) -> str:
    """The sentence as a heading: no full stop, the body named once."""
    return weighing.with_body(weighing.name_of(item.body), item.body.name, item.title.rstrip("."))


def _concrete(item: Item, w: Words) -> str:
    """Which of the tests that make a measure verifiable are answered with yes; when it is not, which are not."""
    is_concrete = weighing.is_concrete(item)
    numbers = [str(n) for n, k in enumerate(TESTS, 1) if k != "own" and (item.check(k).answer == "yes") == is_concrete]
    return w.say("assess.concrete_yes" if is_concrete else "assess.concrete_partly", tests=w.join(numbers), ark="{ark}")


def _spread(shortlist: Shortlist, w: Words) -> list[Block]:
    """Who is in the list: per pillar, size and county, beside those we reached where that is known."""
    c, items = shortlist.coverage, shortlist.items
    blocks: list[Block] = [paragraph(w.say("assess.spread_lead"))]
    if not items:
        return blocks
    if q := shortlist.quota:
        told = {"at_most": w.number(q.at_most), "group": w.label("quota", q.group), "n": w.number(len(q.taken_in))}
        blocks.append(Paragraph(plain(w.say("quota.line", **told))))
        if q.left_out:
            names = [f"{c['body']} ({c['title'].rstrip('.')})" for c in q.left_out]
            blocks.append(Paragraph(plain(w.say("quota.left_out", names="; ".join(names)))))
    big = sum(item.body.size == "50000_up" for item in items)
    blocks.append(paragraph(w.say("assess.big_share", big=w.number(big), count=w.number(len(items)))))
    pillars = counted(item.pillar for item in items)
    if len(pillars) > 1:
        rows = tuple((w.label("pillar_short", p), pillars[p]) for p in PILLARS if p in pillars)
        blocks.append(Chart(w.say("caption.by_pillar"), w.label("table", "pillar"), rows))
    sizes = counted(item.body.size for item in items)
    shown = [k for k in SIZE_KEYS if sizes.get(k) or c.bodies_by_size.get(k)]
    rows = tuple((w.label("size", k), sizes.get(k, 0)) for k in shown)
    blocks.append(
        Chart(
            w.say("caption.by_size"),
            w.label("table", "size"),
            rows,
            tuple(c.bodies_by_size.get(k) for k in shown) if c.bodies_by_size else (),
        )
    )
    counties = counted(item.body.county_name or w.say("archive.no_fingerprint") for item in items)
    names = sorted({*counties, *c.bodies_by_county})
    rows = tuple((name, counties.get(name, 0)) for name in names)
    of = tuple(c.bodies_by_county.get(name) for name in names) if c.bodies_by_county else ()
    return [*blocks, Chart(w.say("caption.by_county"), w.label("table", "county"), rows, of)]


def _consequences(w: Words) -> list[Block]:
    return [_heading(1, "consequences", w), *(paragraph(w.say(f"consequences.{key}")) for key in ("none", "ks", "measures"))]


def _reporting(w: Words) -> list[Block]:
    ways = (prose(w.say("reporting.national")), prose(w.say("reporting.local")))
    return [_heading(1, "reporting", w), paragraph(w.say("reporting.decides")), Items(ways), paragraph(w.say("reporting.content"))]


def _conclusion(shortlist: Shortlist, w: Words) -> list[Block]:
    blocks: list[Block] = [_heading(1, "conclusion", w)]
    if not shortlist.items:
        return [*blocks, paragraph(w.say("conclusion.none"))]
    measures, bodies = w.count("measure", len(shortlist.items)), w.count("body", len(shortlist.bodies))
    blocks.append(paragraph(w.say("conclusion.text", measures=measures, bodies=bodies)))
    return blocks if shortlist.is_reviewed else [*blocks, paragraph(w.say("conclusion.unreviewed"))]


def _annexes(shortlist: Shortlist, w: Words) -> list[Block]:
    names = tuple(link(name, f"#annex-{n}") for n, name in enumerate(w.get("annex.list"), 1))
    blocks: list[Block] = [_heading(1, "annexes", w), Items(names, numbered=True)]
    blocks += [PageBreak(), _heading(2, "annex_1", w), _candidate_list(shortlist, w)]
    blocks += [PageBreak(), _heading(2, "annex_2", w)]
    for item in shortlist.items:
        page = ark.sheet(item, shortlist, w)
        blocks += page[1:] if item is shortlist.items[0] else page
    blocks += [PageBreak(), _heading(2, "annex_3", w), *_method(shortlist, w)]
    return [*blocks, PageBreak(), _heading(2, "annex_4", w), paragraph(w.say("archive.lead")), _archive(shortlist, w)]


def _candidate_list(shortlist: Shortlist, w: Words) -> Table:
    headers = tuple(w.label("table", h) for h in ("body", "county_size", "practice", "measure", "score", "beyond"))
    rows = tuple(
        (
            lines([plain(weighing.name_of(item.body)), plain(item.body.number)]),
            lines([plain(item.body.county_name), plain(w.label("size", item.body.size))]),
            plain(ark.practice_of(item, w)),
            fill("{number}. {title}", number=w.number(item.position), title=link(item.title, f"#{ark.anchor(item)}")),
            plain(w.points(item.score)),
            plain(w.label("beyond", item.beyond_law)),
        )
        for item in shortlist.items
    )
    return Table(w.say("caption.candidates"), headers, rows, (0.16, 0.15, 0.16, 0.36, 0.07, 0.1), row_heads=True, small=True)


def _method(shortlist: Shortlist, w: Words) -> list[Block]:
    rows = tuple((plain(f"{n}. {w.label('tests', key)}"), plain(w.label("tests_question", key))) for n, key in enumerate(TESTS, 1))
    unknown = w.say("archive.no_fingerprint")
    versions = w.say(
        "method.versions", id=shortlist.id, date=w.day(shortlist.created_at), rubric=shortlist.rubric or unknown,
        model=shortlist.model or unknown, hash=shortlist.content_hash or unknown,
    )  # fmt: skip
    return [
        paragraph(w.say("method.tests")),
        Table(
            w.say("caption.tests"), (w.label("table", "test"), w.label("table", "question")), rows, (0.32, 0.68), row_heads=True, small=True
        ),
        paragraph(w.say("method.score")),
        paragraph(w.say("method.verify")),
        paragraph(w.say("method.errors_lead")),
        Items(tuple(prose(e) for e in w.get("method.errors"))),
        Paragraph(plain(versions), small=True),
    ]


def _archive(shortlist: Shortlist, w: Words) -> Table:
    headers = tuple(w.label("table", h) for h in ("number", "archived", "fingerprint", "url"))
    unknown = w.say("archive.no_fingerprint")
    rows = []
    for item, index in weighing.archived_documents(shortlist):
        d = item.documents[index]
        rows.append((
            link(w.number(item.position), f"#{ark.anchor(item)}"),
            plain(w.moment(d.captured_at) or unknown),
            lines([(Run(d.sha256 or unknown, mono=True),), (Run(d.capture or unknown, mono=True),)]),
            link(d.url, d.url) if d.url else plain(unknown),
        ))  # fmt: skip
    return Table(w.say("caption.archive"), headers, tuple(rows), (0.09, 0.17, 0.4, 0.34), small=True)
