"""The draft of a new platform: reader, sandbox server, stored answer and test, from the texts in `drafts/`.

It runs as it is, over an answer that is invented, so that what has to be changed is all that has to be written. It is not listed in
`extractors/platforms.py`: that is done by whoever has looked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from string import Template

from flows.exceptions import WrongUse
from flows.texts import text

DRAFTS = Path(__file__).parent / "drafts"
FAMILIES = {"innsyn": "JournalEntry", "portals": "Dataset"}
KINDS = {"JournalEntry": ("journal_entry", "journal entries"), "Dataset": ("dataset", "datasets")}
CONTRACT = ("Capture", "Extractor", "Known", "Record", "Request", "Source", "SourceGuess", "SourceSettings", "Trouble", "Window")
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Draft:
    """The files that were made, the test among them last."""

    files: tuple[Path, ...]

    @property
    def test(self) -> Path:
        return self.files[-1]


def make(name: str, family: str, root: Path) -> Draft:
    """Write the draft into a source tree.

    Raises WrongUse for a name that cannot be a key or is there already, and for a folder that is no source tree.
    """
    if not NAME.fullmatch(name):
        raise WrongUse(text("wrong.platform_name", name=name))
    if not (root / "extractors" / "platforms.py").is_file() or not (root / "sandbox").is_dir():
        raise WrongUse(text("wrong.no_source_tree", root=root))
    module = name.replace("-", "_")
    module = f"_{module}" if module[0].isdigit() else module
    record = FAMILIES[family]
    kind, kinds = KINDS[record]
    test_folder = root / "tests" / "extractors" / ("innsyn" if family == "innsyn" else "")
    targets = {
        "extractor.py.txt": root / "extractors" / family / f"{module}.py",
        "server.py.txt": root / "sandbox" / f"{module}.py",
        "payload.json.txt": root / "tests" / "data" / "payloads" / f"{name}-list.json",
        "test.py.txt": test_folder / f"test_{module}.py",
    }
    for path in targets.values():
        if path.exists():
            raise WrongUse(text("wrong.platform_there", name=name, file=path))
    words = {
        "name": name, "class": ("P" if name[0].isdigit() else "") + "".join(part.capitalize() for part in name.split("-")),
        "title": name.replace("-", " ").capitalize(), "record": record, "kind": kind, "kinds": kinds,
        "imports": "\n".join(f"    {name}," for name in sorted((*CONTRACT, record))), "module": f"extractors.{family}.{module}",
        "depth": str(len(test_folder.relative_to(root).parts)),
    }  # fmt: skip
    for draft, path in targets.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(Template((DRAFTS / draft).read_text(encoding="utf-8")).substitute(words), encoding="utf-8")
    return Draft(tuple(targets.values()))
