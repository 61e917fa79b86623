"""Secrets never reach the report: docs/reference/secrets.md#what-is-secret."""

from __future__ import annotations

import pytest

from forensics.masking import lines
from forensics.masking.lines import masked_lines, masks_of
from forensics.masking.positions import MASK


def shown(text: str) -> str:
    return "\n".join(line for _, line in masked_lines(text.splitlines()))


@pytest.mark.parametrize(
    "line",
    [
        "token: abcdef.0123456789abcdef",
        "  secret: hunter2",
        'password: "hunter2"',
        "- trust_password: hunter2",
        "core.trust_password: hunter2",
        "client-key: hunter2",
        "private_key: hunter2",
        "clientKeyData: hunter2",
        "keyring: hunter2",
        "join token=hunter2hunter2 for node",
        "Authorization: Bearer hunter2hunter2",
    ],
)
def test_values_of_secret_keys(line: str) -> None:
    assert "hunter2" not in shown(line)
    assert "0123456789abcdef" not in shown(line)
    assert MASK in shown(line)


@pytest.mark.parametrize("line", ["Address: 10.0.0.1:9000", "ID: 3297041220608546238", "- Role: 1", "name: keystone-1"])
def test_what_is_no_secret_stays(line: str) -> None:
    assert shown(line) == line


def test_a_block_under_a_secret_key() -> None:
    text = "token: |\n  line-one\n\n  line-two\nAddress: 10.0.0.1:9000"
    assert shown(text).splitlines() == [f"token: {MASK}", f"  {MASK}", "", f"  {MASK}", "Address: 10.0.0.1:9000"]


def test_pem_bodies_are_left_out_and_keys_called_masked() -> None:
    begin, end = "-----BEGIN EC PRIVATE " + "KEY-----", "-----END EC PRIVATE KEY-----"
    assert shown(f"a: 1\n{begin}\nc2VjcmV0\n{end}\nb: 2") == f"a: 1\n{begin} [masked]\n{end}\nb: 2"
    assert "c2VjcmV0" not in shown(f"{begin}\nc2VjcmV0")  # cut before its end
    certificate = "-----BEGIN CERTIFICATE-----"
    assert (
        shown(f"{certificate}\nTUlJ\n-----END CERTIFICATE-----")
        == f"{certificate} [left out]\n-----END CERTIFICATE-----"
    )


def test_line_numbers_are_those_of_the_file() -> None:
    text = "a: 1\n-----BEGIN CERTIFICATE-----\nAAAA\nBBBB\n-----END CERTIFICATE-----\nb: 2"
    assert [number for number, _ in masked_lines(text.splitlines())] == [1, 2, 5, 6]


def test_encoded_material_on_a_line_of_its_own() -> None:
    assert shown("A" * 64) == MASK
    assert shown("x eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJrIn0.c2ln y") == f"x {MASK} y"


def test_control_characters_are_written_out() -> None:
    assert shown("name: \x1b[31mred\x00") == r"name: \x1b[31mred\x00"


def test_a_line_that_nobody_shows_is_not_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each excerpt of a log of 1 MB, masked from its beginning on, took the time of the whole log."""
    asked: list[str] = []

    def masked(line: str) -> str:
        asked.append(line)
        return line

    monkeypatch.setattr(lines, "masked_line", masked)
    masks = dict(masks_of(["password:", "  hidden", "one", "two", "three"]))
    assert asked == []
    assert [masks[number]() for number in (2, 4)] == ["  [masked]", "two"]
    assert asked == ["two"]
