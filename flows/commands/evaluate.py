"""`dagslys evaluate FILE.jsonl`: how good the shipped model is on labelled texts it never learnt from, and what a rubric would change."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flows.commands.verb import read_text, say_json, say_table, selectors, settings, verb
from flows.exceptions import WrongUse
from flows.selection import Selection
from flows.texts import language, text

if TYPE_CHECKING:
    from catalogue.rubric import Rubric
    from desk.measurement import Section, Wording

SECTIONS = ("labels", "figures", "languages", "top", "confusion", "calibration", "practices", "errors")
SHIPPED = "shipped"


@verb("evaluate")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@selectors("item")
@click.option("--only", type=click.Choice(SECTIONS), multiple=True, help=text("option.only"))
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help=text("option.report"))
@click.option("--compare", nargs=2, metavar="RUBRIC_A RUBRIC_B", help=text("option.compare"))
@click.option("--training", is_flag=True, help=text("option.training"))
@click.option("--verdicts", "with_verdicts", is_flag=True, help=text("option.verdicts"))
@click.option("--cross-validate", is_flag=True, help=text("option.cross_validate"))
def command(
    file: Path | None, selection: Selection, only: tuple[str, ...], report: Path | None, compare: tuple[str, str] | None, training: bool,
    with_verdicts: bool, cross_validate: bool, as_json: bool,
) -> int:  # fmt: skip
    """Score the shipped model on a file, compare two rubrics, or count the training texts."""
    from catalogue import rubric
    from catalogue import training as texts
    from desk import measurement
    from flows.selection import rubric_of
    from transforms import assessment, evaluation

    if only and (training or compare or cross_validate):
        raise WrongUse(text("wrong.only_measured"))
    w = _wording()
    if training:
        _refuse_file(file)
        found = _agreement(texts.FOLDER, selection)
        _tell(found, measurement.agreed(found, w), report, text("evaluate.section.training"), as_json=as_json)
        return 0
    if compare is not None:
        items = _labelled(file, selection) if file else _held(selection)
        found = assessment.compare(items, *(_rubric(name) for name in compare))
        about = text("evaluate.note.flips", before=compare[0], after=compare[1])
        _tell(found, measurement.compared(found, compare, w), report, about, as_json=as_json)
        return 0
    if file is None:
        raise WrongUse(text("wrong.no_file"))
    items = _labelled(file, selection)
    if cross_validate:
        _show_cross_validation(evaluation.cross_validate(items, rubric.load()), as_json=as_json)
        return 0
    measured = assessment.assess(items, rubric_of(settings().home))
    if not with_verdicts:
        measured = {k: v for k, v in measured.items() if k != "verdicts"}
    about = text("evaluate.versions", model=measured["model"], rubric=measured["rubric"], items=measured["items"])
    sections = [s for s in measurement.sections(measured, w) if not only or s.key in only]
    _tell(measured, sections, report, f"{file.name}: {about}", as_json=as_json, measured=measured)
    if not as_json:
        click.echo(about)
    return 0


def _wording() -> Wording:
    from desk.measurement import Wording

    def say(key: str, /, **values: object) -> str:
        return text(f"evaluate.{key}", **values)

    return Wording(say, lambda label: text(f"pillar.{label}"), "," if language() == "nb" else ".")


def _tell(
    found: Mapping[str, Any], sections: Sequence[Section], report: Path | None, about: str, *, as_json: bool,
    measured: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """As JSON, or as tables with a heading and a sentence on how to read each; and as a page when one is asked for."""
    from desk.measurement import page

    if report is not None:
        report.write_text(page(sections, _wording(), lang=language(), about=about, measured=measured), encoding="utf-8")
    if as_json:
        say_json(found)
        return
    for section in sections:
        click.echo(f"\n{section.title}{'' if section.title.endswith('?') else '.'} {section.note}")
        say_table(section.columns, section.rows, right=section.right)
        for line in section.below:
            click.echo(line)
    if report is not None:
        click.echo(text("evaluate.written", file=report))


def _labelled(file: Path, selection: Selection) -> list[dict[str, Any]]:
    from flows.selection import rows_of

    return [dict(item) for item in rows_of(file, read_items(file), settings().home, selection)]


def _held(selection: Selection) -> list[dict[str, Any]]:
    """The texts of the published copy that are selected, which nobody has labelled."""
    from flows.selection import scope
    from warehouse import narrowed, sampling

    home = settings().home
    with narrowed.connect(home, scope(home, selection)) as connection:
        return sampling.texts(connection)


def _rubric(name: str) -> Rubric:
    """The rubric of a folder, or the one shipped. Raises WrongUse for a folder that is none, CatalogueError for one with a fault."""
    from catalogue import rubric

    if name == SHIPPED:
        return rubric.load()
    files = [*(f"{key}.toml" for key in rubric.PILLAR_KEYS), rubric.TESTS_FILE, rubric.IDEAS_FILE, rubric.EXAMPLES_FILE]
    if missing := [file for file in files if not (Path(name) / file).is_file()]:
        raise WrongUse(text("wrong.no_rubric", folder=name, missing=", ".join(missing)))
    return rubric.load(Path(name))


def _refuse_file(file: Path | None) -> None:
    if file is not None:
        raise WrongUse(text("wrong.file_and_training", file=file))


def _agreement(folder: Path, selection: Selection) -> dict[str, Any]:
    """The counts of the training texts, and `self_agreement`: null while nobody has labelled any of them again."""
    from catalogue import training
    from transforms import agreement

    files = sorted(path for path in folder.glob("*.jsonl") if path.name != training.AGAIN)
    if not files:
        raise WrongUse(text("wrong.no_training", folder=folder))
    first = [item for path in files for item in _labelled(path, selection)]
    again = read_items(folder / training.AGAIN, needed=("id", "label")) if (folder / training.AGAIN).exists() else None
    return agreement.counts(first) | {"self_agreement": None if again is None else agreement.agreement(first, again)}


def read_items(file: Path, needed: tuple[str, ...] = ("text", "label")) -> list[dict[str, Any]]:
    """The labelled items of a JSON-lines file. Raises WrongUse naming line and field."""
    from transforms.evaluation import LABELS

    items = []
    for number, line in enumerate(read_text(file).splitlines(), start=1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
        except ValueError as error:
            raise WrongUse(text("wrong.not_json", file=file, line=number)) from error
        missing = [field for field in needed if not isinstance(item.get(field) if isinstance(item, dict) else None, str)]
        if missing:
            raise WrongUse(text("wrong.no_field", file=file, line=number, field=missing[0]))
        if item["label"] not in LABELS:
            raise WrongUse(text("wrong.bad_label", file=file, line=number, label=item["label"], labels=", ".join(LABELS)))
        items.append(item)
    if not items:
        raise WrongUse(text("wrong.no_item", file=file))
    return items


def _show_cross_validation(found: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        say_json(found)
        return
    w = _wording()
    learnt = ", ".join(str(t) for t in found["thresholds"])
    figures = {"macro_f1": w.share(found["macro_f1"]), "interval": w.interval(found["macro_f1_interval"]), "learnt": learnt}
    click.echo(text("evaluate.cross_validated", shipped=found["shipped"], **figures))
