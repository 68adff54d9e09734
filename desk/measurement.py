"""How well the model judges, as people read it: the same sections on a terminal and on one self-contained page.

What is measured comes from `transforms.assessment`; the words come with the caller (`say`), so that both speak alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

from desk.html_file import environment

FIGURES = ("macro_f1", "contribution_f1", "contribution_balanced_accuracy")
SHARES = ("precision", "recall", "f1")
BASELINES = {"macro_f1": "keyword_macro_f1", "contribution_f1": "pillar_known_contribution_f1"}
NOTHING = "–"
SIDE, PAD = 300, 44
LARGEST_DOT = 9.0

Say = Callable[..., str]


@dataclass(frozen=True)
class Section:
    """A heading, a sentence on how to read it, a table (`right`: columns of numbers) and what is said below it."""

    key: str
    title: str
    note: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: tuple[int, ...] = ()
    below: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wording:
    """The words of a language: `say(key, **values)` a sentence, `name(code)` what a label is called; `point` parts whole and decimals."""

    say: Say
    name: Callable[[str], str]
    point: str = "."

    def short(self, label: str) -> str:
        return self.say(f"short.{label}")

    def share(self, value: float | None, decimals: int = 3) -> str:
        return NOTHING if value is None else f"{value:.{decimals}f}".replace(".", self.point)

    def weight(self, value: float) -> str:
        return f"{value:+g}".replace(".", self.point).replace("-", "−")

    def interval(self, pair: Sequence[float]) -> str:
        return f"{self.share(pair[0], 2)}–{self.share(pair[1], 2)}"

    def yes(self, is_so: bool) -> str:
        return self.say("yes" if is_so else "no")

    def section(
        self, key: str, columns: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = (), below: Sequence[str] = (),
        **values: Any,
    ) -> Section:  # fmt: skip
        """A section whose title and note are `section.<key>` and `note.<key>` of the words, its columns `column.<name>`."""
        heads = tuple(self.say(f"column.{column}") for column in columns)
        title, note = self.say(f"section.{key}"), self.say(f"note.{key}", **values)
        return Section(key, title, note, heads, tuple(map(tuple, rows)), tuple(right), tuple(below))


def sections(measured: Mapping[str, Any], w: Wording) -> list[Section]:
    """What `transforms.assessment.assess` measured, section by section."""
    return [
        _labels(measured, w), _figures(measured, w), _languages(measured, w), _top(measured, w), _confusion(measured, w),
        _calibration(measured, w), _practices(measured, w), _errors(measured, w),
    ]  # fmt: skip


def _scores(found: Mapping[str, Any], w: Wording) -> list[str]:
    """A share of nothing is not nought: no recall where nothing was there, no precision where nothing was answered."""
    known = {"precision": found["answered"], "recall": found["items"], "f1": True}
    return [str(found["items"]), *(w.share(found[k] if known[k] else None) for k in SHARES), w.interval(found["f1_interval"])]


def _labels(measured: Mapping[str, Any], w: Wording) -> Section:
    rows = [[w.name(label), *_scores(found, w)] for label, found in measured["labels"].items()]
    return w.section("labels", ("label", "items", *SHARES, "interval"), rows, range(1, 6))


def _practices(measured: Mapping[str, Any], w: Wording) -> Section:
    rows = [[practice, *_scores(found, w)] for practice, found in measured["practices"].items()]
    return w.section("practices", ("practice", "items", *SHARES, "interval"), rows, range(1, 6))


def _figures(measured: Mapping[str, Any], w: Wording) -> Section:
    out, rows = measured["left_out"], []
    for figure in FIGURES:
        base = measured["baselines"].get(BASELINES.get(figure, ""))
        ends = [f"{w.share(out[figure][e]['value'])} ({out[figure][e]['without']})" for e in ("lowest", "highest")] if figure in out else []
        told = f"{w.share(base)} ({w.say(f'baseline.{figure}')})" if base is not None else NOTHING
        rows.append([w.say(figure), w.share(measured[figure]), w.interval(measured[f"{figure}_interval"]), told, *(ends or [NOTHING] * 2)])
    again = out["refitted"]
    below = [w.say("refitted", **{f: w.share(again[f]) for f in FIGURES})] if again else []
    columns = ("figure", "value", "figure_interval", "baseline", "lowest", "highest")
    return w.section("figures", columns, rows, (1, 2), below, municipalities=out["municipalities"])


def _languages(measured: Mapping[str, Any], w: Wording) -> Section:
    rows = [
        [language or NOTHING, str(found["items"]),
         *(f"{w.share(found[f])} ({w.interval(found[f'{f}_interval'])})" if f in found else NOTHING for f in FIGURES)]
        for language, found in measured["languages"].items()
    ]  # fmt: skip
    return w.section("languages", ("language", "items", *FIGURES), rows, (1,))


def _top(measured: Mapping[str, Any], w: Wording) -> Section:
    rows = []
    for pillar, depths in measured["precision_at"].items():
        cells = [f"{d['contributions']}/{d['of']} ({w.interval(d['interval'])})" if d["of"] else NOTHING for d in depths]
        rows.append([w.name(pillar), *cells])
    return w.section("top", ("pillar", "at_5", "at_10", "at_20", "at_50"), rows)


def _confusion(measured: Mapping[str, Any], w: Wording) -> Section:
    rows = [[w.short(truth), *map(str, answers.values())] for truth, answers in measured["confusion"].items()]
    told = w.section("confusion", ("truth",), rows, range(1, len(rows) + 1))
    return Section(told.key, told.title, told.note, (*told.columns, *map(w.short, measured["confusion"])), told.rows, told.right)


def _calibration(measured: Mapping[str, Any], w: Wording) -> Section:
    found = measured["calibration"]
    rows = [
        [f"{w.share(b['low'], 1)}–{w.share(b['high'], 1)}", str(b["items"]), w.share(b["stated"]), w.share(b["true"]),
         w.interval(b["true_interval"])]
        for b in found["bins"]
    ]  # fmt: skip
    values = {name: w.share(found[name]) for name in ("brier", "brier_of_base_rate", "expected_error")}
    below = [w.say("calibrated", **values), w.say(f"basis.{found['basis']}")]
    return w.section("calibration", ("bin", "items", "stated", "true", "true_interval"), rows, range(5), below)


def _errors(measured: Mapping[str, Any], w: Wording) -> Section:
    rows = []
    for e in measured["worst_errors"]:
        hits = [f"«{h['words']}» {w.weight(h['weight'])}" for h in e["hits"]]
        checks = [f"{_test(c, w)}: {w.say(c['answer'])}" + (f" «{c['words']}»" if c["words"] else "") for c in e["checks"]]
        rows.append([
            w.share(e["sure"], 2), f"{e['title']} ({e['id']})", _answer(e["label"], e["true_practice"], e["contribution"], w),
            _answer(e["answer"], e["practice"], e["answered_contribution"], w),
            "\n".join(filter(None, ["; ".join(hits), *checks])) or NOTHING,
        ])  # fmt: skip
    return w.section("errors", ("sure", "text", "truth", "answer", "words"), rows, (0,))


def _test(check: Mapping[str, Any], w: Wording) -> str:
    return w.say(f"test.{check['key']}")


def _answer(label: str, practice: str, is_contribution: bool, w: Wording) -> str:
    named = f"{w.short(label)}, {practice}" if practice and label != "none" else w.short(label)
    return f"{named}: {w.say('contribution' if is_contribution else 'no_contribution')}"


def compared(found: Mapping[str, Any], names: Sequence[str], w: Wording) -> list[Section]:
    """What `transforms.assessment.compare` found between two rubrics called `names`; without labels only what flipped."""
    told = []
    if "figures" in found:
        rows = [
            [w.say(f), *(f"{w.share(m[f])} ({w.interval(m[f'{f}_interval'])})" for m in found["figures"])] for f in FIGURES
        ]  # fmt: skip
        heads = (w.say("column.figure"), *(f"{name} ({m['rubric']})" for name, m in zip(names, found["figures"], strict=True)))
        told.append(Section("compared", w.say("section.compared"), w.say("note.compared"), heads, tuple(map(tuple, rows))))
    rows = [
        [f"{f['title']} ({f['id']})", *(_turned(f, n, w) for n in (0, 1)),
         *([w.say(f"turn.{f['turn']}")] if "turn" in f else []), _why(f, w)]
        for f in found["flips"]
    ]  # fmt: skip
    columns = ("text", "before", "after", *(("turn",) if "figures" in found else ()), "difference")
    counts = {name: found.get(name, 0) for name in ("right", "wrong", "neither")}
    said = "counted" if "figures" in found else "counted_unlabelled"
    below = [w.say(said, flips=len(found["flips"]), items=found["items"], **counts)]
    return [*told, w.section("flips", columns, rows, (), below, before=names[0], after=names[1])]


def _turned(flip: Mapping[str, Any], n: int, w: Wording) -> str:
    return _answer(flip["answers"][n], flip["practices"][n], flip["answered_contributions"][n], w)


def _why(flip: Mapping[str, Any], w: Wording) -> str:
    words = [f"«{x['words']}» ({' → '.join(NOTHING if v is None else w.weight(v) for v in x['weights'])})" for x in flip["words"][:5]]
    checks = [
        f"{_test(c, w)}: {w.say(c['answers'][0])} → {w.say(c['answers'][1])}"
        + "".join(f" «{said}»" for said in c["words"] if said)
        for c in flip["checks"]
    ]
    return "\n".join(filter(None, ["; ".join(words), *checks])) or NOTHING


def agreed(found: Mapping[str, Any], w: Wording) -> list[Section]:
    """What `transforms.agreement` counted in the training texts, and how far labels given twice agree."""
    rows = [[w.name(label), *(str(counts[c]) for c in ("items", "contributions", "unsure"))] for label, counts in found["labels"].items()]
    kinds = ", ".join(f"{kind or NOTHING} {n}" for kind, n in {**found["languages"], **found["text_kinds"]}.items())
    told = [w.section("training", ("label", "items", "contributions", "unsure"), rows, (1, 2, 3), [kinds], items=found["items"])]
    again = found["self_agreement"]
    if again is None:
        return told
    rows = [
        [w.say(f"column.{of}"), f"{a['agree']}/{a['items']}", w.share(a["share"]), w.share(a["kappa"]), w.interval(a["kappa_interval"])]
        for of in ("label", "practice", "contribution") for a in [again[of]]
    ]  # fmt: skip
    told.append(w.section("agreement", ("of", "agree", "value", "kappa", "kappa_interval"), rows, (1, 2, 3, 4)))
    rows = [
        [f"{d['title']} ({d['id']})", *(_answer(x["label"], x["practice"], x["contribution"], w) for x in (d["first"], d["again"]))]
        for d in again["differing"]
    ]  # fmt: skip
    return [*told, w.section("differing", ("text", "first", "again"), rows)]


def page(
    told: Sequence[Section], w: Wording, *, lang: str, about: str, measured: Mapping[str, Any] | None = None
) -> str:  # fmt: skip
    """One HTML page that needs nothing beside it: the sections and, of what was `measured`, the reliability diagram and the confusion table
    as SVG. `about` says what was measured on.

    Every word of a text is escaped by the template; there is no script.
    """
    drawn = {"calibration": reliability(measured["calibration"]), "confusion": heat(measured["confusion"], w)} if measured else {}
    return environment().get_template("measurement.html").render(
        sections=told, drawn=drawn, say=w.say, lang=lang, about=about, side=SIDE, pad=PAD, point=w.point
    )  # fmt: skip


def reliability(calibration: Mapping[str, Any]) -> list[dict[str, float]]:
    """Where each bin stands in the diagram: `x`, `y`, the ends of its interval (`top`, `bottom`) and the radius, by its items."""
    most = max((b["items"] for b in calibration["bins"]), default=1)

    def up(share: float) -> float:
        return round(PAD / 2 + SIDE * (1 - share), 1)

    return [
        {"x": round(PAD + SIDE * b["stated"], 1), "y": up(b["true"]), "top": up(b["true_interval"][1]), "bottom": up(b["true_interval"][0]),
         "radius": round(3 + (LARGEST_DOT - 3) * sqrt(b["items"] / most), 1)}
        for b in calibration["bins"]
    ]  # fmt: skip


def heat(confusion: Mapping[str, Mapping[str, int]], w: Wording) -> list[dict[str, Any]]:
    """The rows of the confusion table: what is true, and per answer how many and which share of the row."""
    rows = []
    for truth, answers in confusion.items():
        total = sum(answers.values())
        cells = [{"n": n, "share": round(n / total, 3) if total else 0.0} for n in answers.values()]
        rows.append({"name": w.short(truth), "cells": cells})
    return rows
