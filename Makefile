# All there is to do. `make help` lists it. On bare Debian 12 install first: git make python3-venv
export PYTHON ?= $(shell command -v python3.11 || command -v python3)
HOST ?= 127.0.0.1
PORT ?= 8000
BIN := .venv/bin
STAMP := .venv/installed
# Node libraries that verify our credentials as strangers do; for the tests only.
BADGES := .venv/badges-npm/installed
GIFT := .venv/gift-npm/installed
# Tests by worker processes; each has databases of its own, in memory where there is room:
# a database per test makes a few hundred files, which cost a disk a quarter of a second.
JOBS ?= 2
export TMPDIR := $(or $(TMPDIR),$(shell .ci/scratch))
PYTEST := $(BIN)/pytest -q -n $(JOBS) --dist loadfile
# Compiled modules are kept, whatever the surroundings say: each worker of three runs and each command
# a test starts would compile them all.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test lint types unit unit-postgres browser bench fuzz lock clean

help:  ## List all targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort | expand -t 16

run: $(STAMP)  ## Set everything up, load the demo, serve at HOST:PORT (127.0.0.1:8000)
	@.ci/need pdf
	@LMS_HOST=$(HOST) LMS_PORT=$(PORT) exec $(BIN)/lms serve --demo

test: $(STAMP) $(BADGES) $(GIFT)  ## Lint, types, translations, all tests on SQLite and PostgreSQL, browser tests
	@.ci/need pdf postgres browser pdftools java qpdf nss softhsm
	@$(MAKE) --no-print-directory lint types
	$(BIN)/lms-prepare
	$(PYTEST) tests --ignore tests/browser
	.ci/postgres $(PYTEST) tests --ignore tests/browser
	$(PYTEST) --dist load tests/browser

lint: $(STAMP)  ## Style, spelling, forbidden things
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	git ls-files '*.py' README.md ARCHITECTURE.md CHANGELOG.md | grep -v '^tests/' | xargs $(BIN)/codespell

types: $(STAMP)  ## mypy, strict
	$(BIN)/mypy

unit: $(STAMP) $(BADGES) $(GIFT)  ## The tests on SQLite only: quick
	$(BIN)/lms-prepare
	$(PYTEST) tests --ignore tests/browser

unit-postgres: $(STAMP) $(BADGES) $(GIFT)  ## The tests on a private PostgreSQL only
	@.ci/need postgres
	$(BIN)/lms-prepare
	.ci/postgres $(PYTEST) tests --ignore tests/browser

browser: $(STAMP)  ## The browser tests only
	@.ci/need browser
	$(BIN)/lms-prepare
	$(PYTEST) --dist load tests/browser

bench: $(STAMP)  ## Ratios against a bare Flask application in the same run; PARTS="saves starts" for a few
	@.ci/need pdf postgres
	LMS_TEST_FSYNC=on TMPDIR=/var/tmp .ci/postgres $(BIN)/python -m tests.bench $(PARTS)

fuzz: $(STAMP)  ## Spoiled files for every reader of questions, a minute each; READERS="gift docx" SECONDS=300 for others
	$(BIN)/python -m tests.fuzz --seconds $(or $(SECONDS),60) $(READERS)

lock: $(STAMP)  ## Resolve the newest versions into requirements.lock
	$(BIN)/pip-compile -q --upgrade --generate-hashes --allow-unsafe --extra test --extra build --strip-extras \
	  --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options --no-header \
	  -o requirements.lock setup.cfg

clean:  ## Remove what was built, not instance/
	rm -rf .venv build *.egg-info .mypy_cache .ruff_cache .pytest_cache

$(STAMP): requirements.lock setup.cfg pyproject.toml
	@.ci/need venv
	@test -d .venv || $(PYTHON) -m venv .venv
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed"; exit 1; }
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(BADGES): tests/badges-npm/package.json tests/badges-npm/package-lock.json | $(STAMP)
$(GIFT): tests/gift-npm/package.json tests/gift-npm/package-lock.json | $(STAMP)
$(BADGES) $(GIFT):
	@mkdir -p $(@D)
	@cp $^ $(@D)
	@cd $(@D) && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
	@touch $@
