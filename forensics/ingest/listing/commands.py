"""A command as somebody typed it: where it ran, what it lists."""

from __future__ import annotations

import posixpath
import re
import shlex
from dataclasses import dataclass

from forensics.ingest.roles import FileRole, role_of

LISTING_COMMANDS = frozenset(
    {"ls", "ll", "l", "la", "dir", "vdir", "find", "tree", "du", "exa", "eza", "stat", "tar", "wc"}
)
_BEFORE = frozenset({"sudo", "-E", "-i", "-u", "root", "nice", "time", "busybox", "LANG", "LC_ALL"})
_HOST_FOLLOWS = {"ssh": 1, "juju": 2, "lxc": 2, "incus": 2, "multipass": 2}  # behind so many words
_WITH_VALUE = frozenset({"-i", "-p", "-o", "-l", "-J", "-F", "-m", "-L", "-e", "--env", "--cwd"})  # options

_FILTERS = frozenset({"head", "tail", "grep", "egrep"})
_TESTS = frozenset({"-name", "-iname", "-mtime", "-mmin", "-newer", "-size", "-newermt", "-regex", "-empty"})


@dataclass(frozen=True, slots=True)
class Command:
    """One command.

    Attributes:
        name: `ls`; empty where nothing is known.
        host: that it ran on, where the command itself says (`ssh n1 ls`).
        words: all of it.
    """

    name: str
    host: str | None
    words: tuple[str, ...]

    @property
    def prints_bytes(self) -> bool:
        """Its bare numbers are bytes."""
        return self.name in ("wc", "stat") or (self.name == "find" and any("%s" in word for word in self.words))

    @property
    def is_partial(self) -> bool:
        """It prints some of the files only: a filter behind it, names or patterns as its arguments, tests of find."""
        if self.name not in LISTING_COMMANDS:
            return False
        paths = [word for word in self.words[1:] if not word.startswith("-")]
        some = any(re.search(r"[*?\[]", word.removesuffix("/*")) and word != "*" for word in paths)
        named = any(_names_a_file(word) for word in paths)
        only = self.name == "find" and (_TESTS & set(self.words) or "-type d" in " ".join(self.words))
        return bool(some or named or only or _FILTERS & set(self.words))

    @property
    def lists_all(self) -> bool:
        """It lists files, and leaves none out that are not hidden."""
        return self.name in LISTING_COMMANDS and not self.is_partial

    def directory(self) -> str | None:
        """The first path that it lists, as written; None where it names none."""
        if self.name not in LISTING_COMMANDS:
            return None
        return next((word for word in self.words[1:] if "/" in word and not word.startswith("-")), None)


def read_command(text: str) -> Command:
    """What was typed behind a prompt; of a command in backticks, nothing that is said behind it."""
    quoted = re.match(r"\s*+`?([^`]+)`", text)
    text = quoted[1] if quoted else text
    try:
        words = shlex.split(text, comments=True)
    except ValueError:
        words = text.split()
    words = _plain(words)
    host = None
    if words and words[0] in _HOST_FOLLOWS:
        host, words = _remote(words)
    return Command(words[0] if words else "", host, tuple(words))


def _plain(words: list[str]) -> list[str]:
    while words and (words[0] in _BEFORE or re.match(r"\w+=", words[0])):
        words = words[1:]
    return words


def _remote(words: list[str]) -> tuple[str | None, list[str]]:
    """Host and command of `ssh [options] [user@]host command`, `lxc exec host -- command`."""
    rest = words[_HOST_FOLLOWS[words[0]] :]
    while rest and rest[0].startswith("-"):
        rest = rest[2:] if rest[0] in _WITH_VALUE else rest[1:]
    if not rest or not re.fullmatch(r"[\w.@/-]{1,97}", rest[0]):
        return None, words
    inner = [word for word in rest[1:] if word != "--"]
    if len(inner) == 1:
        inner = inner[0].split()
    return rest[0].rpartition("@")[2], _plain(inner)


def _names_a_file(path: str) -> bool:
    return role_of(posixpath.basename(path)) not in (FileRole.UNKNOWN, FileRole.RECOVERY)


def join(base: str | None, path: str) -> str | None:
    """A path of a session, made absolute where it can be."""
    path = (path.rstrip("*").removesuffix("/") if path.endswith("*") else path) or path
    if path.startswith("/"):
        return posixpath.normpath(path)
    if base is None:
        return posixpath.normpath(path) if path not in (".", "./") and not path.startswith("~") else None
    return posixpath.normpath(posixpath.join(base, path))


def listed_directory(command: Command, cwd: str | None) -> str | None:
    """The directory whose files the command prints."""
    path = command.directory()
    directory = join(cwd, path) if path else cwd
    if directory and _names_a_file(directory):
        return posixpath.dirname(directory)  # `ls -l …/cluster.yaml`
    return directory
