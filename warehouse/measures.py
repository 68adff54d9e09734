"""Roads, licences, points and stars of the datasets, made anew at every load: they follow from rows, sources and bodies together."""

from __future__ import annotations

import duckdb

from transforms.measures import measures


def measure(connection: duckdb.DuckDBPyConnection) -> None:
    """Replace what follows from the datasets that the database holds; within the caller's transaction."""
    datasets, distributions = (connection.execute(f"FROM core.{table} ORDER BY id").df() for table in ("datasets", "distributions"))
    owners = dict(connection.execute("SELECT id, authority FROM core.sources").fetchall())
    after = connection.execute("SELECT orgnr, successors FROM core.authorities WHERE valid_to IS NOT NULL").fetchall()
    successors = {orgnr: tuple(words.split("; ")) for orgnr, words in after if words}
    tables = measures(datasets, distributions, owners=owners, successors=successors)
    for table, frame in tables.items():
        connection.execute(f"DELETE FROM core.{table}")
        if len(frame):
            connection.register("measured", frame)
            connection.execute(f"INSERT INTO core.{table} BY NAME FROM measured")
            connection.unregister("measured")
