"""The store: a directory, or a prefix of an object store. Whatever has a name in it is whole.

    reports/KEY.json.zst    report.json of one set of inputs
    aside/KEY.json          why inputs could not be judged, after all tries
    notes/TIME-ID.json      what people wrote of cases
    tables/vN/              Parquet: parquet.py

Files come through pyarrow, whose S3, GCS and Azure are in its wheel: nothing else is needed for object stores.
"""

from __future__ import annotations

import fcntl
import os
import posixpath
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import msgspec
import pyarrow as pa
import pyarrow.fs as pafs
import zstandard

from forensics.errors import InputError, UsageError
from forensics.fleet.model import Failure, State
from forensics.limits import REPORT_BYTES_MAX

if TYPE_CHECKING:
    from forensics.report.document import Document

T = TypeVar("T")

_KEY_SHOWN = 12  # characters: the first of a digest, as git shows them


class Aside(msgspec.Struct, frozen=True):
    """Why inputs were set aside: the last state, and all tries."""

    state: State
    failures: tuple[Failure, ...]


def is_url(path: str) -> bool:
    """It names an object store, and no directory of this machine."""
    return "://" in path


def filesystem(url: str) -> tuple[Any, str]:
    """What a directory or URL lies on, and its path there. Raises UsageError for a URL that nothing knows.

    A URL with a password in it is refused: it would stand in tables and messages.
    """
    if not is_url(url):
        return pafs.LocalFileSystem(), os.path.abspath(url)
    if "@" in urlsplit(url).netloc:
        raise UsageError("a URL holds a password: give it in the environment (AWS_ACCESS_KEY_ID and the like)")
    try:
        files, root = pafs.FileSystem.from_uri(url)
    except (pa.ArrowException, ValueError) as error:
        raise UsageError(f"{url}: no object store that is known: s3://, gs:// and abfss:// are") from error
    return files, root


class Store:
    """A store, there or not yet.

    Args:
        url: a directory, or `s3://bucket/prefix`.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.files, self.root = filesystem(url)
        self.is_local = not is_url(url)

    def path(self, *names: str) -> str:
        """The path of something in it."""
        return posixpath.join(self.root, *names)

    def put(self, content: bytes, *names: str) -> None:
        """Write a file, which has its name only once it is whole. Raises OSError."""
        path = self.path(*names)
        if not self.is_local:  # an object appears when it is complete
            with self.files.open_output_stream(path, compression=None) as out:
                out.write(content)
            return
        os.makedirs(os.path.dirname(path), exist_ok=True)
        beside = f"{path}.{uuid.uuid4().hex}.part"
        try:
            with open(beside, "xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(beside, path)
        finally:
            with suppress(OSError):
                os.unlink(beside)

    def get(self, *names: str) -> bytes | None:
        """What a file holds; None where there is none. Raises OSError."""
        try:
            with self.files.open_input_stream(self.path(*names), compression=None) as file:
                return bytes(file.read())
        except FileNotFoundError:
            return None

    def decoded(self, kind: type[T], *names: str) -> T | None:
        """What a JSON file holds; None where there is none. Raises OSError, or InputError where it is damaged."""
        raw = self.get(*names)
        try:
            return None if raw is None else msgspec.json.decode(raw, type=kind)
        except msgspec.MsgspecError as error:
            raise InputError(self.url, f"a file of the store is damaged ({posixpath.join(*names)})") from error

    def names(self, *folder: str) -> list[str]:
        """Of the files in a folder, sorted; parts of files that were never finished are none."""
        selector = pafs.FileSelector(self.path(*folder), allow_not_found=True)
        return sorted(
            one.base_name
            for one in self.files.get_file_info(selector)
            if one.type == pafs.FileType.File and not one.base_name.endswith(".part")
        )

    def delete(self, *names: str) -> None:
        """Remove a file; one that is gone already is no error."""
        with suppress(FileNotFoundError):
            self.files.delete_file(self.path(*names))

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Nobody else writes the tables meanwhile: on one machine. On an object store one program at a time may."""
        if not self.is_local:
            yield
            return
        os.makedirs(self.root, exist_ok=True)
        with open(os.path.join(self.root, "lock"), "w", encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def put_report(self, key: str, packed: bytes) -> None:
        """Store a report, packed by zstd."""
        self.put(packed, "reports", f"{key}.json.zst")

    def has_report(self, key: str) -> bool:
        """It is there."""
        return bool(self.files.get_file_info(self.path("reports", f"{key}.json.zst")).type == pafs.FileType.File)

    def report_text(self, key: str) -> bytes:
        """The bytes of a report.json. Raises InputError where it is gone or damaged."""
        packed = self.get("reports", f"{key}.json.zst")
        if packed is None:
            raise InputError(self.url, f"a report is not in the store (reports/{key[:_KEY_SHOWN]}…)")
        try:
            if zstandard.frame_content_size(packed) > REPORT_BYTES_MAX:
                raise InputError(self.url, f"a report in the store is larger than {REPORT_BYTES_MAX} bytes")
            return zstandard.ZstdDecompressor().decompress(packed)
        except zstandard.ZstdError as error:
            raise InputError(self.url, f"a report in the store is damaged (reports/{key[:_KEY_SHOWN]}…)") from error

    def report(self, key: str) -> Document:
        """A report. Raises InputError where it is gone or damaged."""
        from forensics.report.stored import parse_report  # noqa: PLC0415 - questions to the tables do without

        return parse_report(self.report_text(key), f"{self.url}: reports/{key[:_KEY_SHOWN]}…")

    def put_aside(self, key: str, aside: Aside) -> None:
        """Store why inputs were set aside."""
        self.put(msgspec.json.encode(aside), "aside", f"{key}.json")

    def aside(self, key: str) -> Aside | None:
        """Why inputs were set aside; None where they were not. Raises InputError where that is damaged."""
        return self.decoded(Aside, "aside", f"{key}.json")


def opened(url: str) -> Store:
    """A store that is there. Raises InputError where there is none."""
    store = Store(url)
    if not any(store.names("tables", version) for version in _versions(store)):
        raise InputError(url, "no store of `fleet run` is there")
    return store


def _versions(store: Store) -> list[str]:
    selector = pafs.FileSelector(store.path("tables"), allow_not_found=True)
    return [one.base_name for one in store.files.get_file_info(selector) if one.type == pafs.FileType.Directory]
