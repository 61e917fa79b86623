"""Bootstrapping once more: what a founder does that finds no metadata.

Before it starts raft, dqlite lets a node with the founder's id bootstrap, which raft refuses only where the metadata
holds a term. A founder that lost its metadata therefore writes a new one, and then fails, because the first segment
already exists; the next start goes on from there.
Source: canonical/dqlite src/server.c (maybeBootstrap), canonical/raft src/uv.c (uvBootstrap);
docs/reference/start.md#bootstrap; docs/reference/raft.md#bootstrap-and-ids.
"""

from __future__ import annotations

from dataclasses import dataclass

from forensics.forecast.files import Change
from forensics.forecast.metadata import Metadata
from forensics.on_disk import FOUNDER_IDS

FIRST_SEGMENT = f"{1:016d}-{1:016d}"


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """What the start does before loading.

    Attributes:
        changes: a metadata file is written, and the first segment created where there is none.
        fails: the start ends here, with an empty text; the next one finds a term and goes on.
    """

    changes: tuple[Change, ...]
    fails: bool


def bootstrap(names: frozenset[str], metadata: Metadata, node_id: int | None) -> Bootstrap | None:
    """What happens, or None where the node does not bootstrap.

    Args:
        names: of the files, after cleaning up.
        metadata: as loaded.
        node_id: the node's id; None where it is not known, which is taken for no founder.
    """
    if node_id not in FOUNDER_IDS or metadata.term != 0:
        return None
    name = "metadata1" if (metadata.version + 1) % 2 else "metadata2"
    written = Change("write" if name in names else "create", name)
    if FIRST_SEGMENT in names:
        return Bootstrap((written,), fails=True)
    return Bootstrap((written, Change("create", FIRST_SEGMENT)), fails=False)
