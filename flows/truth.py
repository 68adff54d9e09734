"""The demo's result held against the sandbox's truth: what was found, and what must not be found anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from flows import engine
from flows.settings import Settings

OUR_FILES = ("logs/*", "jobs/*")
WORD = re.compile(r"\w+")
ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")


def measure(settings: Settings, truth: Mapping[str, Any]) -> dict[str, Any]:
    """Recall, precision at 20 and linking by `transforms.evaluation.measure`, and the private names and identity numbers left anywhere."""
    from transforms import evaluation
    from warehouse import found
    from warehouse.store import connect_published

    with connect_published(settings.home) as connection:
        candidates, documents = found.candidates(connection), found.documents(connection)
    texts = list(texts_left(settings.home))
    return evaluation.measure(candidates, documents, truth) | {
        "names_left": leaks(texts, truth["private_names"]),
        "numbers_left": leaks(texts, [*truth["identity_numbers"], *truth["account_numbers"]]),
    }


def texts_left(home: Path) -> Iterator[str]:
    """All that may hold no private name: the published database with its quarantine, our logs and jobs, and what the engine keeps.

    Archive and staging hold what the sources said, by law and design, and are not among them.
    """
    from warehouse import found
    from warehouse.store import connect_published

    with connect_published(home) as connection:
        yield from found.texts(connection)
    for pattern in OUR_FILES:
        for path in sorted(home.glob(pattern)):
            yield path.read_text(encoding="utf-8", errors="replace")
    yield from engine.kept(home)


def leaks(texts: Iterable[str], forbidden: Iterable[str]) -> int:
    """How many of the forbidden strings stand in any of the texts, letter case and JSON's escapes aside."""
    wanted = {word.casefold() for word in forbidden if word}
    found: set[str] = set()
    for text in texts:
        said = _unescaped(text).casefold()
        words = set(WORD.findall(said))
        likely = [each for each in wanted - found if words.issuperset(WORD.findall(each))]
        found |= {each for each in likely if re.search(rf"(?<!\w){re.escape(each)}(?!\w)", said)}
    return len(found)


def _unescaped(text: str) -> str:
    return ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), text) if "\\u" in text else text
