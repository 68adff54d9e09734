PY := .venv/bin/python
.DEFAULT_GOAL := help

help:  ## What there is to type
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

.venv/ready: requirements-uv.txt requirements-dev.txt pyproject.toml
	@command -v python3 >/dev/null || { echo "Dagslys needs python3 (3.11 or newer) with the venv module"; exit 1; }
	test -x $(PY) || python3 -m venv .venv
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.txt
	UV_COMPILE_BYTECODE=1 .venv/bin/uv pip sync --quiet --python $(PY) --require-hashes requirements-dev.txt
	.venv/bin/uv pip install --quiet --python $(PY) --no-deps --no-build-isolation --editable .
	@touch $@

setup: .venv/ready  ## Make .venv with the pinned, hashed requirements

demo: .venv/ready  ## The whole way on invented municipalities: harvest, flag, shortlist, dossier
	.venv/bin/dagslys demo

test: lint  ## Lint, then the tests
	$(PY) -m pytest -n 3 --dist loadfile --no-loadscope-reorder

lint: .venv/ready  ## ruff, type checks, and the walls between the rooms
	.venv/bin/ruff check .
	.venv/bin/ty check --quiet
	.venv/bin/lint-imports --no-logo

bench: .venv/ready  ## Measurements, each as a ratio against a named baseline
	$(PY) -m bench

docs: .venv/ready  ## Make the documents that come from the database of a fresh demo again
	home=$$(mktemp -d) && DAGSLYS_HOME=$$home .venv/bin/dagslys demo --json >$$home/told.json \
		&& $(PY) docs/generate.py $$home/demo/published/dagslys.duckdb && rm -rf $$home

lock: .venv/ready  ## Pin again from requirements*.in
	.venv/bin/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-annotate --no-header requirements-dev.in -o requirements-dev.txt
	.venv/bin/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-annotate --no-header -c requirements-dev.txt requirements.in -o requirements.txt

.PHONY: help setup demo test lint bench docs lock
