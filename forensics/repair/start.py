"""What starts of a directory that was written come to, version by version: read from the disk again."""

from __future__ import annotations

from pathlib import Path

from forensics.errors import UsageError
from forensics.evidence import PathBlob
from forensics.forecast.files import StateFile
from forensics.forecast.model import Forecast, forecast
from forensics.forecast.reasons import Outcome
from forensics.forecast.versions import LIBRARIES
from forensics.repair.contents import Contents


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


def _is_promised(said: Forecast, contents: Contents) -> bool:
    if said.outcome is not Outcome.STARTS or said.loaded is None or said.started is None:
        return False
    return bool(said.started.configuration) and (contents.last is None or said.loaded.log.last == contents.last)
