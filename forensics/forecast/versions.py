"""The library versions that the model speaks for, and where they differ.

A difference is a field here and a branch at the one step that it changes. Sources: canonical/raft and canonical/dqlite
at the tags named; docs/reference/versions.md#versions-of-dqlite; docs/reference/start.md#differences-between-versions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from forensics.errors import UsageError
from forensics.masking.text import masked_name


@dataclass(frozen=True, slots=True)
class Library:
    """One release of dqlite with the raft inside it.

    Attributes:
        name: as `--dqlite` takes it and the forecast prints it.
        dqlite: the release that was read.
        raft: the stand-alone libraft it links, or "bundled" (1.16.3 and later carry raft in their own tree).
        asserts: failed assertions end the process (bundled builds; distribution packages of libraft define NDEBUG).
        reads_once: files are read with one read(2), which Linux cuts at 0x7ffff000 bytes (raft before 0.18).
        probes_fallocate: a second probe file, `.probe_fallocate` (raft 0.18 and later).
        streams_lz4: snapshots must be LZ4 frames and are decompressed in pieces (1.18.3 and later).
        unified_configuration_errors: a configuration that does not decode is always MALFORMED (raft 0.18 and later).
        tracks_committed_configuration: changes that the snapshot's configuration covers do not count (raft 0.17+).
        multiplies_in_32_bits: sizes of database images wrap at 4 GiB (before 1.15).
        ignores_apply_errors: only a command that cannot be decoded makes applying fail (1.11).
        closes_configuration_twice: a change entry that does not decode is freed twice (raft 0.18 to 1.18.2).
        keeps_failed_connection: a database that could not be opened trips an assertion the next time (1.11).
        rewritten_vfs: databases live in the VFS of 1.18.2 and later: only committing frames are accepted.
        checks_databases: each restored database must pass `PRAGMA quick_check` (1.18.3 and later).
        checks_configuration_bounds: a configuration that ends early is malformed; before, memory behind it was read
            (main, after 1.18.6).
        basis: how far the model of this version was proven.
    """

    name: str
    dqlite: str
    raft: str
    asserts: bool
    reads_once: bool
    probes_fallocate: bool
    streams_lz4: bool
    unified_configuration_errors: bool
    tracks_committed_configuration: bool
    multiplies_in_32_bits: bool
    ignores_apply_errors: bool
    closes_configuration_twice: bool
    keeps_failed_connection: bool
    rewritten_vfs: bool
    checks_databases: bool
    checks_configuration_bounds: bool
    basis: str

    def __str__(self) -> str:
        return f"dqlite {self.dqlite}" + ("" if self.raft == "bundled" else f" with libraft {self.raft}")


_V1_11 = Library(
    name="1.11",
    dqlite="1.11.1",
    raft="0.15.0",
    asserts=False,
    reads_once=True,
    probes_fallocate=False,
    streams_lz4=False,
    unified_configuration_errors=False,
    tracks_committed_configuration=False,
    multiplies_in_32_bits=True,
    ignores_apply_errors=True,
    closes_configuration_twice=False,
    keeps_failed_connection=True,
    rewritten_vfs=False,
    checks_databases=False,
    checks_configuration_bounds=False,
    basis="proven against Debian's libraft 0.15.0 and libdqlite 1.11.1",
)

# Every later release is the one before it and what it changed.
_V1_15 = replace(
    _V1_11,
    name="1.15",
    dqlite="1.15.1",
    raft="0.18.0",
    reads_once=False,
    probes_fallocate=True,
    unified_configuration_errors=True,
    tracks_committed_configuration=True,
    multiplies_in_32_bits=False,
    ignores_apply_errors=False,
    closes_configuration_twice=True,
    keeps_failed_connection=False,
    basis="proven against builds of libraft 0.18.0 and dqlite 1.15.1",
)
_V1_17 = replace(
    _V1_15,
    name="1.17",
    dqlite="1.17.1",
    raft="bundled",
    asserts=True,
    basis="proven against a build of dqlite 1.17.1",
)
_V1_18_2 = replace(
    _V1_17,
    name="1.18.2",
    dqlite="1.18.2",
    rewritten_vfs=True,
    basis="proven against a build of dqlite 1.18.2",
)
_V1_18_6 = replace(
    _V1_18_2,
    name="1.18",
    dqlite="1.18.6",
    streams_lz4=True,
    closes_configuration_twice=False,
    checks_databases=True,
    basis="proven against a build of dqlite 1.18.6",
)
_MAIN = replace(
    _V1_18_6,
    name="main",
    dqlite="main",
    checks_configuration_bounds=True,
    basis="proven against a build of main of 2026-06, eight commits after 1.18.6",
)
LIBRARIES = (_V1_11, _V1_15, _V1_17, _V1_18_2, _V1_18_6, _MAIN)

NEWEST = _V1_18_6  # of the releases

# First release of each range, and the library that speaks for it: behaviour at start changed at these releases only.
_RANGES = (
    ((1, 11, 0), "1.11"),
    ((1, 12, 0), "1.15"),  # raft 0.16 to 0.18, stand-alone
    ((1, 16, 3), "1.17"),  # raft moved into dqlite's tree, assertions on
    ((1, 18, 2), "1.18.2"),
    ((1, 18, 3), "1.18"),
)


_NEWEST_RELEASE = tuple(int(part) for part in NEWEST.dqlite.split("."))
_KNOWN = f"{', '.join(one.name for one in LIBRARIES)}, and every release from 1.11.0 to {NEWEST.dqlite}"
_VERSION = re.compile(r"v?(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?(?:-\S*)?")


def library(version: str) -> Library:
    """The model for a version as a user names it: a name of the table, or any release from 1.11 to the newest known.

    A release between two of the table behaves as the older one.

    Raises:
        UsageError: the text is no version, or one that no model speaks for.
    """
    by_name = {one.name: one for one in LIBRARIES}
    if version in by_name:
        return by_name[version]
    digits = _VERSION.fullmatch(version.strip())
    if digits is None:
        raise UsageError(f"{masked_name(version)!r} is not a dqlite version; known: {_KNOWN}")
    wanted = (int(digits[1]), int(digits[2]), int(digits[3] or 0))
    fitting = [name for first, name in _RANGES if first <= wanted]
    if not fitting or wanted > _NEWEST_RELEASE:
        which = "newer" if fitting else "older"
        raise UsageError(f"dqlite {masked_name(version)} is {which} than the forecast knows; known: {_KNOWN}")
    return by_name[fitting[-1]]
