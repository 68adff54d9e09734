"""Click in the language spoken: the headings of help, and what it says of a wrong line. Click itself speaks English."""

from __future__ import annotations

from typing import Any

import click

from flows.texts import text


class _Day(click.DateTime):
    """A day; help shows how it is written."""

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        return text("dagslys.day")


DAY = _Day(["%Y-%m-%d"])


class _Spoken(click.Command):
    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        spoken = {"[OPTIONS]": text("dagslys.some_options"), "COMMAND [ARGS]...": text("dagslys.a_verb")}
        pieces = (spoken.get(piece, piece) for piece in self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, " ".join(pieces), prefix=f"{text('dagslys.usage')} ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [row for parameter in self.get_params(ctx) if (row := parameter.get_help_record(ctx))]
        with formatter.section(text("dagslys.options").rstrip(":")):
            formatter.write_dl(rows)
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = text("dagslys.help_option")
        return option


class Command(_Spoken):
    """A verb."""


class Group(_Spoken, click.Group):
    """A verb of verbs."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        members = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section(text("dagslys.commands").rstrip(":")):
            formatter.write_dl([(name, member.get_short_help_str(100)) for name, member in members if member is not None])


def words(error: click.UsageError) -> str:
    """What was wrong with the line, in the language spoken."""
    match error:
        case click.exceptions.NoSuchCommand():
            near = text("wrong.did_you_mean", near=", ".join(error.possibilities)) if error.possibilities else ""
            return text("usage.no_such_command", name=error.command_name) + near
        case click.NoSuchOption():
            near = text("wrong.did_you_mean", near=", ".join(error.possibilities)) if error.possibilities else ""
            return text("usage.no_such_option", name=error.option_name) + near
        case click.MissingParameter():
            return text("usage.missing", name=_name(error.param, error))
        case click.BadParameter():
            return _bad_value(error)
        case click.BadOptionUsage():
            return text("usage.needs_value", name=error.option_name)
    return text("usage.too_many", name=found) if (found := _in_brackets(error.message)) else error.message


def _bad_value(error: click.BadParameter) -> str:
    name, value = _name(error.param, error), error.message.split("'")[1] if "'" in error.message else ""
    match error.param.type if error.param else None:
        case click.DateTime():
            return text("usage.bad_day", name=name, value=value)
        case click.Choice() as kind:
            return text("usage.bad_choice", name=name, value=value, choices=", ".join(map(str, kind.choices)))
        case click.IntRange() as kind:
            limits = f" ({kind.min}–{kind.max})"
            return text("usage.bad_number", name=name, value=value or error.message.split(" ")[0], range=limits)
        case click.types.IntParamType():
            return text("usage.bad_number", name=name, value=value, range="")
        case click.Path():
            return text("usage.bad_path", name=name, value=value)
    return text("usage.bad_value", name=name, problem=error.message)


def _name(parameter: click.Parameter | None, error: Any) -> str:
    if isinstance(parameter, click.Option):
        return parameter.opts[0]
    return parameter.make_metavar(error.ctx) if parameter is not None else str(error.param_hint or "")


def _in_brackets(message: str) -> str:
    return message.partition("(")[2].rpartition(")")[0]
