"""Offline forensics for dqlite state directories: read pipeline.py first; forensics/api.py is what programs use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from forensics.api import Report, analyze, assert_sound

__all__ = ["Report", "__version__", "analyze", "assert_sound"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """The interface of forensics/api.py, loaded when it is asked for: `--help` has to be instant."""
    if name not in __all__:
        raise AttributeError(f"module 'forensics' has no attribute {name!r}")
    from forensics import api  # noqa: PLC0415 - as above

    return getattr(api, name)
