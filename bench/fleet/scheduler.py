"""What the scheduler holds: `python -m bench.fleet.scheduler TASKS` prints the peak of its process, in bytes."""

from __future__ import annotations

import sys

from forensics.fleet.engine import completed, engine
from forensics.fleet.memory import peak_memory
from forensics.fleet.model import FleetCase, Outcome, State


def judged(case: FleetCase) -> Outcome:
    """Nothing is judged: what is measured is what carries it."""
    return Outcome(case, case.stamp, State.OK)


def main() -> None:
    """See above."""
    cases = [FleetCase(f"uploads/{n:06}", (f"/uploads/{n:06}",), f"{n:064x}") for n in range(int(sys.argv[1]))]
    with engine(2) as client:
        finished = sum(1 for _ in completed(client, judged, cases))
    assert finished == len(cases)  # noqa: S101 - a benchmark that lost some measured nothing
    print(peak_memory())


if __name__ == "__main__":
    main()
