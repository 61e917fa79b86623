"""Every fixture, redacted: does the copy say the same, in rules, faults, node states, forecasts and databases, and are
the names gone?

usage: python -m tests.redact [FIXTURE...]

Prints what differs, and at the end how many have the same answers. Exit code 1 where one differs.
"""

from __future__ import annotations

import sys

from tests.fixtures import fixture, names
from tests.redact.answers import answers_of, answers_of_copies, redacted_fixture
from tests.redact.leaks import leaks


def main(arguments: list[str]) -> int:
    """A line for each difference."""
    wanted, same = arguments or names(), 0
    for name in wanted:
        copies, texts = redacted_fixture(fixture(name))
        wrong = answers_of(fixture(name)).differences(answers_of_copies(copies))
        wrong += [f"still holds {found}" for found in leaks(copies, texts)]
        same += not wrong
        for line in wrong:
            print(f"{name}: {line}", flush=True)
    print(f"{same} of {len(wanted)} say the same before and after, without their names")
    return 0 if same == len(wanted) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
