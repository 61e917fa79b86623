"""Lines between files, in a terminal session or a collector's output: prompts, headers, totals, remarks of cuts."""

from __future__ import annotations

import re
from dataclasses import dataclass

from forensics.ingest.listing.sizes import parse_printed
from forensics.ingest.roles import FileRole, role_of

_TOTAL_WORDS = (
    "total|totale|totalt|totaal|insgesamt|итого|всего|общо|загалом|合計|总计|总用量|總計|總用量|総計|합계|razem|celkem|celkom|toplam|"
    "yhteensä|összesen|σύνολο|kokku|viso|skupno|sveukupno|укупно|guztira|tổng"
)
_TOTAL = re.compile(rf"(?:{_TOTAL_WORDS})\s+([\d.,]+[KMGTP]?)i?B?", re.IGNORECASE)
_PROMPT_USER = re.compile(r"\(?\[?([\w.+-]{1,32})@([\w.-]{1,64})[:\s]\s?([^\s$#>\]]*)\]?\s?[$#>%]\s?(.*)")
_PROMPT_COMMANDS = (
    "ls|ll|l|la|dir|find|tree|tar|du|cd|cat|stat|file|wc|exa|eza|sha256sum|md5sum|microk8s|lxc|lxd|incus|juju|multipass|ssh|k8s|"
    "journalctl|systemctl"
)
_PROMPT_LATE = re.compile(  # a clock before the prompt
    rf"\S.*?\s([\w.+-]{{1,32}})@([\w.-]{{1,64}}):([^\s$#>]*)\s?[$#]\s+((?:sudo\s+)?(?:{_PROMPT_COMMANDS})(?![\w-]).*)"
)
_PROMPT_BARE = re.compile(
    rf"(?:([A-Za-z][\w.-]{{0,63}})(?:[:\s]\s?(/[^\s$#]*))?)?\s?[$#]\s+`?((?:sudo\s+)?(?:{_PROMPT_COMMANDS})(?![\w-]).*?)`?"
)
_PROMPT_ARROW = re.compile(
    rf"[\u279c\u276fλ»]\s+(?:\S{{1,64}}\s+){{0,3}}?((?:sudo\s+)?(?:{_PROMPT_COMMANDS})(?![\w-]).*)"
)
_USAGE = re.compile(r"([\d.,]+[KMGTP]?)\s+(\.|\.?/[\w./@+-]*)")
_HEADER = re.compile(  # go-dqlite's example names a directory after the node's address
    r"['\"]?((?:\.{0,2}/)?[\w.@+/ -]*[\w.@+/-]|/[\w.@+/ -]*/[\w.-]+:\d{1,5})['\"]?:"
)
_CUT = re.compile(
    r"\((?:excerpt|listing|output|list)?\s*(?:cut|truncated|snipp?ed|ends)\b"
    r"|\[?(?:(?<!\.)\.{3,}|…|<snip>|\[snip\]|-- ?more ?--)\]?\s*$|^\s*<truncated.*>\s*$",
    re.IGNORECASE,
)
# A command by itself on a line, as people paste it: nothing but options and paths behind it.
_COMMAND_ALONE = re.compile(
    r"`?(?:sudo\s+(?:-\S+\s+)*)?(?:ls|ll|find|tree|du|dir|vdir|stat|tar|exa|eza)(?:\s+[-./~$*{'\"][^\s]{0,300})*`?"
)
_REMOTE = re.compile(
    r"(?:sudo\s+)?(?:ssh|juju|lxc|incus|multipass)\s.{0,300}[\s'\"](?:ls|ll|find|tree|du|stat|tar)(?:\s.*)?"
)


@dataclass(frozen=True, slots=True)
class Prompt:
    """A shell prompt with its command, or a heading that names a host: where the following lines come from."""

    host: str | None
    cwd: str | None
    command: str


@dataclass(frozen=True, slots=True)
class Header:
    """`path:` before the files of a directory."""

    path: str


@dataclass(frozen=True, slots=True)
class Total:
    """`total N`: bytes of all blocks, as printed."""

    size: int


def is_cut(line: str) -> bool:
    """The line says that something was left out."""
    return _CUT.search(line) is not None


def parse_total(line: str) -> Total | None:
    """`total 180808` counts blocks of 1 KiB; `total 3.5G` is rounded up."""
    found = _TOTAL.fullmatch(line.strip())
    size = parse_printed(found[1]) if found else None
    if found is None or size is None:
        return None
    return Total(size * (1024 if found[1].isdigit() else 1))


def parse_usage(line: str) -> tuple[int, str] | None:
    """Bytes (rounded up) and directory of a `du` line about a directory: `26G  .`; blocks of 1 KiB without a unit."""
    found = _USAGE.fullmatch(line.strip())
    size = parse_printed(found[1]) if found else None
    if found is None or size is None or role_of(found[2].rpartition("/")[2]) is not FileRole.UNKNOWN:
        return None
    return size * (1024 if found[1].isdigit() else 1), found[2]


def parse_prompt(line: str) -> Prompt | None:
    """`user@host:dir# command`, `[user@host dir]$ command`, `host dir$ command`, `# command`, or the command alone."""
    text = line.strip()
    if found := _PROMPT_USER.fullmatch(text) or _PROMPT_LATE.fullmatch(text):
        return Prompt(found[2], found[3] or None, found[4].strip())
    if found := _PROMPT_BARE.fullmatch(text):
        return Prompt(found[1], found[2], found[3].strip())
    if found := _PROMPT_ARROW.fullmatch(text):
        return Prompt(None, None, found[1])
    if _COMMAND_ALONE.fullmatch(text) or _REMOTE.fullmatch(text):
        return Prompt(None, None, text.strip("`"))
    return None


def parse_header(line: str) -> Header | None:
    """`/a/b:` as `ls -R` and `ls a b` write it."""
    found = _HEADER.fullmatch(line.strip())
    return Header(found[1]) if found and "/" in found[1] else None
