# One door to everything; `make` alone prints the help.
# Steps that install leave a stamp named after the content they were made from, so they run again only when it changes.

SHELL := /bin/sh
.SHELLFLAGS := -eu -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules
.SUFFIXES:
.NOTPARALLEL:

ARGS ?=
PYTEST_ARGS ?= -n auto --dist loadfile --no-loadscope-reorder
PYTHON ?= $(shell tools/find-python.sh)
PYTHON := $(PYTHON)

VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/stamps
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input install
LOCKED := $(PIP) --require-hashes --only-binary :all: --no-compile
# What was installed, by all processors: pip compiles with one. What is not for this Python stays as it is.
COMPILE := $(BIN)/python -m compileall -qq -j 0 $(VENV)/lib || :
# Node.js from PyPI, linked here where the machine has none.
export PATH := $(CURDIR)/$(VENV)/node:$(PATH)

# key(files): one number for the content of the files.
key = $(shell cat $(1) 2>/dev/null | cksum | tr -d ' ')

FRONT_FILES := $(sort $(shell find static -path static/dist -prune -o -type f -print 2>/dev/null))
# A venv serves one Python and one place on the disk.
VENV_STAMP := $(STAMPS)/venv-$(shell { $(PYTHON) -c 'import sys; print(sys.version_info[:2], sys.base_prefix)'; echo "$(CURDIR)"; } 2>&1 | cksum | tr -d ' ')
RUN_STAMP := $(STAMPS)/run-$(call key,requirements.txt)
DEV_STAMP := $(STAMPS)/dev-$(call key,requirements.txt requirements-dev.txt)
BENCH_STAMP := $(STAMPS)/bench-$(call key,requirements-dev.txt requirements-bench.txt)
SELF_STAMP := $(STAMPS)/self-$(call key,requirements.txt pyproject.toml)
SYSTEM_NODE := $(shell tools/find-node.sh)
NODE_STAMP := $(STAMPS)/node-$(shell { cat requirements-node.txt; echo "$(SYSTEM_NODE)"; } | cksum | tr -d ' ')
NPM_KEY := $(call key,package.json package-lock.json .npmrc)
NPM_STAMP := node_modules/.stamp-build-$(NPM_KEY)
NPM_DEV_STAMP := node_modules/.stamp-test-$(NPM_KEY)
# As pip compiles what it installs: an environment may forbid Python to do it (PYTHONDONTWRITEBYTECODE, a read-only folder),
# and each build would compile the whole program anew, a third of a second.
COMPILED_STAMP := $(STAMPS)/compiled-$(shell { cat builder/*.py builder/*/*.py; } 2>/dev/null | cksum | tr -d ' ')
BUNDLE_STAMP := $(STAMPS)/bundle-$(shell { ls $(FRONT_FILES); cat $(FRONT_FILES) tools/bundle.mjs package-lock.json; } 2>/dev/null | cksum | tr -d ' ')

.PHONY: help build serve check test lint types unit fix golden schema bench bench-search fuzz pages lighthouse lock bundle clean install install-test machine FORCE

help: ## Print this help
	@echo 'figpages: make TARGET [ARGS="options of the command"]'
	@sed -n 's/^\([a-z][a-z-]*\):.*## \(.*\)/  \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-10s %s\n", $$1, $$2 }'

build: install ## Install what is needed, then build site_src/ into _site/
	$(BIN)/figpages build $(ARGS)

serve: install ## Build, serve on port 8000, rebuild and reload on every change
	$(BIN)/figpages serve $(ARGS)

check: install ## Print the problems of the records (ARGS=--fix mends some)
	$(BIN)/figpages check $(ARGS)

# Types are checked by one processor: in CI, where nobody waits for what they say, tests begin meanwhile.
test: install-test machine ## Install what tests need, then lint, types and all tests
	@$(MAKE) --no-print-directory $(if $(CI),-j2) lint unit

unit: install-test ## Run the tests alone (ARGS="tests/unit -k name" for some)
	$(BIN)/python -m pytest $(PYTEST_ARGS) $(ARGS)

lint: install-test types ## Check style, sizes, docstrings and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/interrogate tests
	$(BIN)/python tools/sizes.py

types: install-test ## Check the types of the Python and the JavaScript
	$(BIN)/mypy
	node_modules/.bin/tsc --project tsconfig.json

