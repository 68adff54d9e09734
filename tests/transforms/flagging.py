"""Invented documents for the tests of evidence and candidates, with the columns of `transforms.documents`."""

from datetime import date

import pandas as pd

from transforms.evidence import text_hash

TODAY = date(2026, 11, 1)
KINDS = {
    "page": ("pages", "own_page"), "item": ("agenda_items", "council_case"), "entry": ("journal_entries", "mail_journal"),
    "dataset": ("datasets", "portal"), "hand": ("pages", "by_hand"),
}  # fmt: skip


def document(identity, kind, title, text="", *, authority="800000005", day="2026-06-01", seen="2026-06-10", language="nb", case_number=None):
    table, source_type = KINDS[kind]
    return {
        "document_id": identity, "document_table": table, "authority": authority, "source": f"{table}/{authority}", "source_type": source_type,
        "title": title, "text": text, "date": pd.Timestamp(day), "language": language, "case_number": case_number,
        "url": f"https://example.test/{identity}", "capture": f"c{identity}", "locator": "/", "captured_at": pd.Timestamp(seen),
        "first_seen": pd.Timestamp(seen), "breadcrumb": None, "text_hash": text_hash(title, text),
    }  # fmt: skip


def frame(*documents):
    return pd.DataFrame(list(documents))


def register(authority="800000005"):
    """One register told by a page, a council case and the mail journal, in different words."""
    return (
        document("a1", "page", "Register over gaver til folkevalgte",
                 "Nesset kommunestyre vedtok 4. mars 2025 i sak 14/25 et gaveregister for folkevalgte og enhetsledere. Grensen er 350 kroner.\n\n"
                 "Registeret ligger åpent på nettsiden og hadde 31 oppføringer ved siste gjennomgang.", authority=authority),
        document("a2", "item", "Gaveregister for folkevalgte og enhetsledere – grense og publisering",
                 "Kommunestyret vedtok at gaver over 350 kroner føres i registeret og at det publiseres.", authority=authority, seen="2026-06-02"),
        document("a3", "entry", "Oversendelse av oppføringer til gaveregisteret for enhetsledere", authority=authority, seen="2026-06-20"),
    )  # fmt: skip


def streaming():
    return document(
        "b1", "page", "Se møtene på nett",
        "Siden 1. september 2024 strømmer Nesset kommune alle møter i kommunestyret. Kommunestyret vedtok det i sak 40/24, og 61 opptak er tekstet.",
    )  # fmt: skip
