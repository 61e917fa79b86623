"""What a directory holds that `repair` puts together: read from the bytes that it would write."""

from __future__ import annotations

import re

from forensics.case.answer import DatabaseAnswer
from forensics.facts.cluster.cluster import Cluster
from forensics.repair.choice import Choices, Refused
from forensics.repair.contents import Contents, FileContent, MadeFile
from forensics.repair.log import Wish
from tests.held.raw_log import Entry, read_log

_SNAPSHOT = re.compile(r"^snapshot-(\d+)-(\d+)-\d+$")


class Rebuilt:
    """One directory.

    Attributes:
        contents: what would be written; None where `repair` refuses.
        log: its entries by index.
        covered: (index, term) of its newest snapshot; zeros without one.
        lost: (first, last) of entries that it has not got, as it says.
    """

    def __init__(self, cluster: Cluster, answer: DatabaseAnswer, name: str) -> None:
        made = Choices(cluster, answer).of(name, Wish())
        self.contents: Contents | None = None if isinstance(made, Refused) else made
        files = {one.name: _bytes(one) for one in self.contents.files} if self.contents else {}
        self.log: dict[int, Entry] = read_log(files)
        found = (_SNAPSHOT.match(file) for file in files)
        self.covered = max(((int(one[2]), int(one[1])) for one in found if one), default=(0, 0))
        self.lost = [(span.first, span.last) for span in self.contents.lost] if self.contents else []


def _bytes(content: FileContent | MadeFile) -> bytes:
    """Of one file as it would be written."""
    if isinstance(content, MadeFile):
        return b"".join(content.content())
    data = bytearray(content.blob.read())
    for change in content.changes:
        data[change.offset] = change.new
    return bytes(data)
