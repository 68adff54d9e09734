"""`python -m bench [NAME …] [--json]`: a table of ratios, ours over the baseline. `parse` and `requests` name a measure of every platform,
`parse/einnsyn` one of them."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial

from bench import database, platforms, robots_txt, scan, served, texts, web
from bench.found import Found, NotMeasured

# Name → measure. Of a rate more is better, of megabytes and requests less.
MEASURES: dict[str, Callable[[], Found]] = {
    "robots": robots_txt.robots, "harvest": web.harvest, "pages": web.pages, "memory/harvest": web.memory_harvest,
    "memory/load": web.memory_load, "rows": texts.rows, "gate": texts.gate, "rubric": texts.matching, "load": database.loading,
    "search-pages": database.search_pages, "search-titles": database.search_titles, "query": database.query,
    **scan.MEASURES,
    **{f"parse/{platform}": partial(platforms.parse, platform) for platform in served.MADE},
    **{f"requests/{platform}": partial(platforms.requests, platform) for platform in served.MADE},
}  # fmt: skip
FAMILIES = tuple(dict.fromkeys(name.partition("/")[0] for name in MEASURES))


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(FAMILIES)}; all when left out")
    parser.add_argument("--json", action="store_true", help="one object, name → ours, baseline, ratio, unit, against (or skipped)")
    given = parser.parse_args(arguments)
    if unknown := [name for name in given.names if not _named(name)]:
        parser.error(f"{', '.join(unknown)}: there are {', '.join(FAMILIES)}, and {', '.join(f'parse/{p}' for p in served.MADE)}")
    told: dict[str, dict[str, object]] = {}
    if not given.json:
        print(f"{'what':<28}{'ours':>12}{'baseline':>12}  {'unit':<12}{'ratio':>9}  the baseline is")
    for name in dict.fromkeys(one for family in given.names or FAMILIES for one in _named(family)):
        try:
            found = MEASURES[name]()
        except NotMeasured as reason:
            told[name] = {"skipped": str(reason)}
            line = f"{name:<28}not measured: {reason}"
        else:
            told[name] = asdict(found) | {"ratio": found.ratio}
            line = f"{name:<28}{found.ours:>12,.1f}{found.baseline:>12,.1f}  {found.unit:<12}{found.ratio:>9.3g}  {found.against}"
        if not given.json:
            print(line, flush=True)
    if given.json:
        print(json.dumps(told, ensure_ascii=False, indent=1))
    return 0


def _named(name: str) -> Sequence[str]:
    """The measures that a name means: itself, or its family."""
    return [one for one in MEASURES if one == name or one.partition("/")[0] == name]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
