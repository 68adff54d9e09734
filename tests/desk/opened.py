"""The case paper, written and opened again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import docx
from docx.oxml.ns import qn

from desk import dossier


def paper(folder: Path, listed, **more) -> Any:
    path = dossier.write(listed, folder, formats=["docx"], **more)[0]
    return docx.Document(str(path))


def everything(document) -> str:
    """All text of the body, cell by cell, with links."""
    return "\n".join("".join(t.text or "" for t in p.iter(qn("w:t"))) for p in document.element.body.iter(qn("w:p")))
