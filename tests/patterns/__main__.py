"""`python -m tests.patterns`: every pattern that is slow, and every place that makes one where nobody looks."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Final

from tests.patterns.found import Found, found_patterns
from tests.patterns.slow import slow

MADE_AT_RUN_TIME: Final = {
    ("forensics/masking/text.py", "re.split(f'({theirs})', text)"): "words of ours, escaped",
    ("forensics/check/layout.py", "re.findall(f'\\\\b{key}: *(\\\\S+)', text)"): "fixtures of ours",
    ("forensics/ingest/collectors/api.py", "re.compile(row[0])"): "tables, seen while modules are loaded",
    ("forensics/parsers/messages/message.py", "re.compile(pattern, re.IGNORECASE)"): "tables, as above",
    ("forensics/fleet/sources.py", "re.compile(case_by)"): "a pattern that the user types",
    (
        "forensics/redact/policy.py",
        "re.compile(b'|'.join((b'(?:%b)' % pattern.encode() for pattern in self.keep)))",
    ): "patterns that the user types",
    (
        "forensics/redact/texts.py",
        "re.compile(b'%b|(?<![%b])(?:%b)(?![%b])' % (_SOMEBODYS, _LETTER, pattern, _LETTER))",
    ): "names of the input, escaped, beside a pattern that is looked at where it stands alone",
    ("forensics/rules/host/hst021_service.py", "re.fullmatch(wanted.replace('*', '\\\\d+'), unit)"): "names of units",
}
"""Calls inside of functions, with why they need no look here."""


def main() -> int:
    patterns, unknown = found_patterns()
    tools = import_module("forensics.ingest.collectors").COLLECTORS  # only now: what modules compile was watched

    patterns += [Found(tool.any_place.pattern, 0, f"all places of {tool.title}", anchored=True) for tool in tools]
    strange = [call for call in unknown if (call.where, call.call) not in MADE_AT_RUN_TIME]
    strange = [call for call in strange if "_BELOW" not in call.call]  # any_place, added above
    once = {(one.pattern, one.flags, one.anchored): one for one in patterns}
    bad = [found for one in once.values() if (found := slow(one))]
    for each in bad:
        print(f"{each.found.where}: {each.seconds * 1000:.0f} ms for {each.text[:80]!r}: {each.found.pattern!r}")
    for call in strange:
        print(f"{call.where}: makes a pattern at run time: {call.call}")
    print(f"{len(once)} patterns, {len(bad)} slow, {len(strange)} unknown")
    return int(bool(bad or strange))


if __name__ == "__main__":
    sys.exit(main())
