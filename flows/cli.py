"""The command line `dagslys`: one verb a module, loaded only when it is typed, so that help costs nothing."""

from __future__ import annotations

import importlib
import json
import os
import sys

import click

from flows import exceptions, texts, usage
from flows.settings import LANGUAGES

VERBS = (
    "demo", "harvest", "normalise", "flag", "explain", "evaluate", "learn", "review", "sample", "candidate", "new", "shortlist", "query",
    "search", "status", "discover", "source", "platform", "platforms", "privacy", "takedown", "housekeeping", "rebuild", "serve",
)  # fmt: skip
DONE, FAILED, WRONG_USE, NOT_FRESH = 0, 1, 2, 3


class _Verbs(usage.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        return importlib.import_module(f"flows.commands.{cmd_name}").command


def _spoken(arguments: list[str]) -> str:
    """The language asked for, before anything is parsed: help speaks it too."""
    for position, argument in enumerate(arguments):
        if argument.startswith("--lang="):
            return argument.removeprefix("--lang=")
        if argument == "--lang" and position + 1 < len(arguments):
            return arguments[position + 1]
    return os.environ.get("DAGSLYS_LANG", "nb")


def main(arguments: list[str] | None = None) -> None:
    """Entry point of the console script. Exit codes: 0 done, 1 failed, 2 wrong use, 3 done with sources not fresh."""
    arguments = sys.argv[1:] if arguments is None else arguments
    spoken = _spoken(arguments)
    if spoken in LANGUAGES:
        texts.use(spoken)
    group = _Verbs("dagslys", help=texts.text("dagslys.help"), epilog=texts.text("dagslys.epilog"), no_args_is_help=True)
    group = click.version_option(package_name="dagslys", help=texts.text("dagslys.version"))(group)
    group = click.option("--lang", type=click.Choice(LANGUAGES), expose_value=False, help=texts.text("option.lang"))(group)
    try:
        sys.exit(group(args=arguments, prog_name="dagslys", standalone_mode=False) or DONE)
    except click.exceptions.Exit as leave:
        sys.exit(leave.exit_code)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else "")
        sys.exit(WRONG_USE)
    except click.UsageError as error:
        _fail(usage.words(error), WRONG_USE, as_json="--json" in arguments, path=error.ctx.command_path if error.ctx else "dagslys")
    except (KeyboardInterrupt, click.Abort):
        click.echo(texts.text("dagslys.interrupted"), err=True)
        sys.exit(FAILED)
    except exceptions.faults() as error:
        code = WRONG_USE if isinstance(error, exceptions.wrong_uses()) else FAILED
        _fail(exceptions.words(error), code, as_json="--json" in arguments)


def _fail(sentence: str, code: int, *, as_json: bool, path: str = "") -> None:
    """A fault we know is one clear sentence, with the way to the help when it was wrong use; any other is ours and keeps its traceback."""
    if as_json:
        click.echo(json.dumps({"error": sentence, "exit": code}, ensure_ascii=False))
    else:
        click.echo(f"{texts.text('dagslys.error')}: {sentence}", err=True)
        if path:
            click.echo(texts.text("dagslys.try", path=path), err=True)
    sys.exit(code)
