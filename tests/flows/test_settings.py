"""What a run needs to know comes from the environment, and every default is safe."""

import pytest

from flows.exceptions import SettingsError
from flows.settings import from_environment


def test_defaults_keep_state_in_the_folder_one_stands_in(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings = from_environment({})
    assert settings.home == tmp_path / "state"
    assert (settings.contact, settings.gateway, settings.floor_s, settings.lang) == (None, None, 2.0, "nb")


def test_the_web_is_never_asked_faster_than_the_floor():
    with pytest.raises(SettingsError, match="DAGSLYS_GATEWAY"):
        from_environment({"DAGSLYS_FLOOR_S": "0.1"})
    assert from_environment({"DAGSLYS_FLOOR_S": "0", "DAGSLYS_GATEWAY": "http://127.0.0.1:9"}).floor_s == 0


@pytest.mark.parametrize(("name", "value"), [("DAGSLYS_FLOOR_S", "fast"), ("DAGSLYS_WORKERS", "many"), ("DAGSLYS_LANG", "sv")])
def test_what_cannot_be_used_is_named(name, value):
    with pytest.raises(SettingsError, match=name):
        from_environment({name: value})
