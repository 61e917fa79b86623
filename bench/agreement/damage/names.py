"""Damage to names: bent in every way that sscanf accepts, too long, of sub-directories, of left-overs."""

from __future__ import annotations

import random

from bench.agreement.state import CLOSED, META, METADATA, OPEN, SNAPSHOT, State, names, pick


def bend_name(r: random.Random, state: State) -> None:
    """A name that sscanf reads like the one it was, or no longer does."""
    name = pick(r, state, CLOSED, OPEN, SNAPSHOT, META)
    if not name:
        return
    if name.startswith("open-"):
        number = name[5:]
        forms = ["open-0{}", "open-+{}", "open- {}", "open--{}", "open-{} ", "open-\t{}", "open-0x{}", "open-{}.bak"]
        forms += ["open-" + "0" * 27 + "{}", "open-" + "0" * 28 + "{}", "open-" + "0" * 40 + "{}", "OPEN-{}"]
        to = r.choice(forms).format(number)
    elif name.startswith("snapshot-"):
        _, rest = name.split("-", 1)
        forms = ["snapshot-0{}", "snapshot-+{}", "snapshot- {}", "snapshot-{}.meta", "snapshot-{} ", "snapshot--{}"]
        to = r.choice(forms).format(rest)
    else:
        first, last = map(int, name.split("-"))
        forms = ["{}-{}", " {}-{}", "+{}-{}", "{}- {}", "{}-+{}", "{:017d}-{}", "{}-{} ", "-{}-{}", "{:05d}-{:05d}"]
        forms += ["{:015d}-{:017d}", "{} -{}", "{}-{}\n", "{:016d}-{:016d}.bak", "{:016d}-" + " " * 9 + "{:016d}"]
        to = r.choice(forms).format(first, last)
    state.setdefault(to, state[name])
    if r.random() < 0.7:
        del state[name]


def long_names(r: random.Random, state: State) -> None:
    """Names around the 128 bytes that the library has room for."""
    for _ in range(r.choice([1, 1, 2])):
        size = r.choice([126, 127, 128, 129, 200])
        head = r.choice(["tmp-", "open-", "snapshot-", "x", "corrupt-1-", "ä"])
        if head == "snapshot-":
            suffix = r.choice(["1-5-7", "1-5-7.meta"])
            name = head + "0" * (size - len(head) - len(suffix)) + suffix
        else:
            name = head + "0" * (size - len(head.encode()) - 1) + "1"
        state[name] = r.choice([b"", bytes(64), b"x"])


def directories(r: random.Random, state: State) -> None:
    """A sub-directory where a file is, or could be."""
    candidates = names(state, CLOSED, OPEN, SNAPSHOT, META, METADATA)
    candidates += ["tmp-x", "snapshot-9-9-9", "snapshot-9-9-9.meta", ".probe", "metadata2", "open-99", "database"]
    for name in r.sample(candidates, min(len(candidates), r.choice([1, 1, 2]))):
        state[name] = None


_STRAYS = [
    "tmp-snapshot-1-2-3",
    "tmp-",
    "tmp",
    ".probe",
    ".probe_fallocate",
    "snapshot-1-99999-1",
    "snapshot-1-3-1.meta",
    "snapshot-3-4-5",
    "snapshot-3-4-5.meta",
    "corrupt-5-0000000000000001-0000000000000001",
    "server-info",
]


def strays(r: random.Random, state: State) -> None:
    """Left-overs that loading cleans up, or does not."""
    for _ in range(r.choice([1, 2, 3])):
        name = r.choice(_STRAYS)
        state.setdefault(name, r.choice([b"", b"x" * 50, bytes(40)]))
