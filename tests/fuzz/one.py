"""`python -m tests.fuzz.one KIND …`: libFuzzer on one kind of input; what follows KIND is libFuzzer's."""

from __future__ import annotations

import importlib
import sys

import atheris


def main() -> None:
    """Never returns: libFuzzer ends the process."""
    kind, *options = sys.argv[1:]
    with atheris.instrument_imports(include=["forensics"]):
        target = importlib.import_module("tests.fuzz.targets").TARGETS[kind]
    atheris.Setup([sys.argv[0], *options], target.read)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
