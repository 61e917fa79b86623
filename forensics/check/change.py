"""The changes that a fixture may describe, applied in memory.

| do | takes | what it does |
|---|---|---|
| flip | offset, bit | one bit |
| set | offset, and hex, text, u32 or u64 | bytes overwritten |
| zero | offset, length | bytes zeroed |
| cut | size | the file ends there |
| append | hex or text, or size | bytes (zeros for size) added |
| insert | offset, and hex or text | bytes put between |
| remove | offset, length | bytes taken out |
| write | text, hex or size | the file is made, or made anew |
| delete | - | no such file |
| rename | to | another name in the same directory |
| copy | to | a second file |
| move | to | a folder, with all that is in it, to another path |
| tarball | to, text | a gzip-compressed tar of the files in folder `to`, without those that `text` names |
| link | to | a symbolic link to `to` |
| unpack | - | an LZ4 frame is replaced by what it holds |
| join | to | what `to` holds is added at the end |
| trust | certificate | a truststore entry: another certificate in it |
| chmod | text | its permissions, in octal |
| issue | to, certificate | another certificate, and its key in `to`; for `{label, names, …}` see pki.issue |

A negative offset counts from the end. `inside = "lz4"` edits what an LZ4 frame holds, and packs it again.
`times` repeats a change; `{n}` in `file` and `to` counts from `start`, in any of Python's formats (`{n:016}`).
`checksums = "right"` makes those of a segment or a snapshot's `.meta` right again afterwards.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import replace

from forensics.check import pki
from forensics.check.checksums import made_right
from forensics.check.manifest import Change
from forensics.check.tree import File, Tree, edited, tar_of
from forensics.errors import UsageError


def apply(tree: Tree, change: Change, resolve: Callable[[str], str]) -> None:
    """Do it. Raises UsageError where the file or the range is not there: a fixture must not quietly change nothing.

    Args:
        tree: changed in place.
        change: what to do.
        resolve: path of a change (`n1/metadata1`) → path in the tree.
    """
    for n in range(change.start, change.start + change.times):
        _apply(tree, replace(change, file=change.file.format(n=n), to=change.to.format(n=n)), resolve)


def _apply(tree: Tree, change: Change, resolve: Callable[[str], str]) -> None:
    path = resolve(change.file)
    if change.do in ("move", "tarball"):
        _of_folder(tree, change, path, resolve(change.to))
    elif change.do in ("write", "link"):
        tree[path] = _made(change, tree.get(path))
    elif change.do == "issue":
        pair = pki.issue(**change.certificate)
        tree[path] = edited(tree.get(path, File()), pair.certificate)
        tree[resolve(change.to)] = edited(tree.get(resolve(change.to), File()), pair.key)
    elif path not in tree:
        raise UsageError(f"{change.what}: there is no {path}")
    elif change.do == "delete":
        del tree[path]
    elif change.do == "rename":
        tree[f"{path.rpartition('/')[0]}/{change.to}"] = tree.pop(path)
    elif change.do == "copy":
        tree[resolve(change.to)] = tree[path]
    else:
        other = tree[resolve(change.to)] if change.do == "join" else File()
        tree[path] = _edited(tree[path], path, change, other)


def _edited(file: File, path: str, change: Change, other: File) -> File:
    """A file that is there, with another mode or content; `other` is what a join puts behind it."""
    if change.do == "chmod":
        return replace(file, mode=int(change.text, 8))
    if change.do == "join":
        return edited(file, file.content + other.content)
    if change.do == "trust":
        return edited(file, _trusting(file.content, pki.issue(**change.certificate).certificate))
    content = _inside(file.content, change)
    if content == file.content and change.do != "unpack":
        raise UsageError(f"{change.what}: it changes nothing")
    return edited(file, made_right(content, path) if change.checksums == "right" else content)


def _of_folder(tree: Tree, change: Change, path: str, to: str) -> None:
    folder = (path if change.do == "move" else to).rstrip("/")
    held = {name.removeprefix(f"{folder}/"): name for name in sorted(tree) if name.startswith(f"{folder}/")}
    if not held:
        raise UsageError(f"{change.what}: there is no {folder}")
    if change.do == "move":
        for name, whole in held.items():
            tree[f"{to.rstrip('/')}/{name}"] = tree.pop(whole)
        return
    kept = {name: tree[whole] for name, whole in held.items() if name not in change.text.split()}
    tree[path] = File(gzip.compress(tar_of(kept), 9, mtime=0))


def _trusting(entry: bytes, certificate: bytes) -> bytes:
    """The truststore entry with this certificate, in a block scalar as before."""
    head = entry.partition(b"certificate: |\n")[0]
    return head + b"certificate: |\n" + b"".join(b"  " + line + b"\n" for line in certificate.splitlines())


def _made(change: Change, before: File | None) -> File:
    if change.do == "link":
        return File(target=change.to)
    content = bytes(change.size) if change.size >= 0 else _bytes(change)
    if change.checksums == "right":
        content = made_right(content, change.file)
    return edited(before, content) if before else File(content)


def _inside(content: bytes, change: Change) -> bytes:
    if change.do == "unpack" or change.inside == "lz4":
        import lz4.frame  # noqa: PLC0415 - only few fixtures need it

        raw: bytes = lz4.frame.decompress(content)
        if change.do == "unpack":
            return raw
        packed: bytes = lz4.frame.compress(
            _edit(raw, change), block_size=lz4.frame.BLOCKSIZE_MAX64KB, content_checksum=True
        )
        return packed
    return _edit(content, change)


def _edit(content: bytes, change: Change) -> bytes:
    edit = _EDITS.get(change.do)
    if edit is None:
        raise UsageError(f"{change.what}: no such change: {change.do}")
    at = change.offset if change.offset >= 0 else len(content) + change.offset
    if not 0 <= at <= len(content) or at + change.length > len(content):
        raise UsageError(f"{change.what}: offset {change.offset} is not in the {len(content)} bytes of {change.file}")
    return edit(content, at, change)


def _flip(content: bytes, at: int, change: Change) -> bytes:
    return content[:at] + bytes([content[at] ^ 1 << change.bit]) + content[at + 1 :]


def _set(content: bytes, at: int, change: Change) -> bytes:
    new = _bytes(change)
    return content[:at] + new + content[at + len(new) :]


def _zero(content: bytes, at: int, change: Change) -> bytes:
    return content[:at] + bytes(change.length) + content[at + change.length :]


def _cut(content: bytes, _: int, change: Change) -> bytes:
    return content[: change.size]


def _append(content: bytes, _: int, change: Change) -> bytes:
    return content + (bytes(change.size) if change.size >= 0 else _bytes(change))


def _insert(content: bytes, at: int, change: Change) -> bytes:
    return content[:at] + _bytes(change) + content[at:]


def _remove(content: bytes, at: int, change: Change) -> bytes:
    return content[:at] + content[at + change.length :]


_EDITS = {
    "flip": _flip, "set": _set, "zero": _zero, "cut": _cut, "append": _append, "insert": _insert, "remove": _remove,
}  # fmt: skip


def _bytes(change: Change) -> bytes:
    if change.u64 is not None:
        return change.u64.to_bytes(8, "little")
    if change.u32 is not None:
        return change.u32.to_bytes(4, "little")
    return bytes.fromhex(change.hex) if change.hex else change.text.encode()
