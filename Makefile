# The two commands: `make run` and `make test`. `make help` lists the rest.
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
PORT ?= 8000
export PORT
# The first Python of 3.11 or newer that is found; PYTHON=... overrides.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.14 python; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
UV_VERSION := 0.13.9
SETTINGS := DJANGO_SETTINGS_MODULE=project.settings.base

.PHONY: help run demo test bench calibrate setup check lint types contracts templates migrations deploy-check format browser lock clean
.DEFAULT_GOAL := help

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "%-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: setup ## Set everything up and start web server, worker and beat (PORT=8000)
	@$(PY) -m project.run

demo: $(VENV)/.runtime ## As run, on simulated offers and with data of its own (PORT=8000)
	@VOLTAIC_DATA_DIR=$(CURDIR)/var/demo $(PY) -m project.init_data
	@VOLTAIC_DATA_DIR=$(CURDIR)/var/demo $(PY) -m project.run --demo

# mypy takes half a minute of one processor; everything else that comes before the tests fits beside it.
test: $(VENV)/.dev ## Set everything up and run all checks and tests
	@$(MAKE) --no-print-directory --jobs 2 types browser check
	@$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder -q
	@$(PY) -m tests.services

setup: $(VENV)/.runtime ## Make the environment, migrate, load the catalog; start nothing
	@$(PY) -m project.init_data

$(PY):
	@test -n "$(PYTHON)" || { echo "Voltaic needs Python 3.11 or newer, and none was found. Install one, or say where it is: make $(MAKECMDGOALS) PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python could not make a virtual environment. On Debian and Ubuntu: apt install python3-venv"; exit 1; }

$(BIN)/uv: | $(PY)
	@$(PY) -m pip install --quiet --disable-pip-version-check "uv==$(UV_VERSION)"

# The lock file names no registry, so it is turned into hashed requirements and installed from the one uv is set to use.
$(VENV)/.runtime: pyproject.toml uv.lock | $(BIN)/uv
	@$(BIN)/uv export --quiet --frozen --no-emit-project --no-dev --format requirements-txt --output-file $(VENV)/requirements.txt
	@$(BIN)/uv pip install --quiet --require-hashes --python $(PY) --requirement $(VENV)/requirements.txt
	@touch $@

$(VENV)/.dev: pyproject.toml uv.lock | $(BIN)/uv
	@$(BIN)/uv export --quiet --frozen --no-emit-project --format requirements-txt --output-file $(VENV)/requirements-dev.txt
	@$(BIN)/uv pip install --quiet --require-hashes --python $(PY) --requirement $(VENV)/requirements-dev.txt
	@touch $@ $(VENV)/.runtime

browser: $(VENV)/.dev ## Find a Chromium for the browser tests, or install one
	@$(PY) -m tests.e2e.browser

check: lint types contracts templates migrations deploy-check ## All checks that are not tests

lint: $(VENV)/.dev
	@$(BIN)/ruff check --quiet . && $(BIN)/ruff format --check --quiet .

types: $(VENV)/.dev
	@$(BIN)/mypy --no-error-summary .

contracts: $(VENV)/.dev
	@$(BIN)/lint-imports > $(VENV)/contracts.log 2>&1 || { cat $(VENV)/contracts.log; exit 1; }

templates: $(VENV)/.dev
	@$(BIN)/djlint templates --lint --quiet

migrations: setup
	@$(SETTINGS) $(PY) manage.py makemigrations --check --dry-run

deploy-check: setup
	@$(SETTINGS) VOLTAIC_HTTPS_ONLY=true $(PY) manage.py check --deploy --fail-level WARNING

format: $(VENV)/.dev ## Format the code
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .

bench: $(VENV)/.dev setup ## Time estimates, matching, fragments; on PostgreSQL ten million prices, 100,000 watches, 1,000 mails (some minutes)
	@$(PY) -m bench
	@$(PY) -m bench.search
	@$(PY) -m bench.market
	@$(PY) -m bench.alerts

calibrate: $(VENV)/.dev setup ## Print the errors of the estimates, sources left out, and what a refit would change
	@$(PY) manage.py calibrate

lock: $(BIN)/uv ## Resolve the dependencies anew into uv.lock, naming no registry
	@$(BIN)/uv lock
	@sed -i.bak -E 's#https://[^/"]+/(simple|packages/[0-9a-f]+/[0-9a-f]+/[0-9a-f]+/)#https://registry.invalid/\1#' uv.lock && rm uv.lock.bak

clean: ## Remove the environment and all local data
	@rm -rf $(VENV) var .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
