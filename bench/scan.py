"""Reading by the rubric at volume: journal titles and page text, against what DuckDB's regular expressions do with the same terms.

Titles are of invented words, one in fifty with a term of the rubric in it, dealt from a seed; pages are of the sandbox's texts. Both sides
have the cores there are, ours uses two threads.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from functools import cache
from random import Random

import duckdb
import pyarrow as pa
from pyarrow.compute import call_function

from bench.found import Found, peak_mb, seconds
from bench.material import ROOT
from catalogue import rubric, terms
from sandbox import bank, country
from transforms import scan, verdict

SYLLABLES = "ba be bi bo da de di do fa fe fi fo ga ge gi ha he hi jo ka ke ki la le li ma me mi na ne pa pe ra re ri sa se ta te vi ær ør"
LITTLE = ("om", "i", "av", "for", "til", "på", "og", "med")
TITLES, FEW, MOST, PREVALENCE, FEW_TERMS = 1_000_000, 2_000_000, 20_000_000, 0.02, 408
DEALT, PAGE_MB, ROUNDS = 200_000, 40, 3
MEMORY_LIMIT = "64MB"


def _titles(count: int) -> list[str]:
    """So many titles of some 45 characters."""
    dice = Random(11)
    syllables = SYLLABLES.split()
    words = ["".join(dice.choices(syllables, k=dice.randint(2, 5))) for _ in range(20_000)]
    names = [term.lstrip("*=") for practice in rubric.load().practices for term in practice.terms.all()]
    made = []
    for _ in range(count):
        said = dice.choices(words, k=dice.randint(3, 7))
        said.insert(1, dice.choice(LITTLE))
        if dice.random() < PREVALENCE:
            said.insert(dice.randint(0, len(said)), dice.choice(names))
        title = " ".join(said)
        made.append(title[:1].upper() + title[1:] + dice.choice(("", "", "", " – oversending")))
    return made


@cache
def _column() -> pa.Array:
    return pa.array(_titles(TITLES), pa.large_string())


@cache
def _pages() -> pa.Array:
    """PAGE_MB of page text: what offices write all day, put together to pages of some 650 bytes; one in fifty tells of something true."""
    told, country_ = bank.load(), country.load(7)
    telling = [verdict.whole(t.title, t.text) for i in told.initiatives for t in i.documents if t.kind == "page"]
    boring = {kind: [f"{t.title}\n\n{t.text}" for t in (*told.fillers, *country_.fillers) if t.kind == kind] for kind in ("page", "item")}
    dice, made, size = Random(12), [], 0
    while size < PAGE_MB * 1e6:
        page = dice.choice(telling if dice.random() < PREVALENCE else boring["page"])
        made.append("\n\n".join([page, *dice.sample(boring["item"], 4)]))
        size += len(made[-1].encode())
    return pa.array(made, pa.large_string())


def _expression(of: Iterable[str]) -> str:
    """Terms as one regular expression: their stems, words of a phrase with what may stand between them."""
    phrases = (r"[a-zæøå]*[\s\-–]+".join(re.escape(word.text.lower()) for word in terms.words(term)) for term in of)
    return "|".join(sorted(set(phrases)))


def _terms() -> list[str]:
    return list(dict.fromkeys(term for practice in rubric.load().practices for term in practice.terms.all()))


def _asked(column: pa.Array, expressions: list[str]) -> float:
    """Seconds of one question with so many `regexp_matches`."""
    connection = duckdb.connect()
    connection.register("given", pa.table({"text": column.cast(pa.large_string())}))
    connection.execute("CREATE TABLE texts AS FROM given")
    sums = ", ".join(f"sum(regexp_matches(lower(text), $e{number})::INTEGER)" for number in range(len(expressions)))
    values = {f"e{number}": expression for number, expression in enumerate(expressions)}
    return seconds(lambda: connection.execute(f"SELECT {sums} FROM texts", values).fetchall(), 1 if len(expressions) > 1 else 2)


def _ours(column: pa.Array, *, is_full: bool) -> float:
    """Seconds of a first pass, or of one with every span of what passes it."""
    words = rubric.load()

    def read() -> None:
        mask = scan.may_tell(column, words)
        if is_full:
            scan.spans(column.filter(pa.array(mask)), words)

    return seconds(read, ROUNDS)


def first() -> Found:
    """Journal titles: which could tell of a practice at all."""
    column = _column()
    few = column.slice(0, TITLES // 10)  # an expression this large leaves its fast road
    against = f"regexp_matches with one alternation of the {len(_terms()):,} terms, in DuckDB"
    return Found(len(column) / _ours(column, is_full=False), len(few) / _asked(few, [_expression(_terms())]), "titles/s", against)


def first_of_few() -> Found:
    """The same, by the whole rubric, beside an alternation that is small enough to be fast."""
    column = _column()
    few = Random(13).sample(_terms(), FEW_TERMS)
    return Found(
        len(column) / _ours(column, is_full=False), len(column) / _asked(column, [_expression(few)]), "titles/s",
        f"one alternation of only {FEW_TERMS} of the terms, in DuckDB",
    )  # fmt: skip


def evidence() -> Found:
    """Journal titles: practice, span, look-alikes and cues of all that pass the first look."""
    column = _column()
    each = [_expression(practice.terms.all()) for practice in rubric.load().practices]
    few = column.slice(0, TITLES // 10)
    against = f"{len(each)} separate regexp_matches, one for each practice, in DuckDB: no spans, no look-alikes"
    return Found(len(column) / _ours(column, is_full=True), len(few) / _asked(few, each), "titles/s", against)


def evidence_of_all() -> Found:
    """The same of every title, whether it passes or not."""
    column, words = _column(), rubric.load()
    few = column.slice(0, TITLES // 10)
    taken = seconds(lambda: scan.spans(column, words), ROUNDS)
    each = [_expression(practice.terms.all()) for practice in words.practices]
    return Found(len(column) / taken, len(few) / _asked(few, each), "titles/s", "the same separate regexp_matches")


def pages() -> Found:
    """Page text: where every phrase of the rubric stands."""
    return _page_text(lambda column: scan.places(column, scan.finder(rubric.load())))


def page_lines() -> Found:
    """The same as a table: a line for each thing a phrase is to the rubric."""
    return _page_text(lambda column: scan.spans(column, rubric.load()))


def _page_text(read: Callable[[pa.Array], object]) -> Found:
    column = _pages()
    read(column.slice(0, 100))
    taken = seconds(lambda: read(column), ROUNDS)
    few = column.slice(0, len(column) // 40)
    size, small = (call_function("sum", [call_function("binary_length", [part])]).as_py() / 1e6 for part in (column, few))
    return Found(size / taken, small / _asked(few, [_expression(_terms())]), "MB/s", "one alternation of the terms: whether, not where")


def memory() -> Found:
    """The peak of a process that reads titles out of a database file, first pass and evidence. 1 is flat."""
    most, few = (_peak(count) for count in (MOST, FEW))
    return Found(most, few, "MB", f"the same with {FEW:,} of the {MOST:,} titles (DuckDB held to {MEMORY_LIMIT})")


def _peak(count: int) -> float:
    told = subprocess.run([sys.executable, "-m", "bench.scan", str(count)], stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT).stdout
    return float(json.loads(told.splitlines()[-1])["peak_mb"])


def _child(count: int) -> None:
    """Reads so many titles, as flagging does, from a file that another process made."""
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory(prefix="dagslys-bench-") as folder:
        file = Path(folder) / "titles.duckdb"
        making = [sys.executable, "-c", f"from bench.scan import _make; _make({str(file)!r}, {count})"]
        subprocess.run(making, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
        from warehouse import texts

        connection, words, found = duckdb.connect(str(file)), rubric.load(), 0
        connection.execute(f"SET memory_limit = '{MEMORY_LIMIT}'")

        def mask(batch: pa.RecordBatch):
            nonlocal found
            whole = scan.whole(batch.column("title"), batch.column("text"))
            telling = scan.may_tell(whole, words)
            found += scan.spans(whole.filter(pa.array(telling)), words).num_rows
            return telling

        passed = texts.wanted(connection, ["800000005"], mask)
        print(json.dumps({"peak_mb": peak_mb(), "passed": sum(map(len, passed.values())), "spans": found}))


def _make(file: str, count: int) -> None:
    """A database with the tables of the warehouse and so many titles, each its own."""
    from pathlib import Path

    from warehouse.store import Store

    with Store(Path(file).parent, Path(file).name) as store:
        store.connection.register("dealt", pa.table({"title": _titles(DEALT)}))
        store.connection.execute(
            f"""INSERT INTO core.journal_entries (id, authority, source, title)
                SELECT format('{{:016x}}', row_number() OVER ()), '800000005', 'bench', concat(title, ' ', n)
                FROM dealt, range({count // DEALT}) r(n)"""
        )


MEASURES = {
    "scan/first": first, "scan/first-408": first_of_few, "scan/evidence": evidence, "scan/evidence-of-all": evidence_of_all,
    "scan/pages": pages, "scan/page-lines": page_lines, "scan/memory": memory,
}  # fmt: skip

if __name__ == "__main__":
    _child(int(sys.argv[1]))
