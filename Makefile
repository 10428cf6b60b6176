# make run    the main job: one scenario, simulated and judged
# make test   lint, then every test but the slow ones; where chromium is missing, apt installs it if root asks
# make slow   the slow tests
# make docs   the documentation as a site in build/docs, without any network
# make lint   ruff and mypy
# make lock   pin the dependencies anew; UPGRADE=--upgrade takes the newest allowed
# Each creates .venv if it is missing; PYTHON=python3.12 chooses the interpreter it is made with.

PYTHON ?= python3
UPGRADE ?=
BIN := .venv/bin
STAMP := .venv/installed
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq

.DELETE_ON_ERROR:
.PHONY: run test slow docs lint lock chromium

run: $(STAMP)
	@$(BIN)/python -m experiments.run +experiment=first_verdict

test: lint chromium
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder -m "not slow"

slow: $(STAMP)
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder -m slow

docs: $(STAMP)
	@$(BIN)/python -m sphinx -q -n -W --keep-going -j auto -d build/doctrees -b html docs build/docs
	@echo "$(CURDIR)/build/docs/index.html"

lint: $(STAMP)
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/mypy --no-error-summary

lock: $(STAMP)
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --annotation-style line \
	    --no-header $(UPGRADE) --extra dev --output-file requirements.lock pyproject.toml

# For the tests that open a page in a browser. Without one they are skipped, under CI they fail; this never fails.
chromium:
	@for name in chromium chromium-browser google-chrome; do command -v $$name >/dev/null && exit; done; \
	if command -v apt-get >/dev/null && test "$$(id -u)" = 0; then \
	    echo "motcua: installing chromium for the tests that open a browser (a minute or two) ..." >&2; \
	    apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends chromium >/dev/null && exit; \
	fi; \
	echo "motcua: no chromium here, so the tests that open a browser are skipped (with CI set they fail); install the package chromium" >&2

# One dependency (antlr4-python3-runtime) is published as source only. It and the project itself are built
# with the locked setuptools, which is therefore installed first: nothing comes from outside the lock.
$(STAMP): requirements.lock pyproject.toml
	@test -x $(BIN)/python || { \
	    command -v $(PYTHON) >/dev/null || { echo "motcua: no $(PYTHON) here; name a Python 3.11 or newer, such as: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }; \
	    $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "motcua needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1). Name another, such as: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }; \
	    $(PYTHON) -m venv .venv || { rm -rf .venv; exit 1; }; }
	@echo "motcua: installing the locked dependencies into .venv (a minute or two) ..." >&2
	@sed -n '/^setuptools==/,/[^\\]$$/p' requirements.lock > .venv/build.lock
	@$(PIP) install --require-hashes --no-deps --only-binary :all: -r .venv/build.lock
	@$(PIP) install --require-hashes --no-build-isolation --use-pep517 -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@
