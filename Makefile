# aimarket: `make run` shows the result, `make test` proves it. Needs only Python 3.11 or newer.
PYTHON ?= python3
BIN := .venv/bin
LOCK := constraints.txt
TYPING := build/typing/aimarket
WORLDS := 5000
CASES := 100000
MUTANTS := 120
KILLS := 200
MINUTES := 60
VISITORS := 24
# What an installation depends on. The stamps live inside .venv: they go when it goes.
INSTALLED := .venv/.installed
INSTALLED_ALL := .venv/.installed-all
INSTALLED_DEV := .venv/.installed-dev

.DEFAULT_GOAL := help
.PHONY: help setup run serve screenshots docs docs-serve tutorials gallery imports test acceptance laws borders soak kills mutants licences wheelhouse versions package lint lock
.PHONY: pytest upgrade bench studies screening claims defaults calibration chromium nginx

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(INSTALLED_DEV) $(TYPING) ## Build .venv with the project and its tools

run: $(INSTALLED) ## Compare the industry with and without the 35 bn deal
	@$(BIN)/aimarket compare deal_35bn

serve: $(INSTALLED_ALL) ## Show the market in the browser, at http://127.0.0.1:8765
	@$(BIN)/aimarket serve

screenshots: $(INSTALLED_DEV) chromium ## Take pictures of all pages into docs/images
	@$(BIN)/python tests/browser/screenshots.py docs/images

docs: $(INSTALLED_DEV) ## Build the manual into build/docs
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict && echo "The manual: build/docs/index.html"

docs-serve: $(INSTALLED_DEV) ## Show the manual while it is written, at http://127.0.0.1:8000
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs serve

