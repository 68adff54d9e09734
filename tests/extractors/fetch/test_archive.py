"""The archive: what was filed is read back as it was, or the reader is told why not."""

import gzip
from datetime import date

import pytest
from warcio.archiveiterator import ArchiveIterator

from extractors.contract import Request
from extractors.exceptions import ArchiveDamaged, ArchiveErased
from extractors.fetch.archive import Archive


def filed(
    archive: Archive, body: bytes = b"<p>Referat</p>", at: str = "2026-11-24T02:00:00.000000+00:00", platform: str = "website", **more
) -> str:
    return archive.write(
        source=f"{platform}/fjordvik",
        platform=platform,
        request=Request("https://www.fjordvik.kommune.no/"),
        url="https://www.fjordvik.kommune.no/",
        status=200,
        headers={"Content-Type": "text/html", "Set-Cookie": "hemmelig=1"},
        body=body,
        fetched_at=at,
        media_type="text/html",
        request_headers={"User-Agent": "dagslys"},
        **more,
    )


def test_a_capture_is_read_back(tmp_path):
    archive = Archive(tmp_path)
    capture = archive.read(filed(archive))
    assert (capture.body, capture.text, capture.request.url) == (b"<p>Referat</p>", "<p>Referat</p>", "https://www.fjordvik.kommune.no/")


def test_files_are_warc_and_the_same_bytes_are_stored_once(tmp_path):
    archive = Archive(tmp_path)
    first, second = filed(archive), filed(archive)
    with next(tmp_path.rglob("*.warc.gz")).open("rb") as stream:
        records = [
            (r.rec_type, r.rec_headers) for r in ArchiveIterator(stream, check_digests="raise") if r.content_stream().read() is not None
        ]
    assert [kind for kind, _ in records] == ["warcinfo", "response", "request", "revisit", "request"]
    assert {headers.protocol for _, headers in records} == {"WARC/1.1"}
    response, revisit = records[1][1], records[3][1]
    assert revisit.get_header("WARC-Refers-To") == response.get_header("WARC-Record-ID")
    assert revisit.get_header("WARC-Refers-To-Target-URI") == response.get_header("WARC-Target-URI")
    assert revisit.get_header("WARC-Profile").endswith("/identical-payload-digest")
    assert records[2][1].get_header("WARC-Concurrent-To") == response.get_header("WARC-Record-ID")
    assert archive.read(second).body == archive.read(first).body


def test_a_confirmed_page_refers_to_the_first_record_however_often_it_is_confirmed(tmp_path):
    archive = Archive(tmp_path)
    first = filed(archive)
    second = filed(archive, same_as=first)
    third = filed(archive, same_as=second)
    assert [archive.row(c)["payload_of"] for c in (first, second, third)] == [None, first, first]
    assert archive.read(third).body == b"<p>Referat</p>"


def test_a_take_down_leaves_no_byte_and_no_twin(tmp_path):
    archive = Archive(tmp_path)
    gone, kept, twin = filed(archive, b"<p>Kari Nordhus</p>"), filed(archive, b"<p>Referat</p>"), filed(archive, b"<p>Kari Nordhus</p>")
    assert archive.erase([gone]) == 2
    for capture in (gone, twin):
        with pytest.raises(ArchiveErased):
            archive.read(capture)
    assert archive.read(kept).body == b"<p>Referat</p>"
    later = filed(archive, b"<p>Nytt</p>")
    assert (archive.read(later).body, archive.read(kept).body) == (b"<p>Nytt</p>", b"<p>Referat</p>")
    held = b"".join(gzip.decompress(path.read_bytes()) for path in tmp_path.rglob("*.warc.gz"))
    assert b"Nordhus" not in held and b"Referat" in held


def test_one_flipped_byte_is_noticed(tmp_path):
    archive = Archive(tmp_path)
    capture = filed(archive, b"vedtak " * 400)
    path = next(tmp_path.rglob("*.warc.gz"))
    row, damaged = archive.row(capture), bytearray(path.read_bytes())
    damaged[row["offset"] + 200] ^= 1
    path.write_bytes(bytes(damaged))
    with pytest.raises(ArchiveDamaged):
        archive.read(capture)


def test_what_a_killed_run_left_half_written_is_cut(tmp_path):
    archive = Archive(tmp_path)
    first = filed(archive)
    path = next(tmp_path.rglob("*.warc.gz"))
    with path.open("ab") as stream:
        stream.write(b"half a record")
    again = Archive(tmp_path)
    second = filed(again, b"<p>Ny</p>")
    assert (again.read(first).body, again.read(second).body) == (b"<p>Referat</p>", b"<p>Ny</p>")


def test_journal_files_are_deleted_after_their_time_and_say_erased(tmp_path):
    archive = Archive(tmp_path)
    old = filed(archive, at="2025-10-30T02:00:00.000000+00:00", platform="acos-innsyn")
    new = filed(archive, at="2025-12-01T02:00:00.000000+00:00", platform="acos-innsyn")
    page = filed(archive, at="2024-01-01T02:00:00.000000+00:00")
    assert archive.erase_journals_before(date(2025, 11, 24)) == 1
    with pytest.raises(ArchiveErased):
        archive.read(old)
    assert archive.read(new).body == archive.read(page).body
