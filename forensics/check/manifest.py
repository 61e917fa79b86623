"""fixture.toml → what to build and what to expect. Strict: an unknown key or a wrong type is an error."""

from __future__ import annotations

import tomllib
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from forensics.errors import UsageError

T = TypeVar("T")
FILE_NAME = "fixture.toml"


@dataclass(frozen=True, slots=True)
class Part:
    """State directories of one recording, and where they lie in the input.

    Attributes:
        based_on: name of a recording in a folder `bases` above the fixture.
        archive: instead of it, an archive in the fixture's own folder, whose files are `TOP/NODE/…`.
        nodes: which of its top directories; all of them where empty.
        layout: see layout.py.
        name: for paths of changes (`k8sd:n1/metadata1`) where a fixture has several parts.
        hosts: names of the hosts, where they differ from the directories'.
    """

    based_on: str = ""
    archive: str = ""
    nodes: tuple[str, ...] = ()
    layout: str = "plain"
    name: str = ""
    hosts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """One small described change; see change.py for what each `do` takes."""

    what: str
    do: str
    file: str
    to: str = ""
    offset: int = 0
    length: int = 0
    size: int = -1
    bit: int = 0
    hex: str = ""
    text: str = ""
    u64: int | None = None
    u32: int | None = None
    inside: str = ""
    times: int = 1
    start: int = 0
    checksums: str = "left"
    certificate: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExpectedFinding:
    """A finding that must be there. What is not given is not compared.

    Attributes:
        evidence: `{path = "suffix", offset = N, length = N}`; one of the finding's spans must match.
        kind: what is wrong, as the rule names it: `data-checksum` of `SEG001.data-checksum`.
        where: the rest of its key: file names, indexes, addresses, as texts.
        values: some of its values, as report.json has them; of a table, some of its keys.
    """

    rule: str
    severity: str = ""
    kind: str = ""
    where: tuple[str, ...] = ()
    values: dict[str, Any] = field(default_factory=dict)
    nodes: tuple[str, ...] = ()
    evidence: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Expect:
    """What the report must say.

    Attributes:
        verdict: its level; empty: not compared.
        exit: exit code of `analyze` with its default flags; -1: not compared.
        incomplete: as in the report.
        first: the first finding.
        also: findings that must be present.
        silent: rules that must have no finding.
        worst: no finding is worse than this.
    """

    verdict: str = ""
    exit: int = -1
    incomplete: bool = False
    first: ExpectedFinding | None = None
    also: tuple[ExpectedFinding, ...] = ()
    silent: tuple[str, ...] = ()
    worst: str = ""


@dataclass(frozen=True, slots=True)
class Fixture:
    """A fixture.toml, read.

    Attributes:
        name: `topic/name`, from its folder.
        folder: where it lies.
        title, why: for the reader.
        origin: who wrote the files that it starts from: `dqlite` (a recording), `handed over`, or `made by hand`.
        version: of dqlite, that wrote them.
        made: how, where the changes alone do not say it.
        pack: how the input is packed: `tar`, `tar.gz`, `tar.bz2`, `tar.xz`, `tar.zst`, `zip`,
            `directory`, or `text` (its only file is the input).
        case: notes of whoever owns the fixture: nothing here reads them.
        again: how else the same files are packed and given as further inputs (`tar.gz`).
        ends_before: the packed input breaks off before this file, a path in it; where it is packed as a tar.
        wrap: how a collector uploads it (build.py: `sosreport`, `sosreport-plugins`, `sos-collect`, `k8s-inspect`,
            `microk8s-inspect`), or nothing.
    """

    name: str
    folder: Path
    title: str
    why: str
    version: str
    expect: Expect
    parts: tuple[Part, ...]
    origin: str = "dqlite"
    made: str = ""
    pack: str = "tar"
    wrap: str = ""
    again: tuple[str, ...] = ()
    ends_before: str = ""
    case: dict[str, Any] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()


def find(paths: list[str]) -> list[Path]:
    """The fixture folders at or below the given paths. Raises UsageError where a path has none."""
    found: list[Path] = []
    for path in map(Path, paths):
        folder = path.parent if path.name == FILE_NAME else path
        below = sorted(manifest.parent for manifest in folder.rglob(FILE_NAME))
        if not below:
            raise UsageError(f"no {FILE_NAME} in {path}")
        found += [fixture for fixture in below if fixture not in found]
    return found


def load(folder: Path) -> Fixture:
    """Read one. Raises UsageError where it says what a fixture cannot say."""
    where = folder / FILE_NAME
    try:
        raw = tomllib.loads(where.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{where}: {error}") from error
    names = {"name": "/".join(folder.resolve().parts[-2:]), "folder": folder}
    parts = [_make(Part, part, f"{where}: part") for part in _pop_parts(raw)]
    changes = [_make(Change, change, f"{where}: change {n}") for n, change in enumerate(raw.pop("change", []), 1)]
    expect = _expect(raw.pop("expect", {}), f"{where}: expect")
    given = names | raw | {"parts": tuple(parts), "changes": tuple(changes), "expect": expect}
    return _make(Fixture, given, str(where))


def _pop_parts(raw: dict[str, Any]) -> list[dict[str, Any]]:
    """`[[part]]` tables, or the only part's keys at the top."""
    if "part" in raw:
        return list(raw.pop("part"))
    if not {"based_on", "archive"} & set(raw):
        return []
    return [{field.name: raw.pop(field.name) for field in fields(Part) if field.name in raw and field.name != "name"}]


def _expect(raw: dict[str, Any], where: str) -> Expect:
    if "first" in raw:
        raw["first"] = _make(ExpectedFinding, raw["first"], f"{where}.first")
    raw["also"] = tuple(_make(ExpectedFinding, also, f"{where}.also {n}") for n, also in enumerate(raw.get("also", [])))
    return _make(Expect, raw, where)


def _make(kind: type[T], raw: dict[str, Any], where: str) -> T:
    """A dataclass of a table; lists become tuples."""
    known = {field.name: field for field in fields(kind)}  # type: ignore[arg-type]
    hints = get_type_hints(kind)
    if unknown := sorted(set(raw) - set(known)):
        raise UsageError(f"{where}: unknown key {', '.join(unknown)}")
    if missing := [
        name for name, f in known.items() if name not in raw and f.default is MISSING and f.default_factory is MISSING
    ]:
        raise UsageError(f"{where}: no {', '.join(missing)}")
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in raw.items()}
    for name, value in values.items():
        if not isinstance(value, _types(hints[name])):
            raise UsageError(f"{where}: {name} is a {type(value).__name__}")
    return kind(**values)


def _types(hint: Any) -> tuple[type, ...]:
    """What isinstance needs to know of an annotation."""
    if isinstance(hint, UnionType):
        return tuple(kind for part in get_args(hint) for kind in _types(part))
    return (get_origin(hint) or hint,)