fix: install-test ## Mend what the linter can mend, and format
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

golden: install-test ## Renew the stored site that tests compare with (review the diff)
	$(BIN)/python -m tests.golden.renew $(ARGS)

schema: install-test ## Write the JSON Schema of a record (docs/record.schema.json) anew
	$(BIN)/python tools/record_schema.py

bench: install-test $(BENCH_STAMP) ## Measure builds (benchmarks/; ARGS as `python -m benchmarks --help` says)
	$(BIN)/python -m benchmarks $(ARGS)

bench-search: install-test ## Time searches of a built site in Chromium, behind nginx and a slow line (ARGS=SITE)
	$(BIN)/python -m benchmarks.search $(ARGS)

pages: install-test ## Check 60 pages of each kind by axe and the Nu checker (ARGS=SITE for a built one)
	$(BIN)/python -m benchmarks.pages $(ARGS)

lighthouse: install-test ## Score home, gene, figure and gene index by Lighthouse (ARGS=SITE for a built one)
	$(BIN)/python -m benchmarks.lighthouse $(ARGS)

fuzz: install-test ## Read a million hostile records (ARGS=number for fewer); what fails is kept in tests/hostile/corpus/
	$(BIN)/python -m tests.hostile.fuzz $(or $(ARGS),1000000)

bundle: $(BUNDLE_STAMP) ## Bundle static/ and the npm packages into static/dist/

lock: install-test ## Renew the lock files (ARGS=--upgrade for the newest versions)
	tools/lock.sh $(ARGS)
	npm install --package-lock-only

clean: ## Remove all that was built or installed
	rm -rf _site .cache $(VENV) node_modules static/dist dist .mypy_cache .pytest_cache .ruff_cache .hypothesis

install: $(SELF_STAMP) $(COMPILED_STAMP) $(BUNDLE_STAMP)

# The npm packages of tests first: they include those of the build.
install-test: $(NPM_DEV_STAMP) install $(DEV_STAMP)

machine: install-test
	@tools/machine.sh

$(VENV_STAMP):
	@test -n "$(PYTHON)" || { echo 'figpages needs Python 3.11 or newer: install it, or name it: make PYTHON=path' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo '$(PYTHON) cannot make virtual environments: install its venv module (Debian, Ubuntu: apt install python3-venv)' >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	@mkdir -p $(STAMPS) && touch $@

$(RUN_STAMP): $(VENV_STAMP)
	$(LOCKED) -r requirements.txt
	@$(COMPILE)
	@rm -f $(STAMPS)/run-* && touch $@

$(SELF_STAMP): $(RUN_STAMP)
	$(PIP) --no-index --no-deps --no-build-isolation --editable .
	@rm -f $(STAMPS)/self-* && touch $@

# By their bytes, not their times: those of a fresh clone are new.
$(COMPILED_STAMP): $(VENV_STAMP)
	$(BIN)/python -m compileall -q -r 2 --invalidation-mode checked-hash builder
	@rm -f $(STAMPS)/compiled-* && touch $@

$(DEV_STAMP): $(RUN_STAMP)
	@tools/install-dev.sh $(BIN)/python $(LOCKED)
	@$(COMPILE)
	@rm -f $(STAMPS)/dev-* && touch $@

$(BENCH_STAMP): $(RUN_STAMP)
	$(LOCKED) -r requirements-bench.txt
	@$(COMPILE)
	@rm -f $(STAMPS)/bench-* && touch $@

$(NODE_STAMP): $(VENV_STAMP)
	@rm -rf $(VENV)/node $(STAMPS)/node-*
	@test -n "$(SYSTEM_NODE)" || { echo 'no Node.js 20 or newer with npm here: taking it from PyPI'; \
	  $(LOCKED) -r requirements-node.txt && $(BIN)/python tools/link_node.py $(VENV)/node; }
	@touch $@

$(NPM_STAMP): | $(NODE_STAMP)
	npm ci --omit=dev --loglevel=error
	@touch $@

$(NPM_DEV_STAMP): | $(NODE_STAMP)
	npm ci --loglevel=error
	@touch $(NPM_STAMP) $@

$(BUNDLE_STAMP): $(if $(wildcard static/dist/manifest.json),,FORCE) | $(NPM_STAMP)
	node tools/bundle.mjs
	@rm -f $(STAMPS)/bundle-* && touch $@

FORCE:
