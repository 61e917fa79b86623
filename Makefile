# Two commands do it all: `make report` and `make test`. Both set up .venv first, from package registries alone.

PYTHON ?= python3
VENV := .venv
FIXTURE := fixtures/sosreport/flipped-bit
BIN := $(VENV)/bin

# Some containers say that no bytecode is written: then every process that a test starts compiles all modules again.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help report test tests newest lint types format coverage constraints casebook casebook-sealed agreement held look starts repaired redacted shrunk fuzz attack bench fleetbench catalogue clean

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*##/\1\t/p' $(MAKEFILE_LIST)

# Nothing is installed whose hash is not in locked.txt, nor fetched to build this package.
$(BIN)/.ready: pyproject.toml locked.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement locked.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

report: $(BIN)/.ready  ## analyse a fixture; leaves report/report.html and report/report.json
	$(BIN)/dqlite-forensics check --build report $(FIXTURE)
	$(BIN)/dqlite-forensics analyze report/$(subst /,-,$(FIXTURE:fixtures/%=%)).tar --output report --fail-on never

# The types beside the tests: what one of them leaves idle the other uses.
test: $(BIN)/.ready lint  ## formatter, linter, types, and every test
	$(MAKE) --jobs --output-sync=line --no-print-directory types tests

tests: $(BIN)/.ready
	$(BIN)/pytest --numprocesses=auto --quiet

newest:  ## the tests, on the newest versions of everything instead of those in constraints.txt
	$(PYTHON) -m venv .venv-newest
	.venv-newest/bin/pip install --quiet --disable-pip-version-check --upgrade --editable '.[dev]'
	.venv-newest/bin/pytest --numprocesses=auto --quiet

constraints:  ## write constraints.txt anew, with the newest versions, and locked.txt, with the hashes of these
	$(PYTHON) -m venv .venv-newest
	.venv-newest/bin/pip install --quiet --disable-pip-version-check --upgrade --editable '.[dev]'
	.venv-newest/bin/pip freeze --exclude-editable > constraints.txt
	.venv-newest/bin/pip install --quiet --disable-pip-version-check uv
	.venv-newest/bin/uv pip compile pyproject.toml --extra dev --constraint constraints.txt --universal --generate-hashes \
	  --no-header --no-annotate --quiet --output-file locked.txt

lint: $(BIN)/.ready  ## formatter, linter, dependencies, dead code, complexity (pre-commit runs the same)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/deptry --no-ansi .
	$(BIN)/vulture
	$(BIN)/complexipy --failed=true --color=no

types: $(BIN)/.ready
	$(BIN)/mypy

# The tests that run the code in this process, and not the corpora and floods, which the tracer slows down too much.
COVERED := tests/test_fixtures.py tests/case tests/commands tests/election tests/facts tests/parsers tests/plan tests/report tests/rules

coverage: $(BIN)/.ready  ## branch coverage of the tests in COVERED: shows it by room, fails below the floor
	$(BIN)/pytest --numprocesses=auto --quiet --cov --cov-report= $(COVERED)
	$(BIN)/python -m tests.coverage_by_room

casebook: $(BIN)/.ready  ## the score over real incidents
	$(BIN)/python -m bench.casebook

format: $(BIN)/.ready  ## let the formatter have its way
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

casebook-sealed: $(BIN)/.ready  ## the score over incidents that nobody looked at; at most three times in all
	$(BIN)/python -m bench.sealed

agreement: $(BIN)/.ready  ## how far the forecast agrees with the real library
	$(BIN)/python -m bench.agreement

held: $(BIN)/.ready  ## random damages on all recordings, against what the case says of them
	$(BIN)/python -m tests.held

look: $(BIN)/.ready  ## the HTML report in real Chromium: size, speed, and what stands in a reader's way; takes minutes
	$(BIN)/python -m tests.browser.look

starts: $(BIN)/.ready  ## random damages, started on real dqlite as the case says; takes some minutes
	$(BIN)/python -m tests.held.starts

MINUTES ?= 10

fuzz: $(BIN)/.ready  ## fuzz every kind of input and archives for MINUTES (10), or INPUTS of each; what breaks is kept
	$(BIN)/python -m tests.fuzz $(if $(INPUTS),--inputs $(INPUTS),--minutes $(MINUTES))

attack: $(BIN)/.ready  ## hostile archives, bad and full disks, little memory, signals, SQL without end: what held
	$(BIN)/python -m tests.attack

redacted: $(BIN)/.ready  ## every fixture, redacted: does the copy say the same; takes some minutes
	$(BIN)/python -m tests.redact

shrunk: $(BIN)/.ready  ## every fixture with findings, shrunk: does it keep them, how small is it; takes an hour
	$(BIN)/python -m tests.shrink

repaired: $(BIN)/.ready  ## random damages on all recordings, repaired; takes some minutes
	$(BIN)/python -m tests.repair

fleetbench: $(BIN)/.ready  ## 2,000 cases, some of them poison, a run that is killed again and again; takes a quarter of an hour
	$(BIN)/python -m bench.fleet

bench: $(BIN)/.ready  ## speed and memory against libraft and tar; takes some minutes, makes its data once
	$(BIN)/python -m bench

catalogue: $(BIN)/.ready  ## write anew what is made from code: the JSON Schema, the pages of its fields, of the rules and for man
	$(BIN)/python -m forensics.report.schema
	$(BIN)/python -m bench.rule_pages
	$(BIN)/python -m bench.field_page
	$(BIN)/python -m bench.man_pages

.PHONY: docs release elsewhere

docs: $(BIN)/.ready  ## the documentation site, in site/: `python3 -m http.server -d site` shows it
	$(BIN)/python -m mkdocs build --strict --quiet

release: $(BIN)/.ready  ## build release VERSION into dist/: wheel, sdist, single files, checksums, bill of materials
	$(BIN)/python -m bench.release $(VERSION)

elsewhere: $(BIN)/.ready  ## what of the code macOS does not have, by mypy
	$(BIN)/mypy --platform darwin --package forensics

clean:  ## remove what the other targets made
	rm -rf $(VENV) report dist site .mypy_cache .ruff_cache .pytest_cache
