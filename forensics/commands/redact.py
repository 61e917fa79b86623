"""`redact`: copies of the evidence that can be shown, without names, addresses, keys, values and certificates."""

from __future__ import annotations

import argparse
import json
import secrets
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forensics.commands.common import add_common, add_format, refuse_inside
from forensics.commands.outputs import new_directory, new_file
from forensics.commands.reading import reading, spending
from forensics.errors import UsageError
from forensics.shown import plain
from forensics.wording import count

STAYS = (
    "numbers in columns of numbers",
    "numbers in texts of tables whose groups have up to 8 digits, as those of telephones and cards",
    "times, sizes, versions",
    "words of the language in journals",
    "SQL schemas, with what is written in them",
)

if TYPE_CHECKING:
    from forensics.redact.run import Copy
    from forensics.redact.texts import Texts


def add(commands: Any) -> None:
    """Add the command and its arguments."""
    parser = commands.add_parser(
        "redact",
        help="write copies that can be shown: names, addresses, keys, values and certificates replaced",
        description="Write a copy of each input, a directory or an archive as it was, in which names, addresses, keys "
        "and values of databases, and certificates are replaced, the same original by the same pseudonym everywhere. "
        "Sizes, indexes, terms and damage stay what they were, so that `analyze` finds the same in the copy. "
        "What cannot be cleaned with certainty is left out, or becomes zeros.",
    )
    add_common(parser)
    parser.add_argument("-o", "--output", metavar="DIR", required=True, help="write into DIR, which must not exist yet")
    parser.add_argument("--map", metavar="FILE", help="write what stands for what into FILE: it stays with you")
    parser.add_argument(
        "--key", metavar="FILE", help="choose pseudonyms by the content of FILE: the same key, the same copy "
        "(default: a random key, which is in --map)",
    )  # fmt: skip
    parser.add_argument(
        "--keep", metavar="PATTERN", action="append", default=[], help="leave words that match it as they are; may be "
        "repeated",
    )  # fmt: skip
    parser.add_argument("--policy", metavar="FILE", help="a TOML file with keep, names and leave_out")
    add_format(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Read twice, write, and say what was replaced."""
    from forensics.redact.keyed import Key  # noqa: PLC0415 - heavy imports only where used
    from forensics.redact.policy import read_policy  # noqa: PLC0415 - as above
    from forensics.redact.run import redacted  # noqa: PLC0415 - as above

    for output in filter(None, (options.output, options.map)):
        refuse_inside(output, options.inputs)
    secret = _secret(options.key)
    policy = read_policy(options.policy, options.keep)
    with ExitStack() as stack, new_directory(options.output) as folder:
        budget = stack.enter_context(spending(options))
        inputs = [stack.enter_context(reading([path], budget)) for path in options.inputs]
        copies, texts = redacted(inputs, Key(secret), policy)
        _write(copies, folder)
        if options.map:
            _write_map(options.map, secret, texts)
    _say(copies, texts, options)
    return 0


def _secret(path: str | None) -> bytes:
    from forensics.redact.keyed import KEY_BYTES_MIN  # noqa: PLC0415 - as above

    if path is None:
        return secrets.token_bytes(32)
    try:
        secret = Path(path).read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error
    if len(secret) < KEY_BYTES_MIN:
        raise UsageError(f"{path}: a key has {KEY_BYTES_MIN} bytes or more, not {len(secret)}")
    return secret


def _write(copies: Sequence[Copy], folder: Path) -> None:
    from forensics.redact.packing import write_directory  # noqa: PLC0415 - as above

    for number, copy in enumerate(copies, 1):
        where = folder / copy.name
        if where.exists():
            where = folder / f"{number}-{copy.name}"
        if copy.kind == "directory":
            write_directory(copy.files, where)
        else:
            where.write_bytes(copy.content)


def _write_map(path: str, secret: bytes, texts: Texts) -> None:
    told = {"key": secret.hex(), "replaced": dict(sorted(texts.pairs())), "stayed": texts.stayed()}
    with new_file(path) as file:
        file.write(json.dumps(told, indent=1, ensure_ascii=False).encode("utf-8", "backslashreplace"))


def _say(copies: Sequence[Copy], texts: Texts, options: argparse.Namespace) -> None:
    """What was replaced, by kind and count; names of files as they are in the copy; what can still be a secret."""
    replaced = dict(sorted((kind, number) for kind, number in texts.counts.items() if number))
    stayed = len(texts.stayed())
    left_out = sorted(path for copy in copies for path in copy.left_out)
    if options.format == "json":
        told = {
            "copies": [copy.name for copy in copies], "replaced": replaced, "left_out": left_out,
            "names_that_stay": stayed, "stays": STAYS,
        }  # fmt: skip
        sys.stdout.write(f"{json.dumps(told, indent=2)}\n")
        return
    lines = [f"{options.output}: {count(len(copies), 'copy', 'copies')}"]
    lines += [f"  {number:>9}  {kind}" for kind, number in replaced.items()]
    lines += [f"  left out: {path}" for path in left_out]
    if stayed:
        lines.append(f"{count(stayed, 'name')} could not be replaced, which --map names")
    lines += ["What stays, and can be a secret: look before you send the copy", *(f"  {one}" for one in STAYS)]
    sys.stdout.write("".join(f"{plain(line)}\n" for line in lines))
