"""A sample of the fixtures, redacted. All of them: `make redacted`."""

from __future__ import annotations

import pytest

from tests.fixtures import fixture
from tests.redact.answers import answers_of, answers_of_copies, redacted_fixture
from tests.redact.leaks import leaks

SAMPLE = (
    "certificate/one-of-three-expired",
    "certificate/other-key",
    "journal/log-behind-snapshot",
    "microcluster/table-other-trust",
    "member/two-databases-differ",
    "sosreport/flipped-bit",
)


@pytest.mark.parametrize("name", SAMPLE)
def test_a_copy_has_the_same_answers_and_other_names(name: str) -> None:
    """And they are not nothing: each of these fixtures has findings, and names."""
    copies, texts = redacted_fixture(fixture(name))
    assert list(texts.pairs())
    assert not leaks(copies, texts)
    before = answers_of(fixture(name))
    assert before.rules
    assert not before.differences(answers_of_copies(copies))


def test_the_same_key_gives_the_same_bytes_and_another_one_others() -> None:
    one, again = (redacted_fixture(fixture(SAMPLE[0]))[0] for _ in range(2))
    other = redacted_fixture(fixture(SAMPLE[0]), b"another key of the tests")[0]
    assert one == again
    assert one[0].content != other[0].content
