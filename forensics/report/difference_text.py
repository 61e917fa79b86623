"""What `diff` prints on a terminal: worse first, then what was repaired, then what merely went on."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from forensics.report.document import Document

_WIDTH = 110
_ORDER = ("worse", "repaired", "changed", "later")


def render_difference(found: Document) -> str:
    """The whole answer."""
    lines = [f"A  {_side(found['a'])}", f"B  {_side(found['b'])}", ""]
    if found["mode"] == "nodes":
        (pair,) = found["nodes"]
        lines += [f"{pair['a']} (A) and {pair['b']} (B), side by side", *_rows(pair["changes"], trends=False)]
        return "\n".join(lines).rstrip() + "\n"
    lines += _findings(found["findings"])
    for row in found["commitIndex"]:
        lines.append(f"{row['name']}: committed at least up to {row['a']} in A, {row['b']} in B ({row['trend']})")
    for pair in found["nodes"]:
        lines += _pair(pair)
    return "\n".join(lines).rstrip() + "\n"


def _side(side: Document) -> str:
    names = ", ".join(entry["name"] for entry in side["inputs"])
    return f"{names}: {side['verdict']['summary']}"


def _findings(findings: Document) -> Iterator[str]:
    for title, key in (("NEW IN B", "new"), ("GONE IN B", "gone")):
        if findings[key]:
            yield title
            for finding in findings[key]:
                yield from _wrapped(
                    f"{finding['severity']:8} {finding['rule']} {finding['message']}", "  ", "           "
                )
            yield ""
    if findings["same"]:
        yield f"{findings['same']} finding{'s' * (findings['same'] != 1)} in both"
        yield ""


def _pair(pair: Document) -> Iterator[str]:
    yield ""
    name = pair["a"] if pair["a"] == pair["b"] else f"{pair['a'] or '-'} → {pair['b'] or '-'}"
    if pair["b"] is None:
        yield f"{name}: only in A"
    elif pair["a"] is None:
        yield f"{name}: only in B"
    elif not pair["changes"]:
        yield f"{name}: no change"
    else:
        yield name
        yield from _rows(pair["changes"], trends=True)


def _rows(changes: list[Document], *, trends: bool) -> Iterator[str]:
    for change in sorted(changes, key=lambda change: _ORDER.index(change["trend"])):
        mark = f"{change['trend']:9}" if trends else ""
        yield from _wrapped(f"{mark}{change['what']}", "  ", "    ")
        for side in ("a", "b"):
            if change["a"] is not None or change["b"] is not None:
                yield from _wrapped(
                    f"{side.upper()}  {change[side] if change[side] is not None else '-'}", "      ", "         "
                )


def _wrapped(text: str, indent: str, following: str) -> list[str]:
    return textwrap.wrap(
        text, _WIDTH, initial_indent=indent, subsequent_indent=following, break_long_words=False, break_on_hyphens=False
    )
