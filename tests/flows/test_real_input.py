"""The same main job over recorded real payloads, through the gateway, by the command line."""

import json
import subprocess
import sys

import duckdb
import pytest

from tests import real_input
from tests.conftest import dagslys

pytestmark = pytest.mark.skipif(not real_input.SHARED.is_dir(), reason="the recorded real payloads do not lie beside this checkout")

MUNICIPAL = """SELECT count(*), count(DISTINCT publisher) FROM core.datasets d JOIN core.authorities a ON a.orgnr = d.publisher
WHERE d.source = 'dcat/datanorge-2019' AND list_contains(string_split(a.roles, '; '), 'kommune') AND {}"""


def test_the_catalogues_of_two_real_portals_reach_the_published_database(api, tmp_path):
    manifest, sources = real_input.write(tmp_path / "recordings")
    command = [sys.executable, "-m", "sandbox", "replay", str(manifest), "--json", "--until-stdin-closes"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as replay:
        gateway = json.loads(replay.stdout.readline())["gateway"]
        reach = {"DAGSLYS_GATEWAY": gateway, "DAGSLYS_FLOOR_S": "0", **api}
        run = dagslys("harvest", "--source-file", str(sources), "--json", home=tmp_path, **reach)
        replay.terminate()
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout)
    assert {s["source"]: (s["outcome"], s["records"]["dataset"]) for s in told["sources"]} == {
        "ckan/smartby-opptak": ("fresh", 68),
        "dcat/datanorge-2019": ("fresh", 641),
    }
    loaded = json.loads(dagslys("normalise", "--json", home=tmp_path, **api).stdout)
    assert (loaded["rows_in"], loaded["rows_out"], loaded["quarantined"], loaded["duplicates"]) == (709, 709, 0, 0)
    flagged = json.loads(dagslys("flag", "--json", home=tmp_path, **api).stdout)
    assert flagged["candidates"] > 10
    with duckdb.connect(str(tmp_path / "published" / "dagslys.duckdb"), read_only=True) as connection:
        ask = connection.execute
        assert ask(MUNICIPAL.format("true")).fetchone() == (263, 23)
        assert ask(MUNICIPAL.format("a.valid_to IS NULL")).fetchone() == (251, 16)
        assert ask(MUNICIPAL.format("a.valid_to IS NOT NULL AND a.successors <> ''")).fetchone() == (12, 7)
        # Every dataset has points in both tables and a licence of the closed list; nothing real was put together that is not the same.
        licences = dict(ask("SELECT licence_id, count(*) FROM core.dataset_measures GROUP BY ALL").fetchall())
        assert licences == {
            "NLOD-2.0": 566, "CC-BY-4.0": 44, "CC-BY-3.0": 9, "CC0-1.0": 4, "other-open": 73, "closed": 4, "unknown": 9,
        }  # fmt: skip
        scored = "SELECT count(*), min(points_no), min(points_eu), max(observed_no), count(DISTINCT dataset_group) FROM core.dataset_measures"
        assert ask(scored).fetchone() == (709, 75, 75, 295, 709)
        assert ask("SELECT count(*) FROM datasett WHERE apen_nasjonalt").fetchone() == (619,)
        stars = dict(ask("SELECT stjerner, count(*) FROM datasett GROUP BY ALL").fetchall())
        assert stars == {0: 4, 1: 18, 2: 85, 3: 415, 4: 7, None: 180}
        assert ask("SELECT ferskhet, count(*) FROM datasett GROUP BY ALL").fetchall() == [("ukjent", 709)]
        # What a national body publishes in a national catalogue is no deed of the body the catalogue stands under.
        strangers = "SELECT count(*) FROM ogp.candidates WHERE authority NOT IN (SELECT orgnr FROM core.authorities)"
        assert ask(strangers).fetchone() == (0,)
        borrowed = """SELECT count(*) FROM ogp.candidate_documents JOIN core.datasets d ON d.id = document_id JOIN ogp.candidates c ON c.id = candidate
                      WHERE d.publisher IS NOT NULL AND d.publisher <> c.authority"""
        assert ask(borrowed).fetchone() == (0,)
