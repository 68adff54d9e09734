"""A built wheel finds its catalogue, its SQL, its words and its sandbox, far from the checkout."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOOK = """
import json, sys
sys.path.insert(0, sys.argv[1])
import catalogue, desk, extractors, flows, sandbox, transforms, warehouse
from catalogue import authorities, plans, rubric, sources
from extractors.innsyn import graphql
from flows import texts
from pathlib import Path
from sandbox import bank
from sandbox import graphql as served
from transforms import privacy
from warehouse import questions
from warehouse.store import Store
with Store(Path(sys.argv[2])) as store:
    tables = store.connection.execute("SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'core'").fetchone()[0]
print(json.dumps({
    "from": sorted({str(Path(m.__file__).parent.parent) for m in (catalogue, desk, extractors, flows, sandbox, transforms, warehouse)}),
    "bodies": len(authorities.load()), "sources": len(sources.load()), "practices": len(rubric.load().practices),
    "plans": len(list(plans.load())), "questions": len(questions.names()), "tables": tables, "help": texts.text("dagslys.error"),
    "query": graphql.query("ModalMeeting") == served.text_of("ModalMeeting"), "initiatives": len(bank.load().initiatives), "masked": privacy.mask("Søknad fra Kari Skogmarksli", privacy.Tier.TITLE).text,
}))
"""


def test_a_wheel_carries_all_it_needs(tmp_path):
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path / "dist"), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True, timeout=120)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(tmp_path / "site")
        assert not [n for n in packed.namelist() if n.startswith(("tests/", "docs/", "bench/"))]
    # -I: neither the folder one stands in nor PYTHONPATH; the editable install's own path comes after the wheel's.
    run = subprocess.run(
        [sys.executable, "-I", "-c", LOOK, str(tmp_path / "site"), str(tmp_path / "state")], cwd=tmp_path, capture_output=True, text=True, timeout=120
    )
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout)
    assert told["from"] == [str(tmp_path / "site")]
    assert (told["bodies"], told["practices"], told["plans"], told["help"]) == (497, 61, 2, "Feil")
    assert told["sources"] > 600 and told["questions"] >= 10 and told["tables"] >= 14 and told["initiatives"] > 100
    assert told["query"] and told["masked"] == "Søknad fra [person]"
