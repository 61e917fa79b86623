"""Facts and judgements → the report document: one module a part, put together in table.py."""

from __future__ import annotations

from forensics.report.parts.context import Context
from forensics.report.parts.table import build_document

__all__ = ["Context", "build_document"]
