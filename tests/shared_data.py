"""Where the recorded material stands beside the project; tests that want it skip with a reason when it is not there."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


def shared(relative: str) -> Path:
    path = SHARED / relative
    if not path.exists():
        pytest.skip(f"recorded material not beside the project: {relative}")
    return path
