"""A fixture → the input that `analyze` would be given, in memory or in a private directory."""

from __future__ import annotations

import gzip
import io
import lzma
import os
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from forensics.check import collectors
from forensics.check.change import apply
from forensics.check.layout import Placed, place
from forensics.check.manifest import Fixture, Part
from forensics.check.tree import File, Tree, read_recording, tar_of
from forensics.errors import UsageError


def build(fixture: Fixture) -> Tree:
    """All files of the input, by path: recordings, layouts, changes, wrapping, in this order."""
    placed = Placed()
    for part in fixture.parts:
        place(part, _nodes(fixture, part), placed)
    for change in fixture.changes:
        apply(placed.tree, change, placed.resolve)
    wrap = _WRAPS.get(fixture.wrap)
    if wrap is None:
        raise UsageError(f"{fixture.name}: no wrapping {fixture.wrap}")
    return wrap(placed.tree)


def pack(tree: Tree, how: str, ends_before: str = "") -> bytes:
    """The tree as one archive, which may break off before a file. Raises UsageError for a kind that is not known."""
    if ends_before and how not in _COMPRESSORS:
        raise UsageError(f"an input that is packed as {how} does not break off between files")
    if how == "zip":
        return _zip(tree)
    if how == "text":
        if len(tree) != 1:
            raise UsageError(f"an input that is a text is one file, not {len(tree)}")
        return next(iter(tree.values())).content
    return compressed(tar_of(tree, ends_before), how)


def compressed(content: bytes, how: str) -> bytes:
    """A tar as it is packed. Raises UsageError for a kind that is not known."""
    compress = _COMPRESSORS.get(how)
    if compress is None:
        raise UsageError(f"no way to pack {how}")
    return compress(content)


def write(tree: Tree, directory: Path) -> None:
    """The tree as files below `directory`. Raises UsageError where a path, or a link on it, leads out of there."""
    for path, file in tree.items():
        where = directory / path
        if ".." in path.split("/") or not where.parent.resolve().is_relative_to(directory.resolve()):
            raise UsageError(f"{path} leads out of the input")
        where.parent.mkdir(parents=True, exist_ok=True)
        if file.target:
            where.symlink_to(file.target)
        else:
            where.write_bytes(file.content)
            where.chmod(file.mode)
        os.utime(where, (file.mtime, file.mtime), follow_symlinks=False)  # dates are judged at the newest of them
    for folder, mtime in _folders(tree).items():
        os.utime(directory / folder, (mtime, mtime))


def _folders(tree: Tree) -> dict[str, int]:
    """When the newest file in each was written: a folder of the name of a segment is one of the files, too."""
    times: dict[str, int] = {}
    for path, file in tree.items():
        for folder in map(str, PurePosixPath(path).parents):
            times[folder] = max(times.get(folder, 0), file.mtime)
    return times


def _nodes(fixture: Fixture, part: Part) -> dict[str, Tree]:
    """The part's state directories by name, in the order asked for."""
    bases = next((parent / "bases" for parent in fixture.folder.resolve().parents if (parent / "bases").is_dir()), None)
    if part.archive:
        archive = fixture.folder / part.archive
    elif bases is None:
        raise UsageError(f"{fixture.name}: no folder `bases` above it")
    else:
        archive = bases / f"{part.based_on}.tar.xz"
    recorded = read_recording(archive.resolve())
    if not recorded:
        raise UsageError(f"{fixture.name}: {archive.name} has no file TOP/NODE/NAME")
    if missing := [node for node in part.nodes if node not in recorded]:
        raise UsageError(f"{fixture.name}: {archive.name} has no {', '.join(missing)}")
    return {node: dict(recorded[node]) for node in part.nodes or sorted(recorded)}


# --- wrapping ---


def _sos_collect(tree: Tree) -> Tree:
    """As `sos collect`: one archive that holds the reports of all hosts, each packed."""
    reports = collectors.sosreports(tree)
    top = f"sos-collector-{collectors.DATE}-fixture"
    packed = {
        f"{top}/{report}.tar.xz": File(pack({p: f for p, f in reports.items() if p.startswith(f"{report}/")}, "tar.xz"))
        for report in sorted({path.partition("/")[0] for path in reports})
    }
    return packed | {f"{top}/sos_logs/ui.log": File(b"made by hand\n", 0o644)}


_WRAPS: dict[str, Callable[[Tree], Tree]] = {
    "": lambda tree: tree,
    "sosreport": collectors.sosreports,
    "sosreport-plugins": collectors.sosreports_by_plugins,
    "sos-collect": _sos_collect,
    "k8s-inspect": collectors.k8s_inspect,
    "microk8s-inspect": collectors.microk8s_inspect,
}


# --- packing ---


def _zip(tree: Tree) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for path in sorted(tree):
            info = zipfile.ZipInfo(path)  # its date stays 1980: the same bytes every time
            info.external_attr = (0o100000 | tree[path].mode) << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, tree[path].content)
    return buffer.getvalue()


def _zstd(content: bytes) -> bytes:
    import zstandard  # noqa: PLC0415 - only where needed

    return zstandard.ZstdCompressor(level=1).compress(content)


def _lz4(content: bytes) -> bytes:
    import lz4.frame  # noqa: PLC0415 - only where needed

    packed: bytes = lz4.frame.compress(content)
    return packed


def _bzip2(content: bytes) -> bytes:
    import bz2  # noqa: PLC0415 - only where needed

    return bz2.compress(content, 1)


_COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    "tar": lambda content: content,
    "tar.gz": lambda content: gzip.compress(content, 1, mtime=0),
    "tar.xz": lambda content: lzma.compress(content, preset=0),
    "tar.bz2": _bzip2,
    "tar.zst": _zstd,
    "tar.lz4": _lz4,
}
