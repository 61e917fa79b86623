"""The report document: the source of truth that every format renders (CONTRACT, "The report document").

A plain tree of dicts, lists, strings, numbers and None, in camelCase, ready for JSON. Same input and same version
give the same bytes: no clock, no path of this machine, no random order.
"""

from __future__ import annotations

from typing import Any

Document = dict[str, Any]

SCHEMA_VERSION = 2
