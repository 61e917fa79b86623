"""`python -m tests.fuzz.one KIND …`: libFuzzer on one kind of input; what follows KIND is libFuzzer's."""

from __future__ import annotations

import importlib
import sys
import time
from typing import Final

import atheris

SECONDS_MAX: Final = 5  # of one input, of the processor: on a busy machine a clock says nothing


def main() -> None:
    """Never returns: libFuzzer ends the process."""
    kind, *options = sys.argv[1:]
    with atheris.instrument_imports(include=["forensics"]):
        read = importlib.import_module("tests.fuzz.targets").TARGETS[kind].read
        read(b"")  # what is imported or started with the first input is part of none

    def judged(data: bytes) -> None:
        start = time.process_time()
        read(data)
        taken = time.process_time() - start
        if taken > SECONDS_MAX:
            raise TimeoutError(f"{taken:.1f} s for {len(data)} bytes")

    atheris.Setup([sys.argv[0], *options], judged)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
