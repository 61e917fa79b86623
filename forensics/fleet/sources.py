"""Sources → cases: what is judged together.

A source is a folder, one upload, a glob, a list (`@FILE`, one a line), or a prefix of an object store. Each entry of a
folder or prefix is a case, and so is whatever a glob or a list names; with `case_by`, what the expression finds in a
path is.
"""

from __future__ import annotations

import glob
import hashlib
import os
import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow.fs as pafs

from forensics.errors import InputError, UsageError
from forensics.fleet.model import FleetCase
from forensics.fleet.store import filesystem, is_url
from forensics.ingest.paths import printable

_GLOB = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True)
class _Upload:
    """One input of a case, and what the case is called."""

    case: str
    path: str


def find_cases(sources: Iterable[str], case_by: str | None = None) -> list[FleetCase]:
    """All cases, by name. Raises InputError for a source that is not there, UsageError for a bad expression.

    Args:
        sources: see above.
        case_by: a regular expression that is searched for in the path of each file below a source. Its group `case`,
            else its first group, else all that it finds, is the case's name; the path up to there, and on to the end
            of that name, is the input. What it does not find in belongs to no case.
    """
    expression = _compiled(case_by)
    by_case: dict[str, set[str]] = defaultdict(set)
    for upload in _alone(sources) if expression is None else _together(sources, expression):
        by_case[upload.case].add(upload.path)
    return [case_of(name, sorted(paths)) for name, paths in sorted(by_case.items())]


def _compiled(case_by: str | None) -> re.Pattern[str] | None:
    try:
        return None if case_by is None else re.compile(case_by)
    except re.error as error:
        raise UsageError(f"--case-by {case_by}: {error}") from error


def _alone(sources: Iterable[str]) -> Iterator[_Upload]:
    """Each upload a case. Two folders of one name give cases of one name: the second has its whole path."""
    taken: dict[str, str] = {}
    for short, path in _named(sources):
        name = short if taken.setdefault(short, path) == path else path
        yield _Upload(name, path)


def _named(sources: Iterable[str]) -> Iterator[tuple[str, str]]:
    for source in sources:
        several = _opened_up(source)
        if several is not None:
            yield from ((path, path) for path in several)
            continue
        base = posixpath.basename(filesystem(source)[1].rstrip("/"))
        if _is_folder(source):
            yield from ((f"{base}/{name}", _joined(source, name)) for name in _entries(source))
        else:
            yield base, source


def _together(sources: Iterable[str], case_by: re.Pattern[str]) -> Iterator[_Upload]:
    for source in sources:
        for top in _opened_up(source) or [source]:
            _is_folder(top)
            yield from (one for path in _below(top) if (one := _matched(top, path, case_by)))


def _opened_up(source: str) -> list[str] | None:
    """What a list or a glob names; None for another source."""
    if source.startswith("@"):
        return _listed(source[1:])
    if not is_url(source) and not os.path.lexists(source) and _GLOB.search(source):
        return _globbed(source)
    return None


def _listed(path: str) -> list[str]:
    try:
        with open(path, encoding="utf-8") as file:
            return [line for text in file if (line := text.strip())]
    except (OSError, ValueError) as error:
        raise InputError(path, getattr(error, "strerror", None) or "not a list of paths, one a line") from error


def _globbed(pattern: str) -> list[str]:
    found = sorted(glob.glob(pattern, recursive=True))
    if not found:
        raise InputError(pattern, "nothing has such a name")
    return found


def _matched(source: str, path: str, case_by: re.Pattern[str]) -> _Upload | None:
    """The input is the part of the path that ends with the name in which the match ends."""
    match = case_by.search(path)
    if match is None:
        return None
    groups = match.groupdict()
    name = groups.get("case") or (match[1] if match.re.groups else match[0])
    end = path.find("/", max(match.end() - 1, 0))
    return _Upload(name or match[0], _joined(source, path if end < 0 else path[:end]))


def case_of(name: str, paths: Sequence[str]) -> FleetCase:
    """A case of these inputs, with its stamp."""
    digest, total = hashlib.sha256(), 0
    for path in paths:
        for line, size in _stamps(path):
            digest.update(line.encode("utf-8", "surrogateescape"))
            total += size
    return FleetCase(printable(name), tuple(paths), digest.hexdigest(), total)


def _stamps(path: str) -> Iterator[tuple[str, int]]:
    if is_url(path):
        yield from ((f"{one.path} {one.size} {one.mtime_ns}\n", one.size or 0) for one in _objects(path))
        return
    for file in _files(path):
        try:
            status = os.lstat(file)
        except OSError:
            continue  # the worker will say so
        yield f"{os.path.abspath(file)} {status.st_size} {status.st_mtime_ns}\n", status.st_size


def _files(path: str) -> Iterator[str]:
    if not os.path.isdir(path):
        yield path
        return
    for directory, folders, names in os.walk(path):
        folders.sort()
        yield from (os.path.join(directory, name) for name in sorted(names))


def _below(source: str) -> Iterator[str]:
    """Paths of all files below a source, relative to it."""
    if is_url(source):
        root = filesystem(source)[1]
        yield from (posixpath.relpath(one.path, root) for one in _objects(source) if one.path != root)
    else:
        yield from (os.path.relpath(path, source) for path in _files(source))


def _entries(source: str) -> list[str]:
    if is_url(source):
        root = filesystem(source)[1]
        names = {posixpath.relpath(one.path, root).partition("/")[0] for one in _objects(source)}
    else:
        names = set(os.listdir(source))
    return sorted(name for name in names if not name.startswith("."))


def _objects(url: str) -> list[Any]:
    files, root = filesystem(url)
    info = files.get_file_info(root)
    if info.type == pafs.FileType.File:
        return [info]
    selector = pafs.FileSelector(root, recursive=True)
    try:
        return sorted((one for one in files.get_file_info(selector) if one.type == pafs.FileType.File), key=_path_of)
    except OSError as error:
        raise InputError(url, "it cannot be listed") from error


def _path_of(one: Any) -> str:
    return str(one.path)


def _is_folder(source: str) -> bool:
    if is_url(source):
        files, root = filesystem(source)
        return bool(files.get_file_info(root).type != pafs.FileType.File)
    if not os.path.exists(source):
        raise InputError(source, "No such file or directory")
    return os.path.isdir(source)


def _joined(source: str, name: str) -> str:
    """With a URL's options behind it, which say where the object store is."""
    if not is_url(source):
        return os.path.join(source, name)
    place, mark, options = source.partition("?")
    return f"{place.rstrip('/')}/{name}{mark}{options}"
