"""Makes a recordings manifest, and the sources to read it with, out of the real answers that lie beside the project.

`python -m tests.real_input FOLDER` writes `manifest.jsonl` and `sources.toml` there; then, in two shells:

    python -m sandbox replay FOLDER/manifest.jsonl --json
    DAGSLYS_GATEWAY=http://127.0.0.1:PORT DAGSLYS_FLOOR_S=0 dagslys harvest --source-file FOLDER/sources.toml

The answers are real; the hosts are invented, because neither portal stands where it stood when it was recorded.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "portals"
CKAN_HOST, CATALOGUE_HOST = "data.smartby-eksempel.no", "katalog.datanorge-eksempel.no"
CKAN_URL, CATALOGUE_URL = f"https://{CKAN_HOST}/", f"https://{CATALOGUE_HOST}/catalogs.jsonld"
ROWS = 30

SOURCES = f"""
[[source]]
platform = "ckan"
slug = "smartby-opptak"
authority = "958935420"
url = "{CKAN_URL}"
kinds = ["dataset"]
cadence = "monthly"
state = "enabled"
licence = "per dataset"
fact = "recordings of a real CKAN 2.12, 2026-11-23"
confidence = "payload"
[source.settings]
rows = {ROWS}

[[source]]
platform = "dcat"
slug = "datanorge-2019"
authority = "958935420"
url = "{CATALOGUE_URL}"
kinds = ["dataset"]
cadence = "monthly"
state = "enabled"
licence = "NLOD"
fact = "the whole catalogue of data.norge.no, about September 2019"
confidence = "payload"
"""


def exchange(url: str, body_file: Path, headers: dict[str, str], status: int = 200) -> dict:
    """One line of a manifest (DESIGN section 3, Gateway)."""
    return {"method": "GET", "url": url, "request_body_sha256": None, "status": status, "headers": headers, "body_file": str(body_file)}


def recorded_headers(path: Path) -> dict[str, str]:
    """The headers of a recorded answer, from the status line and headers that lie beside it."""
    lines = path.with_name(f"{path.name}.headers").read_text(encoding="utf-8").splitlines()[1:]
    pairs = (line.split(":", 1) for line in lines if ":" in line)
    return {name.strip(): value.strip() for name, value in pairs if name.strip().lower() not in ("connection", "content-length", "date")}


def ckan() -> Iterable[dict]:
    """Three pages of package_search: 68 packages."""
    for number in range(3):
        path = SHARED / "ckan-2.12-local" / f"package_search_p{number + 1}.json"
        address = f"{CKAN_URL}api/3/action/package_search?q=&fq=&start={number * ROWS}&rows={ROWS}&sort=id%20asc"
        yield exchange(address, path, recorded_headers(path))


def datanorge() -> Iterable[dict]:
    """The catalogue of 2019 in one answer: 641 datasets."""
    yield exchange(CATALOGUE_URL, SHARED / "datanorge-2019" / "catalogs.jsonld", {"Content-Type": "application/ld+json"})


def write(folder: Path) -> tuple[Path, Path]:
    """Write the manifest and the sources into `folder`. Returns both paths."""
    folder.mkdir(parents=True, exist_ok=True)
    manifest, sources = folder / "manifest.jsonl", folder / "sources.toml"
    manifest.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in (*ckan(), *datanorge())), encoding="utf-8")
    sources.write_text(SOURCES, encoding="utf-8")
    return manifest, sources


if __name__ == "__main__":
    for written in write(Path(sys.argv[1])):
        print(written)
