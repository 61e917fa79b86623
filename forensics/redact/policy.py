"""What whoever owns the evidence says of it beforehand: words that stay, names that go, files that are left out.

The settings of `sos clean` that people know: its keywords are `names` here, its files to skip `leave_out`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from forensics.errors import UsageError


@dataclass(frozen=True, slots=True)
class Policy:
    """Attributes:
    keep: patterns of words that stay everywhere; a pattern is for a whole word.
    names: names of hosts, people, products that go everywhere, even where they are words of the language.
    leave_out: patterns of paths, with `*` and `?`, of files that are not copied at all.
    """

    keep: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    leave_out: tuple[str, ...] = ()

    def kept(self) -> re.Pattern[bytes] | None:
        """All of `keep` as one pattern. Raises UsageError for one that is none."""
        if not self.keep:
            return None
        try:
            return re.compile(b"|".join(b"(?:%b)" % pattern.encode() for pattern in self.keep))
        except re.error as error:
            raise UsageError(f"--keep: not a regular expression: {error}") from error

    def leaves_out(self, path: str) -> bool:
        """Whether a file is not copied, by its path in the input or by its name."""
        name = path.rpartition("/")[2]
        return any(fnmatchcase(one, pattern) for pattern in self.leave_out for one in (path, name))


def read_policy(path: str | None, keep: Iterable[str] = ()) -> Policy:
    """The policy file, and what the command line adds. Raises UsageError where it says what no policy says."""
    if path is None:
        return Policy(keep=tuple(keep))
    try:
        raw = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path}: {error}") from error
    known = set(Policy.__dataclass_fields__)
    if unknown := sorted(set(raw) - known):
        raise UsageError(f"{path}: unknown key {', '.join(unknown)}; there are {', '.join(sorted(known))}")
    for key, value in raw.items():
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise UsageError(f"{path}: {key} is not a list of texts")
    given = {key: tuple(value) for key, value in raw.items()}
    return Policy(
        keep=(*given.get("keep", ()), *keep), names=given.get("names", ()), leave_out=given.get("leave_out", ())
    )
