"""A notice on its way from the register to the committee: a text like others, of a type of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from desk import review
from extractors.contract import Notice
from tests.warehouse.staged import REGISTER, WEBSITE, fill, stage
from warehouse import shortlists
from warehouse.publish import publish
from warehouse.store import Store, connect_published

NOTICE = Notice(
    key="2026-100001", publisher="800000009", publisher_name="Fjordvik kommune", title="Åpent gaveregister for ansatte og folkevalgte",
    text="Kommunestyret i Fjordvik vedtok 14. januar 2026 et åpent gaveregister for ansatte og folkevalgte.\n\nRegisteret er lagt ut på nettsiden "
         "og viser 42 gaver siden oppstarten. Alle innbyggere kan søke i det.",
    issued="2026-01-20", case_number="2026/17", language="nb", source_url="https://doffin.no/notices/2026-100001", locator="/ContractNotice",
)  # fmt: skip


def test_a_notice_supports_a_candidate_and_its_type_is_told(tmp_path: Path) -> None:
    stage(tmp_path, WEBSITE, 1, [REGISTER])
    stage(
        tmp_path,
        "doffin/fjordvik",
        1,
        [NOTICE, replace(NOTICE, key="2026-100002", publisher="971526920", publisher_name="Et statlig organ")],
    )
    with Store(tmp_path) as store:
        fill(store)
        publish(store)
        held = store.connection.execute(
            "SELECT c.source_types, d.source_type, d.role FROM ogp.candidates c JOIN ogp.candidate_documents d ON d.candidate = c.id WHERE d.document_table = 'notices'"
        ).fetchall()
        texts = store.connection.execute("SELECT authority, count(*) FROM core.notices GROUP BY ALL ORDER BY ALL").fetchall()
    assert texts == [("800000009", 1), ("971526920", 1)]  # another's notice is kept and is nobody's candidate
    assert held == [("notice; own_page", "notice", "supporting")]
    with connect_published(tmp_path) as connection:
        (candidate,) = {
            row[0]
            for row in connection.execute("SELECT candidate FROM ogp.candidate_documents WHERE document_table = 'notices'").fetchall()
        }
        frozen = shortlists.freeze(
            connection, source="top", pillar=None, limit=5, name="Liste", lang="nb", now=datetime(2026, 3, 1, tzinfo=UTC)
        )
    assert NOTICE.source_url in {d["url"] for d in review.load(tmp_path, candidate)["documents"]}
    (item,) = (i for i in frozen["items"] if i["id"] == candidate)
    assert [(d["source_type"], d["date"]) for d in item["documents"] if d["document_table"] == "notices"] == [("notice", "2026-01-20")]
