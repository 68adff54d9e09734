"""Is an archived record whole, byte for byte? The payload digest covers the body alone; a record has headers and a request beside it."""

from __future__ import annotations

import zlib

from extractors.exceptions import ArchiveDamaged, ArchiveErased
from extractors.fetch.archive import Archive

GZIP_HEADER = 10


def check(archive: Archive, capture: str) -> None:
    """Reads the record, and the one whose body it refers to. Raises ArchiveDamaged when any byte is another, ArchiveErased when it is gone.

    Every gzip member carries a checksum of its content, and all members of a record are written with the same header (RFC 1952).
    """
    row = archive.row(capture)
    path = archive.folder / row["file"]
    if not path.exists():
        raise ArchiveErased(f"{row['file']} was deleted")
    with path.open("rb") as stream:
        stream.seek(row["offset"])
        data = stream.read(row["length"])
    headers = set()
    rest = data
    while rest:
        headers.add(rest[:GZIP_HEADER])
        member = zlib.decompressobj(wbits=31)
        try:
            member.decompress(rest)
        except zlib.error as error:
            raise ArchiveDamaged(f"capture {capture}: a checksum in {row['file']} does not hold") from error
        if not member.eof:
            raise ArchiveDamaged(f"capture {capture}: the record in {row['file']} is cut off")
        rest = member.unused_data
    if len(data) != row["length"] or len(headers) != 1:
        raise ArchiveDamaged(f"capture {capture}: the record in {row['file']} is not the one that was written")
    if row["payload_of"]:
        check(archive, row["payload_of"])
