# Every task of the project: `make demo` shows it, `make test` proves it.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
unexport PYTHONDONTWRITEBYTECODE      # without compiled files each start of a command takes 3 s instead of 1
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
UV_VERSION := 0.13.9
STAMP := $(VENV)/.ready
DEV_STAMP := $(VENV)/.ready-dev
SERVE ?= 1
OUT := out
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links

.PHONY: setup setup-dev setup-system demo demo-build test check bench soak lock vendor docs screenshots wheel format clean

setup: $(STAMP)                       ## the environment alone

$(UV):
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check "uv==$(UV_VERSION)"

$(STAMP): $(UV) requirements/run.txt requirements/build.txt pyproject.toml
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/run.txt -r requirements/build.txt
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	touch $@

$(DEV_STAMP): $(STAMP) requirements/dev.txt
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	touch $@

setup-dev: $(DEV_STAMP)

setup-system:                         ## Chromium, strace, TypeScript, GDAL and PostGIS on Debian as root; says what is missing elsewhere
	tools/system_packages.sh

demo: demo-build                      ## the real job on real data, then pages on http://127.0.0.1:8000
	@if [ "$(SERVE)" != "0" ]; then exec $(BIN)/python tools/demo_serve.py $(OUT); fi

demo-build: $(STAMP)
	$(BIN)/python tools/demo.py $(OUT)

test: $(DEV_STAMP) setup-system       ## everything that proves it, under 15 minutes
	$(BIN)/python -m pytest -q -n auto --dist loadscope --no-loadscope-reorder --durations=10 -rs
	$(BIN)/python tools/wheel_smoke.py

check: $(DEV_STAMP)                   ## formatter, linter, types, import direction, sizes, tables
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python tools/check_sizes.py
	$(BIN)/gcvag tables --check

bench: $(DEV_STAMP)                   ## one JSON object a line, each beside a peer of the same run
	$(BIN)/python tools/bench.py
	$(BIN)/python -m tools.bench_browser
	$(BIN)/python tools/bench_sites.py
	$(BIN)/python tools/bench_record.py

soak: $(DEV_STAMP)                    ## the long forms of the experiments; QGIS is installed for them
	tools/system_packages.sh qgis
	GCVAG_SOAK=1 $(BIN)/python -m pytest -q --durations=10 tests/acceptance \
		tests/api/test_worlds_served.py tests/api/test_secrecy.py tests/gis/inventory/test_partly.py \
		tests/gis/store/test_migrating.py tests/gis/store/test_past.py

lock: $(UV)                           ## compile requirements/*.txt anew
	$(COMPILE) pyproject.toml -o requirements/run.txt
	$(COMPILE) --group build -o requirements/build.txt
	$(COMPILE) pyproject.toml --group dev -o requirements/dev.txt

vendor: $(STAMP)                      ## browser libraries from the npm registry into maps/vendor
	$(BIN)/python tools/vendor.py

docs: $(DEV_STAMP)                    ## the documentation site into site/
	$(BIN)/python tools/docs.py
	$(BIN)/mkdocs build --strict --quiet

screenshots: $(DEV_STAMP) setup-system ## the pictures of README and docs
	$(BIN)/python -m tools.screenshots

wheel: $(DEV_STAMP)
	$(BIN)/python -m build --wheel --no-isolation --outdir dist .

format: $(DEV_STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf $(OUT) dist site
