# The one front door for developers. `make` alone lists what there is.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# Any Python from 3.11 on; others are tried if this one is too old.
PYTHON ?= python3
VENV := .venv
BENCH_VENV := .venv-bench
BIN := $(VENV)/bin
# The environment is installed again when its description changes, and only then.
HASH := $(shell sha256sum pyproject.toml | cut -c1-16)
PEERS_HASH := $(shell sha256sum benchmarks/peers/requirements.txt | cut -c1-16)
PIP_INSTALL := -m pip install -qq --disable-pip-version-check
PAGE := src/cosmodrome/web/page/index.html
MODERN := import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))

.PHONY: help demo picture screenshots web page-if-can test test-all bench lint format clean distclean

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(firstword $(MAKEFILE_LIST)) \
	  | sed -E 's/^([a-z-]+):.*## (.*)/make \1\t\2/' | expand -t 18

demo: $(VENV)/.ready-run-$(HASH) ## the main job on real data: Angara-1.2 from Vostochny
	$(BIN)/cosmodrome plan angara-1.2 --from vostochny --to "200 km 51.7 deg" --out demo/angara-1.2

picture: $(VENV)/.ready-run-$(HASH) ## the front page's table and picture, and the sample of the tests
	$(BIN)/python tests/doors/make_sample.py
	$(BIN)/python tools/make_picture.py demo/angara-1.2/report.html docs/angara.png

screenshots: $(VENV)/.ready-test-$(HASH) $(PAGE) ## the front page's picture of the page; needs Chromium and Node
	$(BIN)/python tools/make_screenshots.py docs

web: $(PAGE) ## the page of `cosmodrome serve`, built into the package; needs Node

# Built where Node is. Without it `serve` says so, and the tests of the page are
# skipped by name.
page-if-can:
	@if command -v npm >/dev/null; then \
	  $(MAKE) --no-print-directory web || echo "the page was not built; its tests are skipped" >&2; \
	else echo "no Node here: the page is not built, its tests are skipped" >&2; fi

test: $(VENV)/.ready-test-$(HASH) page-if-can ## the tests, import contracts and architecture checks included
	$(BIN)/python -m pytest -q -n 2 --dist loadfile -m "not slow"

test-all: $(VENV)/.ready-test-$(HASH) page-if-can ## the slow tests too, without the time limit
	$(BIN)/python -m pytest -q -n 2 --dist loadfile -o session_timeout=10800 -o timeout=1800

bench: $(VENV)/.ready-run-$(HASH) $(BENCH_VENV)/.ready-$(PEERS_HASH) ## ours and the peers, side by side
	$(BIN)/python benchmarks/run.py

lint: $(VENV)/.ready-dev-$(HASH) ## style, types and import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.ready-dev-$(HASH) ## rewrite the sources in the house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## remove what running leaves behind; environments stay
	rm -rf demo build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean ## remove the environments too
	rm -rf $(VENV) $(BENCH_VENV)

$(PAGE): web/package.json web/package-lock.json web/vite.config.ts web/index.html $(shell find web/src -type f)
	@echo "building the page" >&2
	@cd web && npm ci --silent && npm run --silent check && npm run --silent build
	@touch $@

# ---------------------------------------------------------------- environments

# A working $(1), made by the first Python of list $(2) that passes the test $(3).
define environment
	if ! $(1)/bin/python -c '$(3)' 2>/dev/null || ! $(1)/bin/python -m pip --version >/dev/null 2>&1; then \
	  for candidate in $(2); do \
	    if "$$candidate" -c '$(3)' >/dev/null 2>&1; then found="$$candidate"; break; fi; \
	  done; \
	  if [ -z "$${found:-}" ]; then echo "$(4)" >&2; exit 1; fi; \
	  echo "setting up $(1) with $$("$$found" --version)" >&2; \
	  "$$found" -m venv --clear $(1); \
	fi
endef

NEED := cosmodrome needs Python 3.11 or newer with its venv module (on Debian: apt install python3-venv). Name one with: make PYTHON=/path/to/python3

$(VENV)/.ready-%-$(HASH):
	@$(call environment,$(VENV),"$(PYTHON)" python3 python3.13 python3.12 python3.11,$(MODERN),$(NEED))
	@echo "installing cosmodrome ($*)" >&2
	@$(BIN)/python $(PIP_INSTALL) --editable ".$(if $(filter run,$*),,[$*])"
	@rm -f $(VENV)/.ready-$*-*
	@touch $@

PEERS := import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 13))
PEERS_NEED := the peers have wheels for Python 3.11 and 3.12 only. Name one with: make bench PYTHON=/path/to/python3.11

$(BENCH_VENV)/.ready-$(PEERS_HASH):
	@$(call environment,$(BENCH_VENV),"$(PYTHON)" python3.11 python3.12 python3,$(PEERS),$(PEERS_NEED))
	@echo "installing the peers" >&2
	@$(BENCH_VENV)/bin/python $(PIP_INSTALL) --requirement benchmarks/peers/requirements.txt
	@rm -f $(BENCH_VENV)/.ready-*
	@touch $@
