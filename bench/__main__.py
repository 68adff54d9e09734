"""`python -m bench [NAME …] [--json]`: a table of ratios, ours over the baseline."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import asdict

from bench import database, robots_txt, texts, web
from bench.found import Found, NotMeasured

# Name → measure. Of a rate more is better, of megabytes less.
MEASURES: dict[str, Callable[[], Found]] = {
    "robots": robots_txt.robots, "harvest": web.harvest, "pages": web.pages, "memory": web.memory, "rows": texts.rows, "gate": texts.gate,
    "rubric": texts.matching, "load": database.loading, "search-pages": database.search_pages, "search-titles": database.search_titles,
    "query": database.query,
}  # fmt: skip


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(MEASURES)}; all when left out")
    parser.add_argument("--json", action="store_true", help="one object, name → ours, baseline, ratio, unit, against (or skipped)")
    given = parser.parse_args(arguments)
    if unknown := [name for name in given.names if name not in MEASURES]:
        parser.error(f"{', '.join(unknown)}: there are {', '.join(MEASURES)}")
    told: dict[str, dict[str, object]] = {}
    if not given.json:
        print(f"{'what':<14}{'ours':>14}{'baseline':>14}  {'unit':<12}{'ratio':>8}  the baseline is")
    for name in given.names or MEASURES:
        try:
            found = MEASURES[name]()
        except NotMeasured as reason:
            told[name] = {"skipped": str(reason)}
            line = f"{name:<14}not measured: {reason}"
        else:
            told[name] = asdict(found) | {"ratio": found.ratio}
            line = f"{name:<14}{found.ours:>14,.1f}{found.baseline:>14,.1f}  {found.unit:<12}{found.ratio:>8.2f}  {found.against}"
        if not given.json:
            print(line, flush=True)
    if given.json:
        print(json.dumps(told, ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
