"""Search in titles and texts, offline and in Norwegian.

A word is looked for inside the words of a dictionary, so that "anskaffelse" finds "anskaffelser" and "anskaffelsesstrategien", and its
ending is taken off first, so that "anskaffelser" finds "anskaffelse". `synonyms.csv` joins bokmål and nynorsk.
"""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING, Any

import duckdb

from warehouse.store import FOLDER, first, one

if TYPE_CHECKING:
    from warehouse.store import Store

WORD = r"[\p{L}\p{N}]+"
DOCUMENTS = """
    SELECT 'journal_entries' AS document_table, id, authority, source, journal_date AS date, title, url,
        concat_ws(' ', case_title, case_number) AS text FROM core.journal_entries WHERE NOT withdrawn
    UNION ALL
    SELECT 'agenda_items', i.id, i.authority, i.source, m.start::DATE, i.title, i.url, concat_ws(' ', i.text, i.decision)
        FROM core.agenda_items i LEFT JOIN core.meetings m ON m.id = i.meeting WHERE NOT i.withdrawn
    UNION ALL
    SELECT 'pages', id, authority, source, coalesce(modified, published), title, url, text FROM core.pages WHERE NOT withdrawn
    UNION ALL
    SELECT 'datasets', id, authority, source, coalesce(modified, issued), title, url, concat_ws(' ', description, keywords)
        FROM core.datasets
    UNION ALL
    SELECT 'notices', id, authority, source, issued, title, url, concat_ws(' ', text, case_number) FROM core.notices WHERE NOT withdrawn"""
CONTENT = " UNION ALL ".join(
    f"SELECT id, content_hash FROM core.{table}"
    for table in ("journal_entries", "agenda_items", "meetings", "pages", "datasets", "notices")
)
# Endings of nouns, adjectives and verbs in both written forms, longest first; never down to fewer than MIN_STEM letters.
ENDINGS = (
    "heitene",
    "hetene",
    "elsene",
    "ingane",
    "ingene",
    "ene",
    "ane",
    "ert",
    "ste",
    "en",
    "et",
    "er",
    "ar",
    "te",
    "de",
    "a",
    "e",
    "r",
    "t",
    "s",
)
MIN_STEM = 4
QUALITY = {"same": 1.0, "begins": 0.8, "ends": 0.7, "inside": 0.5}
# Words that stand for the one asked for: the pair of its stem, and of a part of it ("innbyggerpanel", "innbyggarpanel").
SYNONYMS = """
    WITH pairs AS (SELECT word AS a, other AS b FROM search.synonyms UNION ALL SELECT other, word FROM search.synonyms)
    SELECT b FROM pairs WHERE a IN ($word, $stem) OR (starts_with(a, $stem) AND length($stem) >= $shortest)
    UNION SELECT replace($word, a, b) FROM pairs WHERE contains($word, a) AND a <> $word AND length(a) >= $shortest"""
TITLE_FACTOR, STEM_FACTOR, SYNONYM_FACTOR = 3.0, 0.9, 0.8


def build(store: Store) -> int:
    """Make dictionary and postings anew when the texts changed. Returns how many documents can be found."""
    connection = store.connection
    fingerprint = str(one(connection, f"SELECT count(*) || ' ' || coalesce(bit_xor(hash(id || content_hash)), 0) FROM ({CONTENT})")[0])
    synonyms = list(csv.DictReader((FOLDER / "synonyms.csv").read_text(encoding="utf-8").splitlines()))
    known = first(connection, "SELECT fingerprint FROM search.state")
    if known is None or known[0] != fingerprint:
        with store.transaction():
            _fill(connection)
            connection.execute("DELETE FROM search.state")
            connection.execute("INSERT INTO search.state VALUES (?)", [fingerprint])
    with store.transaction():
        connection.execute("DELETE FROM search.synonyms")
        pairs = [[row["word"] for row in synonyms], [row["other"] for row in synonyms]]
        connection.execute("INSERT INTO search.synonyms SELECT unnest($1::VARCHAR[]), unnest($2::VARCHAR[])", pairs)
    return int(one(connection, "SELECT count(*) FROM search.documents")[0])


