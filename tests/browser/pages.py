"""A document as a page on the disk."""

from __future__ import annotations

from pathlib import Path

from forensics.report.document import Document
from forensics.report.formats import FORMATS


def written(folder: Path, document: Document) -> Path:
    """`report.html` in the folder."""
    path = folder / "report.html"
    path.write_text(FORMATS["html"].render(document), encoding="utf-8")
    return path
