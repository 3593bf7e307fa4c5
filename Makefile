# Two commands: `make run` serves the application, `make test` checks everything. `make help` names the others.
# Both build .venv by themselves, from the newest Python that fits, and install only what has changed.

PORT ?= 8050
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
PIN := $(BIN)/pip-compile --quiet --allow-unsafe --strip-extras --no-header --annotation-style=line \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links
# One more than cores: browsers and servers are waited for now and then.
WORKERS ?= $$($(BIN)/python -c 'from engine.executor import available_cores; print(available_cores() + 1)')

# Dozens of processes would each compile every source where a machine is set to keep no bytecode.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run serve test machine-code lint audit format bench pins browser redis clean
.DELETE_ON_ERROR:

help:  ## Say what there is to run
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/.deployed  ## Serve on http://127.0.0.1:8050 (PORT=... for another port)
	@echo "Bandit Time Machine: http://127.0.0.1:$(PORT)  (Ctrl-C stops it)"
	@exec $(BIN)/gunicorn --bind 127.0.0.1:$(PORT) --workers 1 --worker-class components.serving.PatientWorker --threads 8 --timeout 60 \
		--limit-request-line 8190 --no-control-socket --log-level warning app:server

serve: $(VENV)/.developed redis  ## Serve the whole Procfile, with a Redis of its own, as a host would (PORT=...)
	@set -eu; folder=$$(mktemp -d); port=$$($(BIN)/python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'); \
	redis-server --port "$$port" --bind 127.0.0.1 --save "" --dir "$$folder" >/dev/null & redis=$$!; \
	trap 'kill $$redis; rm -rf "$$folder"' EXIT; trap 'exit 130' INT TERM; \
	echo "Bandit Time Machine: http://127.0.0.1:$(PORT)  (Ctrl-C stops it)"; \
	BTM_PROXIES=0 REDIS_URL="redis://127.0.0.1:$$port/0" PORT=$(PORT) PATH="$(abspath $(BIN)):$$PATH" \
		$(BIN)/honcho --env /dev/null start

test: $(VENV)/.developed browser redis  ## Lint, types, contracts, advisories, and every test
	@$(MAKE) --no-print-directory -j 2 --output-sync=target machine-code lint audit
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

machine-code: $(VENV)/.developed  # what tests simulate with is compiled once, beside the linters, and not by each of them
	$(BIN)/python -m tests.compiling

lint: $(VENV)/.developed  ## Format, lint, types and import contracts, without the tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

audit: $(VENV)/.developed  ## Ask whether a deployed package has a known security advisory
	@$(BIN)/python -m tests.advisories

format: $(VENV)/.developed  ## Format, and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.developed browser  ## Measure: every script of tests/benchmarks
	@for script in tests/benchmarks/[a-z]*.py; do echo "== $$script"; PYTHONPATH=. $(BIN)/python "$$script" || exit 1; done

pins: $(VENV)/.developed  ## Write the pins anew from pyproject.toml and requirements-dev.in
	$(PIP) install --quiet pip-tools
	$(PIN) --output-file requirements.txt pyproject.toml
	$(PIN) --output-file requirements-dev.txt requirements-dev.in

clean:  ## Remove the environment and every cache
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .cache test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- The environment ------------------------------------------------------------------------------------------------

# Asking for the version runs the program: a name on the PATH may belong to a shim without a Python behind it.
$(BIN)/python:
	@set -eu; chosen=; \
	for candidate in python3.13 python3.12 python3.11 python3 /usr/bin/python3 /usr/local/bin/python3; do \
		if "$$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; then \
			chosen=$$candidate; break; fi; \
	done; \
	if [ -z "$$chosen" ]; then \
		echo "make: no Python 3.11, 3.12 or 3.13 found. On Debian or Ubuntu: apt-get install python3 python3-venv" >&2; exit 1; fi; \
	if ! "$$chosen" -c 'import ensurepip, venv' 2>/dev/null; then \
		version=$$("$$chosen" -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
		echo "make: Python $$version cannot make environments. On Debian or Ubuntu: apt-get install python$$version-venv" >&2; exit 1; fi; \
	echo "Making $(VENV) with $$("$$chosen" --version)"; \
	"$$chosen" -m venv --clear $(VENV)

# The stamps hold a copy of what was installed: a new checkout with the same pins installs nothing.
$(VENV)/.deployed: requirements.txt | $(BIN)/python
	@if ! cmp -s requirements.txt $@; then echo "Installing requirements.txt"; $(PIP) install --quiet -r requirements.txt; fi
	@cp requirements.txt $@

$(VENV)/.developed: requirements-dev.txt $(VENV)/.deployed
	@if ! cmp -s requirements-dev.txt $@; then echo "Installing requirements-dev.txt"; $(PIP) install --quiet -r requirements-dev.txt; fi
	@cp requirements-dev.txt $@

# Jobs on workers are tested, and served by `make serve`, with a real Redis.
redis:
	@if command -v redis-server >/dev/null 2>&1; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
		echo "Installing redis-server"; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends redis-server >/dev/null; \
	else \
		echo "make: this needs redis-server. On Debian or Ubuntu: sudo apt-get install redis-server" >&2; exit 1; \
	fi

# The browser tests drive a Chromium that the machine has; tests/browser/conftest.py looks for the same names.
browser:
	@[ -z "$${CHROMIUM:-}" ] || exit 0; \
	for name in chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable; do \
		! command -v "$$name" >/dev/null 2>&1 || exit 0; \
	done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
		echo "Installing chromium"; \
		apt-get update -qq && export DEBIAN_FRONTEND=noninteractive && \
			{ apt-get install -y -qq --no-install-recommends chromium-headless-shell >/dev/null 2>&1 || \
			apt-get install -y -qq --no-install-recommends chromium >/dev/null; }; \
	else \
		echo "make: the browser tests need Chromium. On Debian or Ubuntu: sudo apt-get install chromium" >&2; exit 1; \
	fi
