"""The verdict: of the case, and of each database."""

from __future__ import annotations

from forensics.report.document.part import Level, Part


class Verdict(Part):
    """What it all comes to.

    Attributes:
        level: `broken` where a database cannot start, has no electable majority at hand, or loses committed entries by
            starting; `degraded` where it runs with less than it should; `attention` where something will bite later;
            `healthy` where everything was checked on full evidence and nothing above `info` was found; `unknown` where
            the evidence does not decide.
        summary: the case's headline as a sentence; of a database, its own.
    """

    level: Level
    summary: str


UNJUDGED = Verdict(level=Level.UNKNOWN, summary="")
