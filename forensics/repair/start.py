"""What starts of a result come to: of one that was written, version by version, read from the disk again; before that,
of what would be written, for the version that runs the node.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from forensics.errors import UsageError
from forensics.evidence import Blob, BytesBlob, PathBlob
from forensics.forecast.files import StateFile
from forensics.forecast.model import Forecast, forecast
from forensics.forecast.reasons import Outcome
from forensics.forecast.versions import LIBRARIES
from forensics.repair.contents import Contents, FileContent, MadeFile


def starts_of(folder: Path, contents: Contents) -> list[Forecast]:
    """One for each version that is known, the one that runs the node first.

    Raises UsageError where that one would not start with every entry that was promised.
    """
    files = {
        path.name: StateFile(PathBlob(path.name, path.stat().st_size, str(path))) for path in sorted(folder.iterdir())
    }
    own = contents.choice.library
    found = [forecast(files, one, contents.id) for one in (own, *(one for one in LIBRARIES if one is not own))]
    if not _is_promised(found[0], contents):
        raise UsageError(f"{contents.node} is not repaired: the result would not start with all that was found for it")
    return found


def would_start(contents: Contents) -> bool:
    """What would be written starts with every entry that is promised."""
    files = {content.name: StateFile(_blob(content)) for content in contents.files}
    return _is_promised(forecast(files, contents.choice.library, contents.id), contents)


@dataclass(frozen=True)
class _Made(Blob):
    """A file that is made when it is read: none of it is held."""

    path: str
    content: Callable[[], Iterator[bytes]] = field(repr=False)

    @cached_property
    def size(self) -> int:  # type: ignore[override]  # an attribute there
        """Bytes that it will have."""
        return sum(map(len, self.content()))

    def read(self, offset: int = 0, length: int | None = None) -> bytes:
        """See Blob.read."""
        made = b"".join(self.content())
        return made[offset:] if length is None else made[offset : offset + length]


def _blob(content: FileContent | MadeFile) -> Blob:
    if isinstance(content, MadeFile):
        return _Made(content.name, content.content)
    if not content.changes:
        return content.blob
    data = bytearray(content.blob.read())
    for change in content.changes:
        data[change.offset] = change.new
    return BytesBlob(content.name, bytes(data))


def _is_promised(said: Forecast, contents: Contents) -> bool:
    if said.outcome is not Outcome.STARTS or said.loaded is None or said.started is None:
        return False
    return bool(said.started.configuration) and (contents.last is None or said.loaded.log.last == contents.last)
