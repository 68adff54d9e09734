"""`python -m bench [NAME …]`: a table of ratios."""

from __future__ import annotations

import sys

from bench.measures import MEASURES


def main(names: list[str]) -> None:
    chosen = {name: MEASURES[name] for name in names or MEASURES}
    print(f"{'what':<14}{'ours':>16}{'baseline':>16}{'ours/baseline':>15}  baseline is")
    for name, measure in chosen.items():
        found = measure()
        if found is None:
            print(f"{name:<14}  the material for it does not lie beside this checkout")
            continue
        print(f"{name:<14}{found.ours:>16,.1f}{found.baseline:>16,.1f}{found.ours / found.baseline:>15.3f}  {found.unit}; {found.against}")


main(sys.argv[1:])
