"""Names of files: what is refused, how the rest is written, and where links lead. Nothing here touches the disk."""

from __future__ import annotations

import posixpath
from contextlib import suppress

from forensics.limits import PATH_BYTES_MAX


def printable(name: str) -> str:
    """A name that can be shown and stored as UTF-8: undecodable bytes and control characters are escaped."""
    if name.isprintable():  # which a lone surrogate is not
        return name
    with suppress(UnicodeError):  # a locale without UTF-8 took its bytes one by one
        name = name.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")
    text = name.encode("utf-8", "backslashreplace").decode("utf-8")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def refusal_of_name(name: str) -> tuple[str, str] | None:
    """Code and reason where a file's name is refused, else None."""
    if len(name.encode("utf-8", "surrogateescape")) > PATH_BYTES_MAX:
        return "name-long", f"the name is longer than {PATH_BYTES_MAX} bytes (PATH_BYTES_MAX)"
    if ".." in name.split("/"):
        return "name-parent", "`..` in the name"
    if not normal(name):
        return "name-empty", "an empty name"
    return None


def normal(name: str) -> str:
    """`./a//b/` and `/a/b` as `a/b`."""
    return "/".join(part for part in name.split("/") if part not in ("", "."))


def resolve(link_path: str, target: str) -> str | None:
    """The file that a link leads to, by name; None where it leaves its archive.

    A nested archive (`outer.tar!/…`) is left by no link.
    """
    if target.startswith("/") or not target:
        return None
    root, bang, inner = link_path.rpartition("!/")
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(inner), target))
    if joined == ".." or joined.startswith("../") or joined == ".":
        return None
    return f"{root}{bang}{joined}"
