"""State folders that many tests begin with, made once and copied."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.warehouse.staged import fill, stage_everything
from warehouse.publish import publish
from warehouse.store import Store

PUBLISHED_AT = datetime(2026, 3, 1, 6, tzinfo=UTC)


@pytest.fixture(scope="session")
def once_made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse without a row. Not to be written to: see `made`."""
    home = tmp_path_factory.mktemp("made")
    Store(home).close()
    return home


@pytest.fixture(scope="session")
def once_filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything staged, loaded and flagged. Not to be written to: see `filled`."""
    home = tmp_path_factory.mktemp("filled")
    stage_everything(home)
    with Store(home) as store:
        fill(store)
    return home


@pytest.fixture(scope="session")
def once_published(once_filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, published. Not to be written to: see `published`."""
    home = Path(shutil.copytree(once_filled, tmp_path_factory.mktemp("published") / "home"))
    with Store(home) as store:
        publish(store, now=PUBLISHED_AT)
    return home


@pytest.fixture
def made(once_made: Path, tmp_path: Path) -> Path:
    """A state folder of one's own with a warehouse without a row."""
    return Path(shutil.copytree(once_made, tmp_path, dirs_exist_ok=True))


@pytest.fixture
def filled(once_filled: Path, tmp_path: Path) -> Path:
    """A state folder of one's own, filled."""
    return Path(shutil.copytree(once_filled, tmp_path, dirs_exist_ok=True))


@pytest.fixture
def published(once_published: Path, tmp_path: Path) -> Path:
    """A state folder of one's own, filled and published."""
    return Path(shutil.copytree(once_published, tmp_path, dirs_exist_ok=True))
