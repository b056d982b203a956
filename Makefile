# Everything runs from .venv, which is made from the committed, hashed locks.
PYTHON ?= python3
UV := $(shell command -v uv 2>/dev/null)
BIN := .venv/bin
ifeq ($(UV),)
  MAKE_VENV = $(PYTHON) -m venv .venv
  INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check
else
  MAKE_VENV = uv venv --quiet --allow-existing --python $(PYTHON) .venv
  INSTALL = uv pip install --quiet --compile-bytecode --python $(BIN)/python
endif

.PHONY: demo test bench lint lock clean

.venv/.installed: requirements.lock pyproject.toml
	@echo "Setting up .venv (once; a minute or two without a package cache) ..."
	@$(MAKE_VENV)
	@$(INSTALL) --require-hashes -r requirements.lock
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

.venv/.tests: .venv/.installed requirements-test.lock
	@$(INSTALL) --require-hashes -r requirements-test.lock
	@touch $@

.venv: .venv/.installed

demo: .venv/.installed
	@$(BIN)/resilens demo

test: .venv/.tests
	@$(BIN)/ruff check src tests benchmarks
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

bench: .venv/.tests
	@for script in benchmarks/[a-z]*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

# Renewing the locks needs uv; using them does not.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
	    pyproject.toml build-requirements.in -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
	    --group test -c requirements.lock pyproject.toml build-requirements.in -o requirements-test.lock

clean:
	rm -rf .venv demo