tutorials: $(INSTALLED_DEV) ## Run the notebooks of the manual and store what they print
	$(BIN)/python docs/manual/notebooks.py docs/tutorials/*.ipynb

gallery: $(INSTALLED_DEV) ## Plot the figures of the manual's gallery
	$(BIN)/python docs/manual/gallery.py docs

imports: $(INSTALLED_DEV) ## Draw the picture of the imports between rooms
	$(BIN)/python docs/manual/import_picture.py docs/figures

test: $(INSTALLED_DEV) $(TYPING) chromium nginx ## Run every check beside every test
	@$(MAKE) --no-print-directory --jobs=2 lint pytest

pytest: $(INSTALLED_DEV) # every test; mypy takes one core and half a minute, so checks run beside them
	$(BIN)/pytest --numprocesses=auto --dist=loadfile --no-loadscope-reorder --durations=12

acceptance: $(INSTALLED_DEV) ## Kill sweeps twenty times over, and run other tests in their large size; some twelve minutes
	$(BIN)/pytest -m acceptance

laws: $(INSTALLED_DEV) ## Try laws of the whole model in 5,000 worlds each, or so many: make laws WORLDS=500; hours
	AIMARKET_WORLDS=$(WORLDS) $(BIN)/pytest -p no:cacheprovider --numprocesses=auto tests/laws tests/properties/test_batches.py

borders: $(INSTALLED_DEV) ## Bring 100,000 strange cases to each border, or so many: make borders CASES=2000; hours
	AIMARKET_CASES=$(CASES) $(BIN)/pytest -p no:cacheprovider --numprocesses=auto tests/borders

soak: $(INSTALLED_DEV) ## Let 24 visitors play, steer, leave and come back for an hour: make soak MINUTES=10 VISITORS=8
	$(BIN)/python tests/operation/soak.py --minutes $(MINUTES) --visitors $(VISITORS)

kills: $(INSTALLED_DEV) ## Kill sweeps and their workers 200 times each, or so often: make kills KILLS=40; half an hour
	AIMARKET_KILLS=$(KILLS) $(BIN)/pytest -p no:cacheprovider -m acceptance tests/acceptance

mutants: $(INSTALLED_DEV) ## Change one thing in the rules at a time and see whether tests notice: make mutants MUTANTS=400; an hour
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'cosmic-ray>=8.4' 'coverage>=7.6'
	$(BIN)/python tests/mutants.py --sample $(MUTANTS)

licences: $(INSTALLED_ALL) ## List the licences of all libraries that a run needs
	@$(BIN)/python docs/manual/licences.py

wheelhouse: $(INSTALLED) ## Fetch and build all wheels into build/wheelhouse, for machines without a network
	@$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --constraint $(LOCK) --wheel-dir build/wheelhouse '.[all]'
	@echo "Without a network: pip install --no-index --find-links build/wheelhouse 'aimarket[all]'"

studies: $(INSTALLED_ALL) ## Run our studies anew and write what they say into docs/studies
	$(BIN)/python -m aimarket.experiments.publishing.study_pages docs/studies

screening: $(INSTALLED_ALL) ## Search all parameters for what decides the claims and is uncertain; some five minutes on one core
	$(BIN)/python -m aimarket.experiments.publishing.deciding_parameters model/data/screening.csv
	$(BIN)/python -m aimarket.experiments.publishing.uncertain_parameters model/data/uncertain.csv

claims: $(INSTALLED_ALL) ## Judge the claims anew, map C1 over whose money it is, and write what came of it; some seven minutes
	$(BIN)/python -m aimarket.experiments.publishing.money_sources model/data/money_sources.csv docs/figures
	$(BIN)/python -m aimarket.experiments.publishing.claims_page docs/claims.md README.md

defaults: $(INSTALLED_ALL) ## Make the results of the defaults anew that pages show before anything runs; half a minute
	$(BIN)/python -m aimarket.experiments.publishing.default_results model/data/default_results.json
	$(BIN)/python -m aimarket.server.presenters.shipped_comparisons model/data/compared_results.json

calibration: $(INSTALLED_ALL) ## Estimate parameters and score forecasts anew; some ten minutes on two cores, and can be killed
	$(BIN)/python -m aimarket.experiments.calibration.observations model/data/observed.csv
	$(BIN)/python -m aimarket.experiments.calibration.openings model/data
	$(BIN)/python -m aimarket.experiments.calibration.estimate model/data/posterior
	$(BIN)/python -m aimarket.experiments.backtest.record model/data/backtest docs
	$(BIN)/python -m aimarket.experiments.publishing.backtest_page docs/backtest.md

versions: $(INSTALLED_DEV) ## Test on every Python, with the lowest and newest versions and Mesas between; hours
	rm -rf build/versions
	$(BIN)/nox --session lowest tests table

package: $(INSTALLED_DEV) ## Build the package, install it on every Python, and use it there; minutes
	$(BIN)/nox --session package

lint: $(INSTALLED_DEV) $(TYPING) ## Check style, types, layers and spelling
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/codespell

lock: $(BIN)/uv ## Lock what pyproject.toml asks for, and leave what is locked as it is
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --all-extras --no-emit-package aimarket \
	  --annotation-style line --custom-compile-command 'make lock' $(UPGRADE) --output-file $(LOCK) pyproject.toml

upgrade: ## Lock the newest version of every library; make test says whether they suit
	@$(MAKE) lock UPGRADE=--upgrade

bench: $(INSTALLED_ALL) ## Measure speed and memory
	$(BIN)/python benchmarks/speed.py
	$(BIN)/python benchmarks/engines.py
	$(BIN)/python benchmarks/peer_mesa.py

# Pages are tested in a real browser, and behind a real proxy. Where one is missing and we may, it is installed, without
# starting a service of it; elsewhere those tests are skipped.
chromium:
	@$(call package,chromium-headless-shell chromium,chromium-headless-shell chromium chromium-browser google-chrome,Chromium)

nginx:
	@$(call package,nginx,nginx /usr/sbin/nginx,nginx)

# Install the first of Debian's packages $(1) that there is, unless one of the commands $(2) is there; $(3) is its name.
POLICY := /usr/sbin/policy-rc.d
define package
for name in $(2); do ! command -v $$name >/dev/null || exit 0; done; \
if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
  echo "Installing $(3) for the tests of the pages."; \
  [ -e $(POLICY) ] || { printf '#!/bin/sh\nexit 101\n' >$(POLICY) && chmod +x $(POLICY) && trap 'rm -f $(POLICY)' EXIT; }; \
  apt-get update -qq; for wanted in $(1); do \
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $$wanted >/dev/null && exit 0; done; \
fi; \
echo "No $(3): some tests of the pages will be skipped. Install Debian's package $(lastword $(1))."
endef

# Install $(1) with the versions of the lock file, and tell every library as it is fetched; all that pip says stands in
# .venv/install.log.
define install
{ PYTHONUNBUFFERED=1 $(BIN)/python -m pip install --disable-pip-version-check --progress-bar off \
  --constraint $(LOCK) --editable '$(1)' 2>&1; \
  echo "pip left with $$?"; } | { count=0; : >.venv/install.log; while IFS= read -r line; do \
  echo "$$line" >>.venv/install.log; case "$$line" in \
    *.metadata*) ;; \
    *"Downloading "*" ("*) count=$$((count + 1)); echo "  $$count. $${line#*Downloading }";; \
    "Installing collected"*) echo "  All there; unpacking it.";; \
    "pip left with 0") exit 0;; \
    "pip left with "*) grep -i error .venv/install.log; echo "All that pip said: .venv/install.log"; exit 1;; \
  esac; done; } >&2
endef

$(INSTALLED): pyproject.toml $(LOCK)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo \
	  "aimarket needs Python 3.11 or newer, and '$(PYTHON)' is not. Name one: make PYTHON=python3.12 ..."; exit 1; } >&2
	@echo "Installing aimarket into .venv: some 120 MB, half a minute on a fast line and four on a slow one." >&2
	@$(PYTHON) -m venv .venv
	@$(call install,.)
	@touch $@

$(INSTALLED_ALL): pyproject.toml $(LOCK) $(INSTALLED)
	@echo "Installing the libraries for pages, analyses and figures: some 60 MB more." >&2
	@$(call install,.[all])
	@touch $@

$(INSTALLED_DEV): pyproject.toml $(LOCK) $(INSTALLED)
	@echo "Installing the tools for checks and tests: some 200 MB more." >&2
	@$(call install,.[dev])
	@touch $@

# The lock file is written before anything is installed by it.
$(BIN)/uv:
	@[ -e $(BIN)/python ] || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv

# A type checker sees the package here, whatever the clone's folder is called.
$(TYPING):
	@mkdir -p $(@D) && ln -sfn ../.. $@
