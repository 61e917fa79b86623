"""The on-disk structures as construct declarations: order, sizes, and nothing else.

No `if`, no input or output, no verdicts. Integers stay plain (no Const): a wrong value is for the parser to
report. These are the specification, parse the small files, and build the bytes of tests;
the hot path over segments is held equal to them by a test.
"""

from __future__ import annotations

from construct import Struct as Layout

__all__ = ["Layout"]
