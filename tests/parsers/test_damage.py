"""What damage looks like, told from the bytes."""

from __future__ import annotations

from random import Random

import pytest

from forensics.evidence import Span
from forensics.facts.node.node import build_node
from forensics.parsers.damage import Damage, Look, Promise, Sign, Source, Terms, examine
from forensics.parsers.segment_walk import parse_segment
from tests.raft_bytes import Made, batch, segment, state_directory

RNG = Random(3)  # noqa: S311 - repeatable, not secret
BATCHES = [[Made(payload=RNG.randbytes(12_000))] for _ in range(10)]
DATA = segment(BATCHES)
BATCH = len(batch(BATCHES[0]))


def looks(data: bytes) -> list[list[Look]]:
    return [[sign.look for sign in damage.signs] for damage in examine(data, parse_segment(data, "s"))]


def overwrite(data: bytes, offset: int, piece: bytes) -> bytes:
    return data[:offset] + piece + data[offset + len(piece) :]


@pytest.mark.parametrize(("offset", "size"), [(8192, 512), (16384, 4096), (20480, 8192)])
def test_zeroed_blocks(offset: int, size: int) -> None:
    data = overwrite(DATA, offset, bytes(size))
    assert looks(data) == [[Look.ZEROED]]
    (damage,) = examine(data, parse_segment(data))
    assert (damage.signs[0].at.offset, damage.signs[0].at.length) == (offset, size)
    assert damage.flip is None
    assert len(damage.part.good) > 0


def test_zeros_that_do_not_lie_as_blocks_do_say_nothing() -> None:
    assert looks(overwrite(DATA, 8200, bytes(600))) == [[]]


def test_cut_short() -> None:
    data = DATA[: 9 * 4096]
    assert examine(data, parse_segment(data, "s"))[0].signs == (Sign(Look.CUT, Span("s", 9 * 4096, 0)),)


def test_unfinished_write() -> None:
    """The node died between the blocks of one write: the header is there, the end of the data is not."""
    content = DATA[: 8 + 3 * BATCH]
    data = overwrite(content, 8 + 2 * BATCH + 4096, bytes(BATCH - 4096)) + bytes(50_000)
    assert Look.TORN in looks(data)[0]


def test_data_behind_the_end() -> None:
    data = DATA + bytes(4096) + RNG.randbytes(100) + bytes(4096)
    assert examine(data, parse_segment(data, "s"))[0].signs == (
        Sign(Look.BEHIND_END, Span("s", len(DATA), 4096 + 100)),
    )


def test_old_content_behind_the_end() -> None:
    good, old = segment([[Made(5)], [Made(5)]]), batch([Made(3)])
    data = good + bytes(64) + old + bytes(64)
    assert looks(data) == [[Look.BEHIND_END, Look.OLD_CONTENT]]
    sign = examine(data, parse_segment(data, "s"))[0].signs[1]
    assert (sign.at, sign.told_by) == (Span("s", len(good) + 64, len(old)), Terms(before=5, behind=3))


def test_noise_has_no_sign() -> None:
    assert looks(overwrite(DATA, 9000, RNG.randbytes(700))) == [[]]


# --- with the names, and the other segments of the directory ---


def explained(files: dict[str, bytes]) -> dict[str, list[Damage]]:
    node = build_node(state_directory(dict(files)))
    return {path.rpartition("/")[2]: list(damages) for path, damages in node.log.damage.items()}


FIRST, SECOND = "0000000000000001-0000000000000010", "0000000000000011-0000000000000020"
OTHER = segment([[Made(payload=RNG.randbytes(12_000))] for _ in range(10)])


def test_a_sound_directory_has_no_damage() -> None:
    assert explained({FIRST: DATA, SECOND: OTHER, "open-1": bytes(8192)}) == {}


def test_a_block_of_another_segment() -> None:
    misplaced = OTHER[40_960:45_056]
    damage = explained({FIRST: overwrite(DATA, 16_384, misplaced), SECOND: OTHER})[FIRST][0]
    (sign,) = damage.signs
    assert (sign.look, sign.at.offset) == (Look.FOREIGN_BLOCK, 16_384)
    assert sign.told_by == Source(SECOND, 40_960)


def test_a_closed_segment_that_ends_early_or_in_zeros() -> None:
    cut = explained({FIRST: DATA[: 8 + 7 * BATCH]})[FIRST][0]
    assert [(sign.look, sign.told_by) for sign in cut.signs] == [(Look.CUT, Promise(7, 10))]
    assert cut.part.lost == 3
    zeros = explained({FIRST: DATA[: 8 + 7 * BATCH] + bytes(3 * BATCH)})[FIRST][0]
    assert [(sign.look, sign.told_by) for sign in zeros.signs] == [(Look.ZEROED, Promise(7, 10))]


def test_a_flip_is_on_the_node() -> None:
    damage = explained({FIRST: overwrite(DATA, 30_000, bytes([DATA[30_000] ^ 4]))})[FIRST][0]
    assert damage.flip is not None
    assert (damage.flip.at.offset, damage.flip.bit) == (30_000, 2)
