"""Listings as evidence: names, sizes and times of files that were not copied.

`parse_listings` takes any text (a collector's file, a pasted terminal session) and gives the directories that it
lists. Styles: `ls` with and without sizes, `find`, `tree`, `tar tv`, `du`, in any locale
(docs/reference/collectors.md#listings).
"""

from __future__ import annotations

from forensics.ingest.listing.model import Listed, Listing
from forensics.ingest.listing.paste import parse_listings

__all__ = ["Listed", "Listing", "parse_listings"]
