# The two commands to know: `make run` and `make test`. Each sets up .venv by itself.

PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
LOCK := uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	--extra explorer --extra reason --extra dev --no-emit-index-url --no-header

# GAPGRAPH_NO_BROWSER=1 leaves out the tests that drive a browser, and says so.
ifeq ($(GAPGRAPH_NO_BROWSER),1)
MARKS := not slow and not browser
else
MARKS := not slow
endif

.PHONY: run test lint docs bench lock clean browser
.DELETE_ON_ERROR:

run: $(INSTALLED)
	@$(BIN)/gapgraph demo demo --force
	@$(BIN)/gapgraph assess demo
	@echo
	@echo "The workspace is in ./demo. Open the explorer with: $(BIN)/gapgraph explore demo"

test: lint browser
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder -m "$(MARKS)" --cov --cov-report=term

lint: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: $(INSTALLED)
	$(BIN)/python -m gapgraph.docs

bench: $(INSTALLED)
	$(BIN)/python -m benchmarks.run

lock: $(INSTALLED)
	$(BIN)/$(LOCK) --output-file requirements.lock pyproject.toml

clean:
	rm -rf build dist demo htmlcov .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find engine app tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "gapgraph needs Python 3.11 or newer; $(PYTHON) is not. Name one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "gapgraph needs Python's venv module. On Debian: apt-get install python3-venv" >&2; exit 1; }
	@echo "Installing the packages of requirements.lock into .venv"
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	@$(PIP) install --require-hashes --requirement requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

browser:
ifeq ($(GAPGRAPH_NO_BROWSER),1)
	@echo "GAPGRAPH_NO_BROWSER=1: the tests that drive a browser are left out"
else
	@command -v chromium >/dev/null || { \
		[ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && echo "Installing chromium for the explorer tests" && \
		apt-get update -qq >/dev/null && \
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; } || { \
		echo "The explorer tests need chromium and it cannot be installed here. Run 'sudo apt-get install chromium', or leave these tests out with GAPGRAPH_NO_BROWSER=1" >&2; exit 1; }
endif
