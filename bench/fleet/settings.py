"""How the benchmark judges."""

from __future__ import annotations

from forensics.fleet.model import Settings
from forensics.limits import MIB

SETTINGS = Settings(memory=600 * MIB, deadline=20, child=("-m", "bench.fleet.poison"))
"""A deadline that no small case meets on a busy machine, and that hangs do not make the whole of the benchmark of."""
