"""The flow `shortlist`: freeze the accepted or the top candidates and write the dossier."""

from __future__ import annotations

from pathlib import Path

from prefect import flow
from prefect.artifacts import create_table_artifact

from flows import jobs, pipeline
from flows.selection import Selection
from flows.settings import from_environment


@flow(name="shortlist")
def shortlist(
    source: str = "top", pillar: str | None = None, limit: int = 10, name: str = "", lang: str = "nb", folder: Path | None = None,
    selection: Selection = pipeline.ALL,
) -> dict:  # fmt: skip
    """Freeze a shortlist and export it. Returns `id`, `items`, `by_pillar` and the `files` written."""
    settings = from_environment()
    with jobs.job(settings.home, "shortlist", {"from": source, "pillar": pillar}) as record:
        frozen = pipeline.create_shortlist(settings, source=source, pillar=pillar, limit=limit, name=name, lang=lang, selection=selection)
        files = pipeline.export_shortlist(settings, frozen["id"], folder=folder, lang=lang)
        record["result"] = told = pipeline.told_of_list(frozen)
    rows = [{"pillar": pillar, "items": count} for pillar, count in told["by_pillar"].items()]
    create_table_artifact(key="shortlist", table=rows, description="\n".join([f"# {frozen['id']}", "", *(f"- {path}" for path in files)]))
    return told | {"files": files}