def _fill(connection: duckdb.DuckDBPyConnection) -> None:
    for table in ("documents", "tokens", "postings"):
        connection.execute(f"DELETE FROM search.{table}")
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE texts AS
            SELECT row_number() OVER (ORDER BY authority, document_table, date, id)::INTEGER AS number, * FROM ({DOCUMENTS})"""
    )
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE words AS
            SELECT token, document, count(*)::INTEGER AS hits, bool_or(in_title) AS in_title FROM (
                SELECT number AS document, unnest(regexp_extract_all(lower(title), '{WORD}')) AS token, TRUE AS in_title FROM texts
                UNION ALL
                SELECT number, unnest(regexp_extract_all(lower(text), '{WORD}')), FALSE FROM texts
            ) GROUP BY ALL"""
    )
    connection.execute(
        """INSERT INTO search.tokens
           SELECT row_number() OVER (ORDER BY token)::INTEGER, token, count(*)::INTEGER FROM words GROUP BY token ORDER BY token"""
    )
    connection.execute(
        """INSERT INTO search.postings
           SELECT t.number, w.document, w.hits, w.in_title FROM words w JOIN search.tokens t USING (token) ORDER BY t.number, w.document"""
    )
    connection.execute(
        """INSERT INTO search.documents
           SELECT number, id, document_table, authority, source, date, title, url, coalesce(w.words, 0)::INTEGER
           FROM texts LEFT JOIN (SELECT document, sum(hits) AS words FROM words GROUP BY document) w ON w.document = number
           ORDER BY number"""
    )
    connection.execute("DROP TABLE temp.texts")
    connection.execute("DROP TABLE temp.words")


def search(connection: duckdb.DuckDBPyConnection, words: str, limit: int = 20) -> list[dict[str, Any]]:
    """The documents that hold the words, best first: id, body, authority, table, date, title, url, source, score, words (those found).

    Every word must be found; when no document has them all, those with most of them come.
    """
    patterns = _patterns(connection, words)
    if not patterns:
        return []
    numbers, texts, weights = ([p[i] for p in patterns] for i in range(3))
    rows = connection.execute(
        f"""WITH asked AS (
                SELECT unnest($numbers::INTEGER[]) AS word, unnest($patterns::VARCHAR[]) AS pattern, unnest($weights::DOUBLE[]) AS weight),
            found AS (
                SELECT word, number AS token, any_value(t.token) AS text, any_value(documents) AS documents, max(weight * CASE
                    WHEN t.token = pattern THEN {QUALITY["same"]} WHEN starts_with(t.token, pattern) THEN {QUALITY["begins"]}
                    WHEN ends_with(t.token, pattern) THEN {QUALITY["ends"]} ELSE {QUALITY["inside"]} END) AS quality
                FROM asked JOIN search.tokens t ON contains(t.token, pattern)
                WHERE length(pattern) >= {MIN_STEM} OR t.token = pattern
                    OR (starts_with(t.token, pattern) AND length(t.token) <= length(pattern) + 3)
                GROUP BY word, number),
            total AS (SELECT count(*) AS documents FROM search.documents),
            scored AS (
                SELECT p.document, f.word, max(quality * (1 + ln(hits)) * ln(1 + total.documents / f.documents)
                    * CASE WHEN in_title THEN {TITLE_FACTOR} ELSE 1 END) AS score, min(f.text) AS text
                FROM found f JOIN search.postings p USING (token) CROSS JOIN total GROUP BY p.document, f.word),
            ranked AS (
                SELECT document, count(*) AS matched, sum(score) AS score, string_agg(DISTINCT text, ', ' ORDER BY text) AS words
                FROM scored GROUP BY document)
            SELECT d.id, coalesce(a.name, d.authority) AS body, d.authority, d.document_table AS "table", d.date::VARCHAR AS date,
                d.title, d.url, d.source, round(r.score / (1 + ln(1 + d.words / 200)), 3) AS score, r.words
            FROM ranked r JOIN search.documents d ON d.number = r.document
            LEFT JOIN core.authorities a ON a.orgnr = d.authority
            QUALIFY r.matched = max(r.matched) OVER ()
            ORDER BY score DESC, d.date DESC NULLS LAST, d.id LIMIT $limit""",
        {
            "numbers": numbers,
            "patterns": texts,
            "weights": weights,
            "limit": limit,
        },
    )
    names = [column[0] for column in rows.description]
    return [dict(zip(names, row, strict=True)) for row in rows.fetchall()]


def _patterns(connection: duckdb.DuckDBPyConnection, words: str) -> list[tuple[int, str, float]]:
    """(number of the word asked for, what to look for inside the dictionary's words, weight)."""
    found: dict[tuple[int, str], float] = {}
    for number, word in enumerate(dict.fromkeys(re.findall(r"[^\W_]+", words.lower())), 1):
        stem = stem_of(word)
        others = connection.execute(SYNONYMS, {"word": word, "stem": stem, "shortest": MIN_STEM}).fetchall()
        for pattern, weight in ((word, 1.0), (stem, STEM_FACTOR), *((stem_of(other), SYNONYM_FACTOR) for (other,) in others)):
            found[number, pattern] = max(weight, found.get((number, pattern), 0.0))
    return [(number, pattern, weight) for (number, pattern), weight in found.items()]


def stem_of(word: str) -> str:
    """The word without its ending."""
    ending = next((e for e in ENDINGS if word.endswith(e) and len(word) - len(e) >= MIN_STEM), "")
    return word.removesuffix(ending)
