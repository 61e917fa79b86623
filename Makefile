# Two commands do it all: `make report` and `make test`. Both set up .venv first, from package registries alone.

PYTHON ?= python3
VENV := .venv
FIXTURE := fixtures/sosreport/flipped-bit
BIN := $(VENV)/bin

.PHONY: help report test check lint format types casebook agreement bench clean

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*##/\1\t/p' $(MAKEFILE_LIST)

$(BIN)/.ready: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

report: $(BIN)/.ready  ## analyse a fixture; leaves report/report.html and report/report.json
	$(BIN)/dqlite-forensics check --build report $(FIXTURE)
	$(BIN)/dqlite-forensics analyze report/$(subst /,-,$(FIXTURE:fixtures/%=%)).tar --output report --fail-on never

test: $(BIN)/.ready lint types  ## formatter, linter, types, and every test
	$(BIN)/pytest --numprocesses=auto --quiet

lint: $(BIN)/.ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(BIN)/.ready
	$(BIN)/mypy

casebook: $(BIN)/.ready  ## the score over real incidents
	$(BIN)/python -m bench.casebook

format: $(BIN)/.ready  ## let the formatter have its way
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

agreement: $(BIN)/.ready  ## how far the forecast agrees with the real library
	$(BIN)/python -m bench.agreement

bench: $(BIN)/.ready  ## speed and memory against libraft and tar; takes some minutes, makes its data once
	$(BIN)/python -m bench

clean:  ## remove what the other targets made
	rm -rf $(VENV) report .mypy_cache .ruff_cache .pytest_cache
