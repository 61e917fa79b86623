"""Second copies of a node's state beside the live one: backups of products, folders of a recovery, copies by hand.

Such a directory is not another node. Source: canonical/lxd lxd/db/cluster/open.go (`global.bak`), cluster/recover.go
(`global.recover`); canonical/microcluster internal/recover/recover.go (`recovery_db`); canonical/microk8s
scripts/wrappers/join.py (`backend.backup`); docs/reference/microcluster.md#state-directory;
docs/reference/products.md#other-products; docs/reference/products.md#lxd.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from forensics.ingest.files import InputFile
from forensics.ingest.products import UNKNOWN, product_of

if TYPE_CHECKING:
    from forensics.ingest.state_directory import StateDirectory

_BY_PRODUCT = {  # the last part of the path → that of the live directory beside it
    "global.bak": "global",
    "global.recover": "global",
    "recovery_db": "database",
    "backend.backup": "backend",
}
_BY_HAND = re.compile(
    r"(?P<live>.+?)(?<![.~_-])[.~_-]+(?:bak|back-?up|old|orig|save[d]?|copy|broken|corrupt\w*)\b[^/]*", re.IGNORECASE
)


def live_of(path: str) -> str | None:
    """The directory that the one at `path` is a second copy of; None for a directory of its own."""
    parent, slash, name = path.rpartition("/")
    found = _BY_HAND.fullmatch(name)
    live = _BY_PRODUCT.get(name) or (found["live"] if found else None)
    if live is None:
        return None
    whole = f"{parent}{slash}{live}"
    return whole if product_of(whole)[0] is not UNKNOWN else None


def without_older(found: list[StateDirectory], index: Mapping[str, InputFile]) -> list[StateDirectory]:
    """A snap keeps the data of older revisions beside the current one: of those only the current is a node's state."""
    revisions: dict[str, list[StateDirectory]] = defaultdict(list)
    for directory in found:
        if place := _REVISION.fullmatch(directory.path):
            revisions[place["snap"]].append(directory)
    older: set[str] = set()
    beside: dict[str, tuple[str, ...]] = {}
    for snap, directories in revisions.items():
        if len(directories) < 2:
            continue
        link = index.get(f"{snap}/current")
        current = (link.target or "") if link else ""
        newest = max(directories, key=lambda directory: _revision_order(directory, current))
        beside[newest.path] = tuple(directory.path for directory in directories if directory is not newest)
        older |= set(beside[newest.path])
    return [replace(one, older=beside.get(one.path, ())) for one in found if one.path not in older]


_REVISION = re.compile(r"(?P<snap>(?:.*/)?var/snap/microk8s)/(?P<revision>[^/]+)/var/kubernetes/backend")


def _revision_order(directory: StateDirectory, current: str) -> tuple[bool, int]:
    found = _REVISION.fullmatch(directory.path)
    revision = found["revision"] if found else ""
    return revision in (current, "current"), int(re.sub(r"\D", "", revision)[:9] or 0)
