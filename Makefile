# Two commands that need nothing but make and Python 3.11 or newer:
#   make demo   every equilibrium of the shipped scenario
#   make test   linting, types, layers, tests
# And one for the documentation:
#   make docs   the site, in docs/_build/html
# Each makes the environment it needs in .venv from constraints.txt, and uses it again when it is there.

SHELL := /bin/sh
.SUFFIXES:
.PHONY: demo test docs benchmark compare clean force
.DEFAULT_GOAL := demo

VENV := .venv
BIN := $(VENV)/bin

# The first of these that is 3.11, 3.12 or 3.13; failing that, the first that is newer.
PYTHON ?= $(shell for last in 13 99; do for name in python3 python3.13 python3.12 python3.11 python; do \
	if $$name -c "import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, $$last))" >/dev/null 2>&1; \
	then command -v $$name; exit; fi; done; done)

PIP := $(BIN)/python -m pip --disable-pip-version-check install -qq --constraint constraints.txt

# An environment that was moved, or whose Python is gone, is made again.
USABLE := $(shell test "$$(cat $(VENV)/.created 2>/dev/null)" = "$(CURDIR)" && $(BIN)/python -c '' 2>/dev/null && echo yes)

demo: $(VENV)/.demo
	@$(BIN)/deterrence solve scenarios/iraq-syria-2023-10.toml

test: $(VENV)/.test
	$(BIN)/python -m ruff check .
	$(BIN)/python -m mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m pytest -n auto --dist worksteal

docs: $(VENV)/.test
	$(BIN)/python -m sphinx -W -n --keep-going -q docs docs/_build/html
	@echo "The site is in docs/_build/html/index.html" >&2

benchmark: $(VENV)/.benchmark
	$(BIN)/python -m pytest benchmarks

compare: $(VENV)/.benchmark
	$(BIN)/python -m benchmarks.compare

$(VENV)/.created: $(if $(USABLE),,force)
	@test -n "$(PYTHON)" || { echo "No Python 3.11 or newer was found (tried python3, python3.13, python3.12," \
		"python3.11, python). Install one, or name it: make PYTHON=/path/to/python" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is not Python 3.11 or newer" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) has no venv with ensurepip. Install it" \
		"(on Debian and Ubuntu: apt-get install python3-venv), or name another: make PYTHON=/path/to/python" >&2; exit 1; }
	@echo "Making an environment in $(VENV) with $$($(PYTHON) -V) ..." >&2
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV)
	@printf '%s' "$(CURDIR)" > $@

# The build tool comes from the same constraints, so nothing unpinned is fetched for a build of its own.
$(VENV)/.demo: $(VENV)/.created pyproject.toml constraints.txt
	@echo "Installing deterrence and what it needs ..." >&2
	@$(PIP) hatchling editables
	@$(PIP) --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.demo
	@echo "Installing what the tests need ..." >&2
	@$(PIP) --no-build-isolation --editable '.[test,crosscheck]'
	@touch $@

$(VENV)/.benchmark: $(VENV)/.test
	@echo "Installing what is compared with ..." >&2
	@$(PIP) --no-build-isolation --editable '.[benchmark,crosscheck]'
	@touch $@

clean:
	rm -rf $(VENV)
