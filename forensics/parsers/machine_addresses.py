"""Addresses that a machine has, as its tools print them among other things in a text.

Forms: `ip addr` in its long, one-line (`-o`) and brief (`-br`) form, `ifconfig` old and new, `hostname -I`. What a text
shows in part tells nothing: `ip addr` and `ifconfig` count where their loopback interface is there, once.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from forensics.evidence import Blob, Span
from forensics.ingest.listing.sessions import parse_prompt
from forensics.ingest.listing.text import clean, is_logged, text_lines
from forensics.limits import HOST_TEXT_BYTES_MAX

_MAY_SHOW = re.compile(rb"\b127\.0\.0\.1\b|\bhostname (?:-I|--all-ip-addresses)\b")
_INET = re.compile(r"\binet6?\s+(?:addr:\s?)?([^\s/%]+)")
_BRIEF = re.compile(r"\s*[\w.@:-]{1,40}\s+(?:UP|DOWN|UNKNOWN|LOWERLAYERDOWN)\s+(?=[0-9a-fA-F:.]+/\d)(.*)")
_WITH_LENGTH = re.compile(r"(?<!\S)([0-9a-fA-F:.]+)/\d{1,3}(?!\S)")
_HOSTNAME = re.compile(r"\bhostname (?:-I|--all-ip-addresses)\b[`:]?\s*(?P<rest>.*)")


@dataclass(frozen=True, slots=True)
class MachineAddresses:
    """What one machine has.

    Attributes:
        addresses: without loopback and link-local ones, each with its line.
        host: as the prompt before it names the machine; None where there is none.
    """

    addresses: dict[str, Span]
    host: str | None = None


@dataclass(slots=True)
class _Section:
    """What stands behind one prompt."""

    host: str | None = None
    found: dict[str, Span] = field(default_factory=dict)
    loopbacks: int = 0
    masked: bool = False  # one was made unreadable by whoever pasted it
    told_all: bool = False  # by `hostname -I`, which leaves loopback out
    awaits: bool = False  # the line behind `hostname -I`

    def add(self, texts: list[str], at: Span) -> None:
        self.loopbacks += "127.0.0.1" in texts
        self.masked = self.masked or not all(map(_is_address, texts))
        self.found |= {text.lower(): at for text in texts if is_own_address(text)}

    def take_hostname(self, line: str, at: Span) -> bool:
        """The line is `hostname -I`, or its answer."""
        asked = _HOSTNAME.search(line)
        words = (asked["rest"] if asked else line if self.awaits else "").split()
        self.awaits = asked is not None and not words
        if words and all(map(_is_address, words)):
            self.add(words, at)
            self.told_all = True
        return asked is not None


def machine_addresses(blob: Blob) -> Iterator[MachineAddresses]:
    """Each machine of a text, in order; what stands between two prompts is of one."""
    if not _MAY_SHOW.search(blob.read(0, min(blob.size, HOST_TEXT_BYTES_MAX))):
        return
    section = _Section()
    for text, at in text_lines(blob, HOST_TEXT_BYTES_MAX):
        line = clean(text)
        if is_logged(line):
            continue
        if prompt := parse_prompt(line):
            yield from _told(section)
            section = _Section(prompt.host or section.host)
        if section.take_hostname(line, at):
            continue
        brief = _BRIEF.fullmatch(line)
        section.add(_WITH_LENGTH.findall(brief[1]) if brief else _INET.findall(line), at)
    yield from _told(section)


def _told(section: _Section) -> Iterator[MachineAddresses]:
    if section.found and not section.masked and (section.loopbacks == 1 or section.told_all):
        yield MachineAddresses(section.found, section.host)


def is_own_address(text: str) -> bool:
    """An address that other machines may know this one by."""
    if not _is_address(text):
        return False
    address = ipaddress.ip_address(text)
    return not (address.is_loopback or address.is_link_local or address.is_unspecified)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
