"""Writes the documents that are made: `make docs` runs it after a `dagslys demo` in a fresh folder (a second demo in the same one finds
everything unchanged, and says so). Without a database it writes those that need none.

`docs/datamodell.md` from the comments in the database, `docs/sporsmal.md` from the questions in `docs/sporsmal/`; `docs/arsaker.md` from
`catalogue/reasons.toml` and `catalogue/labels.toml`, the tables of `docs/apenhet.md` from `catalogue/indicators.toml`, `docs/platforms.md`
from the data sheets of the extractors and the catalogue. A test holds them against a demo of its own.
"""

from __future__ import annotations

import re
import sys
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from catalogue import indicators, labels, reasons, rubric
from flows import platforms
from flows.selection import Selection
from warehouse.dictionary import markdown

FOLDER = Path(__file__).parent
HEAD = """# Ti spørsmål, med svar

Spørsmål en analytiker stiller, som SQL mot den utgitte databasen. Svarene er fra demoen (`make demo`, frø 7): kommunene er oppdiktede. Åpne
fila som i [åpne databasen](apne-databasen.md), eller skriv `dagslys query "…"`. Flere ligger lagret: `dagslys query --list`.
"""

OPENNESS_MARK = "<!-- laget av catalogue/indicators.toml: make docs -->"
OPENNESS_END = "<!-- slutt -->"
REASONS_HEAD = """# Årsaker, og hva du kan gjøre

Hver kjøring av en kilde ender i ett utfall, og hvert utfall har en eller flere årsaker. Det samme gjelder hver post som står i karantene.
I databasen står setningen i `arsak` og koden i `arsak_kode` (i visningene `kjoringer`, `kilder`, `dekning` og `karantene`); `arsaker`
teller dem.
Et «…» fylles ut med det det gjelder: en vert, et tall, et felt. Det står aldri tekst fra kilden der.

Er du i en kommune og ser en årsak som ikke stemmer, skriv til kontakten som står i User-Agent-linjen i loggen deres.

## Utfallene
"""
OUTCOMES = {
    "fresh": "Alt vi skulle lese, er lest, og noe var nytt.", "unchanged": "Alt er lest, og ingenting var nytt.",
    "empty_verified": "Det er ingenting i vinduet, og kilden har selv bekreftet det.",
    "partial": "Noe er lest, men ikke alt. Det som ikke er sett, sier ingenting om hva kommunen gjør.",
    "blocked": "Vi fikk ikke lese: robots.txt, innlogging eller avvisning.",
    "drifted": "Kilden svarte, men på en annen måte enn vi kjenner.", "failed": "Vi fikk ikke svar, eller noe brast underveis.",
}  # fmt: skip


def documents(database: Path) -> dict[str, str]:
    """File name in `docs/` → content, from the published database of a demo."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return {"datamodell.md": markdown(connection), "sporsmal.md": questions(connection)} | without_database()


def without_database() -> dict[str, str]:
    """File name in `docs/` → content, of the documents made from the catalogue and the code."""
    with TemporaryDirectory() as nowhere:
        home, every = Path(nowhere), Selection()
        overview = platforms.page(platforms.platforms(home, every), platforms.reach(home, every))
        return {"arsaker.md": reasons_page(), "platforms.md": overview, "apenhet.md": openness_page()}


def reasons_page() -> str:
    """Every outcome and every reason: code, sentence, what to do."""
    parts = [
        REASONS_HEAD,
        _table(["Utfall", "Kode", "Hva det betyr"], [(labels.label("outcome", o, "nb"), f"`{o}`", OUTCOMES[o]) for o in OUTCOMES]),
        "",
    ]
    for heading, entries in groupby(reasons.entries().values(), key=lambda entry: entry.group):
        rows = [(_sentence(entry.words["nb"]), entry.way_out["nb"], f"`{entry.code}`") for entry in entries]
        parts += [f"\n## {heading}\n", _table(["Årsak", "Hva du kan gjøre", "Kode"], rows)]
    return "\n".join(parts) + "\n"


def openness_page() -> str:
    """The page on openness as it stands, with the tables of indicators made anew between its marks."""
    before, _, rest = (FOLDER / "apenhet.md").read_text(encoding="utf-8").partition(OPENNESS_MARK)
    _, _, after = rest.partition(OPENNESS_END)
    described, parts = indicators.load(), []
    parts.append(f"Metoden har versjon {described.method.version}. En lesing gjelder i {described.method.valid_days} dager.\n")
    for pillar in rubric.load().pillars:
        rows = [
            (f"{i.name.nb}<br>`{i.key}`", i.measures, f"{_bound(i, i.good)} / {_bound(i, i.partly)}", _silent(i), i.idea)
            for i in described.indicators if i.pillar == pillar.key
        ]  # fmt: skip
        heads = ["Indikator", "Måler", "Oppfylt / delvis", "Når den ikke er observert", "Idé"]
        parts += [f"### {pillar.name_nb}\n", _table(heads, rows), ""]
    causes = [(words["nb"], f"`{code}`") for code, words in labels.groups()["unobserved"].items()]
    parts += ["### Årsakene til at noe ikke er observert\n", _table(["Årsak", "Kode"], causes), ""]
    return before + OPENNESS_MARK + "\n" + "\n".join(parts) + OPENNESS_END + after


def _bound(indicator: indicators.Indicator, bound: float) -> str:
    sign = "≥" if indicator.direction == "higher" else "≤"
    if indicator.unit == "andel":
        return f"{sign} {bound * 100:g} %".replace(".", ",")
    return f"{sign} {bound:g}{' dager' if indicator.unit == 'dager' else ''}"


def _silent(indicator: indicators.Indicator) -> str:
    """What stands in the way beside a source that was not read."""
    if indicator.is_counted:
        return "ikke alle kjente kilder er lest helt" if indicator.may_be_absent else "ingen funnet: kan stå der vi ikke leser"
    few = f"; under {indicator.least} å måle på" if indicator.least > 1 else ""
    return labels.label("unobserved", indicator.silence, "nb") + few


def _sentence(words: str) -> str:
    """With a capital, and the values as an ellipsis: `{n}` says nothing to a reader."""
    shown = re.sub(r"\{\w+\}", "…", words)
    return shown[0].upper() + shown[1:]


def questions(connection: duckdb.DuckDBPyConnection) -> str:
    """Every question with its SQL and its answer."""
    parts = [HEAD]
    for number, path in enumerate(sorted((FOLDER / "sporsmal").glob("*.sql")), start=1):
        comment, _, sql = path.read_text(encoding="utf-8").partition("\n\n")
        title, *more = [line.removeprefix("--").strip() for line in comment.splitlines()]
        answer = connection.execute(sql)
        names = [column[0] for column in answer.description or ()]
        about = f"{' '.join(more)}\n\n" if more else ""
        parts.append(f"## {number}. {title}\n\n{about}```sql\n{sql.strip()}\n```\n\n{_table(names, answer.fetchall())}\n")
    return "\n".join(parts)


def _table(names: list[str], rows: list[tuple[Any, ...]]) -> str:
    lines = [names, ["---"] * len(names), *([_cell(value) for value in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(value: Any) -> str:
    text = "" if value is None else f"{value:.1f}".replace(".", ",") if isinstance(value, float) else str(value)
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    made = documents(Path(sys.argv[1])) if len(sys.argv) > 1 else without_database()
    for name, content in made.items():
        (FOLDER / name).write_text(content, encoding="utf-8")
        print(FOLDER / name)
