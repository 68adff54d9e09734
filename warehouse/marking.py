"""What bodies' texts say of Open Government Partnership, and the sentences that bodies share: kept beside the candidates."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

from catalogue import plans
from transforms import mentions
from transforms.documents import TEXTS, documents
from warehouse.load import insert
from warehouse.store import Store


def mark(store: Store, names: Mapping[str, str], bodies: Collection[str] | None = None) -> None:
    """Find anew what the texts of bodies we know (all, or `bodies`) say of OGP; only texts with a hint of it leave the database."""
    chosen = list(names if bodies is None else bodies)
    hinted = {}
    for table, columns in TEXTS.items():
        whole = ", ".join(("committee" if table == "meetings" else "title", *columns))
        hint = f"regexp_matches(concat_ws(' ', {whole}), ?, 'i')"
        question = f"FROM core.{table} WHERE list_contains(?::VARCHAR[], authority) AND {hint} ORDER BY id"
        hinted[table] = store.connection.execute(question, [chosen, mentions.HINT]).df()
    if len(hinted["agenda_items"]):
        hinted["meetings"] = store.connection.execute("FROM core.meetings ORDER BY id").df()
    found = mentions.mark(documents(hinted), plans.load(), names)
    with store.transaction() as connection:
        whose = {"bodies": None if bodies is None else chosen}
        connection.execute("DELETE FROM ogp.mentions WHERE $bodies IS NULL OR list_contains($bodies::VARCHAR[], authority)", whose)
        insert(connection, "ogp.mentions", found)


def share(store: Store, shared: pd.DataFrame, bodies: Collection[str] | None = None) -> None:
    """Keep the sentences that bodies share. With `bodies` those of the others that share text with them come along, and stay as they were
    otherwise: over all is the same as over each in turn."""
    with store.transaction() as connection:
        if bodies is None:
            connection.execute("DELETE FROM ogp.shared_texts")
        else:
            connection.execute("DELETE FROM ogp.shared_texts WHERE list_contains(?::VARCHAR[], authority)", [list(bodies)])
            connection.register("incoming", shared)
            connection.execute("DELETE FROM ogp.shared_texts WHERE sentence_hash IN (SELECT sentence_hash FROM incoming)")
            connection.unregister("incoming")
        insert(connection, "ogp.shared_texts", shared)
        connection.execute(
            """DELETE FROM ogp.shared_texts WHERE sentence_hash IN (
                   SELECT sentence_hash FROM ogp.shared_texts GROUP BY sentence_hash HAVING count(DISTINCT authority) < 2)"""
        )


def compare(store: Store) -> None:
    """For every candidate the candidates of its practice at other bodies that measure it best: contributions first, then those nearest in
    size, then those with most points. Made anew for all: what one body has matters to the others."""
    with store.transaction() as connection:
        connection.execute("DELETE FROM ogp.comparables")
        connection.execute(COMPARABLES, {"kept": KEPT})


# Of each body its best candidate of the practice; a retreat or the bare law is no measure. An unknown size is near to nothing. More are
# kept than are shown, for people reject some.
KEPT, UNKNOWN_DISTANCE = 6, 9
COMPARABLES = f"""
    INSERT INTO ogp.comparables
    WITH best AS (
        SELECT c.id, c.practice, c.authority, c.is_contribution = 'yes' AS is_sure, c.score, g.size_rank
        FROM ogp.candidates c LEFT JOIN core.body_groups g ON g.orgnr = c.authority
        WHERE c.is_contribution <> 'no'
        QUALIFY row_number() OVER (PARTITION BY c.practice, c.authority ORDER BY c.is_contribution = 'yes' DESC, c.score DESC, c.id) = 1
    )
    SELECT c.id, row_number() OVER nearest, b.id, coalesce(abs(b.size_rank - g.size_rank), {UNKNOWN_DISTANCE})
    FROM ogp.candidates c
    LEFT JOIN core.body_groups g ON g.orgnr = c.authority
    JOIN best b ON b.practice = c.practice AND b.authority <> c.authority
    WINDOW nearest AS (
        PARTITION BY c.id ORDER BY b.is_sure DESC, coalesce(abs(b.size_rank - g.size_rank), {UNKNOWN_DISTANCE}), b.score DESC, b.id
    )
    QUALIFY row_number() OVER nearest <= $kept
    ORDER BY ALL"""
