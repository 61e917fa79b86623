"""What rules say where an input was cut: absence proves nothing there."""

from __future__ import annotations

CUT = "the input was not read to its end here, so a file that is absent may have been there"
