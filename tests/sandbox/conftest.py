import pytest

from tests.sandbox.serving import serving


@pytest.fixture(scope="module")
def served():
    with serving(7) as found:
        yield found
