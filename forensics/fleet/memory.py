"""How much memory this process ever held."""

from __future__ import annotations

import os
import resource
from contextlib import suppress
from typing import Final

_KIB: Final = 1024


def peak_memory() -> int:
    """Bytes. `ru_maxrss` begins with what the parent held: Linux tells what is this process's own elsewhere."""
    with suppress(OSError, StopIteration), open("/proc/self/status", encoding="ascii") as file:
        return int(next(line for line in file if line.startswith("VmHWM:")).split()[1]) * _KIB
    unit = _KIB if os.uname().sysname == "Linux" else 1
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
