"""What a store needs beyond the core: the extra `[fleet]`."""

from __future__ import annotations

from importlib.util import find_spec

from forensics.errors import UsageError

_NEEDED = ("distributed", "duckdb", "pyarrow")


def require_extra() -> None:
    """Raise UsageError where what `fleet` needs is not installed."""
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise UsageError(
            f"a store needs {', '.join(missing)}, not installed here: pip install 'dqlite-forensics[fleet]'"
        )
