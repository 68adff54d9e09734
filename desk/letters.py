"""A draft letter to each municipality of a reviewed list, in its own language form: what was found, and the draft it could send in."""

from __future__ import annotations

from pathlib import Path

from desk import docx_file, rows, weighing
from desk import sheet as ark
from desk.blocks import Block, Heading, Items, Paper, Paragraph, Stamp, paragraph, plain
from desk.shortlist import Body, Shortlist
from desk.words import Words, words


def write(shortlist: Shortlist, folder: Path) -> list[Path]:
    """Writes one DOCX per body under `brev/`. Nobody is written to about candidates that no person has read: then there are none."""
    if not shortlist.is_reviewed or not shortlist.items:
        return []
    (folder / "brev").mkdir(parents=True, exist_ok=True)
    return [docx_file.write(letter(body, shortlist), folder / rows.letter_name(body), shortlist) for body in shortlist.bodies]


def letter(body: Body, shortlist: Shortlist) -> Paper:
    """The letter to one body; a body that has chosen nynorsk gets nynorsk."""
    w = words("nn" if body.uses_nynorsk else "nb")
    name = weighing.name_of(body)
    blocks: list[Block] = [
        Stamp(w.say("letter.draft_mark")),
        paragraph(w.say("letter.to", body=name)),
        *(Paragraph(plain(body.postmottak)) for _ in range(1) if body.postmottak),
        paragraph(w.say("letter.intro")),
        Paragraph(plain(w.say("letter.found", body=name))),
    ]
    for item in shortlist.items:
        if item.body.orgnr == body.orgnr:
            blocks += [Heading(1, item.title), ark.quote_of(item, w), *ark.draft(item, w)]
    closing = Items((plain(w.say("letter.ask")), plain(w.say("letter.questions")), plain(w.say("letter.correct"))))
    blocks += [closing, paragraph(w.say("letter.closing")), paragraph(w.say("letter.sender"))]
    return Paper(w.say("letter.subject"), w.say("head.kind_letter"), w.lang, w.tag, tuple(blocks), _footer(shortlist, w))


def _footer(shortlist: Shortlist, w: Words) -> str:
    return w.say("head.list_line", id=shortlist.id, date=w.day(shortlist.created_at), hash=shortlist.content_hash[:12])
