"""The records of stat(1), several lines a file, in any language: their shape tells, not their words."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from forensics.evidence import Span
from forensics.ingest.listing.dates import find_when
from forensics.ingest.listing.rows import File, make
from forensics.ingest.roles import FileRole, role_of

_NAME = re.compile(r"\s{0,12}[^\s:\uff1a][^:\uff1a]{0,24}?\s?[:\uff1a]\s{0,24}(\S.*)")
_SIZE = re.compile(
    r"\s{0,12}[^\s:\uff1a][^:\uff1a]{0,24}?\s?[:\uff1a]\s?(\d{1,18})\s+\S[^:\uff1a]{0,24}[:\uff1a]\s?\d+(?:\s.*)?"
)
_MODE = re.compile(
    r".{0,40}[(\uff08]\d{4,5}/([-dlspbc][-rwxsStT]{9})[)\uff09].{0,40}?[(\uff08]\s*\d+/\s*(\S+)[)\uff09](?:.{0,40}?[(\uff08]\s*\d+/\s*(\S+)[)\uff09])?.*"
)
_TIME = re.compile(r"\s{0,12}[^\s:\uff1a][^:\uff1a]{0,24}?\s?[:\uff1a]\s{0,24}(\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}.*)")


_RECORD_LINES = 8


@dataclass(slots=True)
class StatReader:
    """Reads on from line to line.

    Attributes:
        name: of the line before, which may name a file.
        file: of the record at hand, as far as it was read; None outside of one.
        begun: the last line gave a new file; else it told more of the one before.
    """

    name: str | None = None
    file: File | None = None
    begun: bool = False
    _left: int = 0
    _times: int = 0  # met in this record: access, then modification

    @property
    def names_a_file(self) -> bool:
        """The last line may be a record's first: it ends in a path, or in a name of a state directory."""
        return self.name is not None and ("/" in self.name or role_of(self.name.strip("'\"")) is not FileRole.UNKNOWN)

    def take(self, line: str, at: Span) -> File | None:
        """The record's file, where the line belongs to one; else None."""
        self.begun = self.name is not None and (size := _SIZE.fullmatch(line)) is not None
        if self.name is not None and self.begun and size:
            self.file = make(self.name, at, printed=size[1])
            self.name, self._times, self._left = None, 0, _RECORD_LINES
            return self.file
        named = _NAME.fullmatch(line)
        self.name = named[1] if named else None
        self._left -= 1
        if self.file is None or named is None or self._left < 0:
            self.file = None
            return None
        if mode := _MODE.fullmatch(line):
            self.file = self._with_mode(self.file, mode)
        elif time := _TIME.fullmatch(line):
            self._times += 1
            dated = find_when(f"{time[1]} ")
            if self._times == 2 and dated:
                self.file = replace(self.file, listed=replace(self.file.listed, when=dated.when))
        return self.file

    @staticmethod
    def _with_mode(file: File, mode: re.Match[str]) -> File:
        listed = file.listed
        owner = f"{mode[2]}:{mode[3]}" if mode[3] else mode[2]
        name = f"{file.path} -> {listed.target}" if listed.target else file.path
        return make(name, listed.at, mode=mode[1], printed=file.printed, owner=owner)
