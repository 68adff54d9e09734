"""`dagslys explain [ID]`: rebuild a flag from the archive and say whether it comes out the same."""

from __future__ import annotations

import click

from flows.commands.verb import refuse_both, say_json, selectors, settings, verb
from flows.selection import Selection
from flows.texts import language, text


@verb("explain")
@click.argument("candidate", metavar="[ID]", required=False)
@selectors("own")
@click.option("--limit", type=click.IntRange(1, 1000), default=5, show_default=True, help=text("option.top"))
def command(candidate: str | None, selection: Selection, limit: int, as_json: bool) -> int:
    """Explain one candidate, or list those there are; exit code 1 when the archive no longer says the same."""
    refuse_both(candidate, selection)
    if candidate is None:
        from flows.commands.candidates import show_top, top_candidates

        found = top_candidates(settings(), limit, selection)
        say_json(found) if as_json else show_top(found)
        return 0
    from desk import explain
    from flows.selection import rubric_of

    home = settings().home
    explained = explain.explain(home, candidate, rubric=rubric_of(home))
    if as_json:
        say_json(explain.as_dict(explained))
    else:
        click.echo(explain.as_text(explained, lang=language()))
        click.echo(text(f"explain.{explained.answer}"))
    return 0 if explained.answer == "same" else 1
