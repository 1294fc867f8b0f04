# `make demo` and `make test` each do all their own set-up, in .venv.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/pip --disable-pip-version-check
CONSTRAINTS := requirements/constraints.txt
# Tools with dependencies that would hold ours back live in a virtual environment of their own.
TOOLS  := $(VENV)/tools
export SAM_CLI_TELEMETRY := 0

.DEFAULT_GOAL := help
.PHONY: help demo up down test test-unit check format bench bench-doors bench-quality bench-nets calibrate models lock clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: $(VENV)/.local ## Repair four photographs on an embedded stack; see build/demo/report.html
	$(BIN)/cleanplate models pull --all
	$(BIN)/python -m infra.demo

up: $(VENV)/.local ## Start the embedded stack and keep it running
	$(BIN)/cleanplate models pull --all
	$(BIN)/cleanplate up

down: ## Stop the embedded stack
	$(BIN)/cleanplate down

test: $(VENV)/.dev $(VENV)/.browser $(TOOLS)/.done $(VENV)/aws/.done ## Run every test, the end-to-end ones too
	$(BIN)/cleanplate models pull --all
	$(BIN)/coverage erase
	$(BIN)/python -m pytest tests/unit tests/infrastructure -n 2 --dist loadgroup --cov --cov-report=
	$(BIN)/python -m pytest tests/e2e --cov --cov-append --cov-report=term

test-unit: $(VENV)/.dev ## Run the quick tests only
	$(BIN)/python -m pytest tests/unit -n 2

check: $(VENV)/.dev $(TOOLS)/.done ## Format, lint, types, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(MAKE) test

format: $(VENV)/.dev ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.local ## Print the figures of docs/benchmarks.md, measured here and now
	$(BIN)/cleanplate models pull --all
	$(BIN)/python -m infra.bench

bench-doors: $(VENV)/.local ## Put a thousand pictures in at once and time the API meanwhile; takes minutes
	$(BIN)/python -m infra.bench doors

# The kit of photographs with known truth is not part of the project: KIT names its folder.
bench-quality: $(VENV)/.dev ## Measure the pictures: make bench-quality KIT=/path/to/kit; see docs/quality.md
	@test -n "$(KIT)" || { echo "name the kit of photographs: make bench-quality KIT=/path/to/kit"; exit 1; }
	$(BIN)/cleanplate models pull --all
	$(BIN)/python -m infra.bench.quality --kit "$(KIT)" $(ARGS)

calibrate: $(VENV)/.dev ## Fit the confidence anew: make calibrate PHOTOS=/path/to/photographs [KIT=/path/to/kit]
	@test -n "$(PHOTOS)" || { echo "name a folder of photographs: make calibrate PHOTOS=/path/to/photographs"; exit 1; }
	$(BIN)/cleanplate models pull --all
	$(BIN)/python -m infra.calibration fit --photographs "$(PHOTOS)" $(if $(KIT),--kit "$(KIT)")
	$(BIN)/python -m infra.calibration report --photographs "$(PHOTOS)" $(if $(KIT),--kit "$(KIT)")

bench-nets: $(VENV)/.dev ## Time nets at their real size with random weights on this machine
	$(BIN)/python -m infra.bench.nets

models: $(VENV)/.local ## Fetch the weights of the embedded models
	$(BIN)/cleanplate models pull --all

lock: ## Write requirements/*.txt anew from pyproject.toml
	sh requirements/lock.sh $(PYTHON)

clean: ## Remove what was built, but not .venv
	rm -rf build .aws-sam .coverage* .pytest_cache .mypy_cache .ruff_cache .hypothesis

# ---------------------------------------------------------------- set-up
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Cleanplate needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.local: $(BIN)/python pyproject.toml $(CONSTRAINTS)
	$(PIP) install --quiet --constraint $(CONSTRAINTS) --editable '.[local]'
	@touch $@

$(VENV)/.dev: $(VENV)/.local
	$(PIP) install --quiet --constraint $(CONSTRAINTS) --editable '.[local,gpu,dev]'
	@touch $@

$(VENV)/.browser: $(VENV)/.dev requirements/system.sh tests/e2e/axe.py
	sh requirements/system.sh
	$(BIN)/python -m tests.e2e.axe
	@touch $@

$(TOOLS)/.done: requirements/tools.txt $(BIN)/python
	$(BIN)/python -m venv $(TOOLS)
	$(TOOLS)/bin/pip --disable-pip-version-check install --quiet --requirement requirements/tools.txt
	@touch $@

$(VENV)/aws/.done: requirements/aws.txt $(BIN)/python
	$(BIN)/python -m venv $(VENV)/aws
	$(VENV)/aws/bin/pip --disable-pip-version-check install --quiet --requirement requirements/aws.txt
	@touch $@

# ---------------------------------------------------------------- `sam build` calls these
build-%Function:
	mkdir -p "$(ARTIFACTS_DIR)/recipes"
	cp -R handlers schemas "$(ARTIFACTS_DIR)/"
	cp infra/recipes/*.yaml "$(ARTIFACTS_DIR)/recipes/"
	cp infra/prices.yaml "$(ARTIFACTS_DIR)/"
	cp -R infra/review "$(ARTIFACTS_DIR)/review"
	find "$(ARTIFACTS_DIR)" -name __pycache__ -type d -prune -exec rm -r {} +

LAYER_OF := --python-version 3.13 --platform manylinux_2_28_x86_64 --platform manylinux2014_x86_64

build-DependenciesLayer:
	$(PYTHON) -m pip install --quiet --target "$(ARTIFACTS_DIR)/python" --requirement requirements/lambda.txt $(LAYER_OF) --only-binary=:all:

# Without --only-binary: pyvips is published as source alone, and is pure Python over pyvips-binary.
build-DeliveryLayer:
	$(PYTHON) -m pip install --quiet --no-deps --target "$(ARTIFACTS_DIR)/python" --requirement requirements/delivery.txt $(LAYER_OF)
	rm -f "$(ARTIFACTS_DIR)"/python/c2pa/libs/*.rlib  # 31 MB for compilers
