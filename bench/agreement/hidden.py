"""Texts of the library beside those of the model, which hides numbers that can be content of the file."""

from __future__ import annotations

import re
from typing import Any

from forensics.masking.positions import MASK


def same(library: Any, model: Any) -> bool:
    """They are equal, but for numbers that the model does not show."""
    if isinstance(library, str) and isinstance(model, str) and MASK in model:
        return bool(re.fullmatch(r"\d+".join(re.escape(part) for part in model.split(MASK)), library))
    return bool(library == model)
