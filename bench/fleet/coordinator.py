"""One run of a fleet, whose children obey poison: `python -m bench.fleet.coordinator CASES STORE WORKERS [SCHEDULER]`.

It prints what it took: seconds on the clock, seconds of processor of itself and its children, bytes of memory.
"""

from __future__ import annotations

import json
import resource
import sys
import time

from bench.fleet.settings import SETTINGS
from forensics.fleet.memory import peak_memory
from forensics.fleet.run import Plan, run
from forensics.fleet.sources import find_cases
from forensics.fleet.store import Store


def main() -> None:
    """See above."""
    folder, url, workers, *scheduler = sys.argv[1:]
    begun = time.monotonic()
    plan = Plan(Store(url), SETTINGS, int(workers), scheduler[0] if scheduler else None)
    tally = run(plan, find_cases([folder]), lambda _: None)
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(
        json.dumps(
            {
                "cases": tally.finished,
                "seconds": time.monotonic() - begun,
                "own_cpu": own.ru_utime + own.ru_stime,
                "children_cpu": children.ru_utime + children.ru_stime,
                "own_peak": peak_memory(),
            }
        )
    )


if __name__ == "__main__":
    main()
