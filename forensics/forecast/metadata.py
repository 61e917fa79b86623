"""Loading metadata1 and metadata2.

Source: canonical/raft src/uv_metadata.c (uvMetadataLoad); docs/reference/metadata.md#metadata1-and-metadata2.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from forensics.forecast.simulation import Code, Run
from forensics.masking.text import told_number

_CONTENT = struct.Struct("<4Q")
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the newest of the two files says; all zero where there is none."""

    version: int = 0
    term: int = 0
    voted_for: int = 0


def load_metadata(run: Run) -> Metadata:
    """The newer file wins; nothing is compared with the log."""
    one = _load_one(run, "metadata1")
    two = _load_one(run, "metadata2")
    if run.unseen:
        return Metadata()
    if one.version == two.version:
        if one.version == 0:
            return Metadata()
        run.reading = ("metadata1", "metadata2")
        raise run.fail(Code.CORRUPT, f"metadata1 and metadata2 are both at version {one.version}")
    return max(one, two, key=lambda metadata: metadata.version)


def _load_one(run: Run, name: str) -> Metadata:
    directory = run.directory
    run.reading = (name,)
    if name not in directory:
        return Metadata()
    size = directory.size(name)
    if size < _CONTENT.size:
        directory.unlink(name)  # taken for a write that a crash interrupted
        return Metadata()
    if size > _CONTENT.size:
        raise run.fail(Code.CORRUPT, f"{name} has size {size} instead of {_CONTENT.size}")
    if run.takes_for_good(name):
        return Metadata()
    content = directory.read(name)
    if len(content) < _CONTENT.size:  # it shrank since its size was taken: a directory in use
        directory.unlink(name)
        return Metadata()
    version_of_format, version, term, voted_for = _CONTENT.unpack(content)
    if version_of_format != _FORMAT:
        text = "bad format version {}"
        run.message.set(text.format(version_of_format), text.format(told_number(version_of_format)))
        run.message.wrap(f"decode content of {name}")
        raise run.fail(Code.MALFORMED)
    if version == 0:
        run.message.set("version is set to zero")
        run.message.wrap(f"decode content of {name}")
        raise run.fail(Code.CORRUPT)
    return Metadata(version, term, voted_for)
