"""Pseudonyms: as long, in the same order, others by another key; and those of addresses in their networks."""

from __future__ import annotations

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.redact.addresses import Addresses
from forensics.redact.certificates import Certificates
from forensics.redact.keyed import Key, increasing
from forensics.redact.lines import cleaned_text
from forensics.redact.names import Names
from forensics.redact.paths import cleaned_path
from forensics.redact.texts import Texts

KEY = Key(b"a key of the tests, and of nobody")
_NAMES = st.lists(st.text("abcxyzABZ0159éß", min_size=1, max_size=12), min_size=1, max_size=60, unique=True)


def _pseudonyms(names: list[str], key: Key = KEY, kept: str = "") -> dict[bytes, bytes]:
    found = Names(key, b"names")
    if kept:
        found.keep(kept.encode())
    for name in names:
        found.of(name.encode())
    found.settle()
    return {name.encode(): found.of(name.encode()) for name in names}


@given(_NAMES, st.text("abcxyz", max_size=4))
def test_length_order_and_identity_stay(names: list[str], kept: str) -> None:
    new = _pseudonyms(names, kept=kept)
    assert [len(name) for name in new] == [len(one) for one in new.values()]
    assert [new[name] for name in sorted(new)] == sorted(new.values())
    assert len(set(new.values())) == len(new)
    assert all(one.decode() for one in new.values())  # UTF-8 still
    assert not kept or new.get(kept.encode(), kept.encode()) == kept.encode()


def test_another_key_gives_others() -> None:
    names = ["control-plane", "mercury", "venus", "my-secret-app"]
    one, other = _pseudonyms(names), _pseudonyms(names, Key(b"another key of the tests"))
    assert not set(names) & {new.decode() for new in one.values()}
    assert all(one[name] != other[name] for name in one)


def test_increasing_takes_what_leaves_room() -> None:
    """Three numbers of 1 to 3 can only be 1, 2, 3, whatever is picked; the first of two can be 1 or 2."""
    assert increasing([(1, 2, 3)] * 3, lambda _, room: room - 1) == [1, 2, 3]
    assert increasing([(1, 2, 3)] * 2, lambda _, room: room - 1) == [2, 3]
    assert increasing([(1, 2, 3)] * 2, lambda *_: 0) == [1, 2]


def test_addresses_keep_their_kind_and_their_networks() -> None:
    old = ["10.0.0.4", "10.0.0.5", "10.7.0.5", "192.168.1.20", "172.20.0.3", "8.8.4.4", "127.0.0.1", "255.255.255.0"]
    addresses = Addresses(KEY)
    for one in old:
        addresses.v4(one.encode())
    addresses.settle()
    new = {one: (addresses.v4(one.encode()) or b"").decode() for one in old}
    assert all(len(one) == len(new[one]) for one in old)
    assert all(ip_address(one).is_private == ip_address(new[one]).is_private for one in old)
    assert new["10.0.0.4"].rsplit(".", 1)[0] == new["10.0.0.5"].rsplit(".", 1)[0]
    assert new["10.0.0.4"].rsplit(".", 2)[0] != new["10.7.0.5"].rsplit(".", 2)[0]
    assert [one for one in old if new[one] == one] == ["127.0.0.1", "255.255.255.0"]
    assert sorted(old) == sorted(old, key=lambda one: new[one])
    assert addresses.v4(b"300.1.1.1") is None


def test_no_address_of_the_input_stands_in_the_copy_for_another() -> None:
    """This key, as three of a thousand, would choose the network of the addresses themselves, and 10.0.0.2 again."""
    old = [b"10.0.0.1", b"10.0.0.2", b"10.0.0.3"]
    addresses = Addresses(KEY)
    for one in old:
        addresses.v4(one)
    addresses.settle()
    assert not set(old) & {addresses.v4(one) for one in old}


def test_addresses_of_ipv6_and_of_cards_are_such_afterwards() -> None:
    """`fe80` tells the kind, and stays; the rest does not."""
    old = [b"fe80::5054:ff:fe12:3456", b"2001:db8::ab:cdef"]
    addresses = Addresses(KEY)
    for one in old:
        addresses.v6(one)
    addresses.mac(b"52:54:00:ab:cd:ef")
    addresses.settle()
    new = [(addresses.v6(one) or b"").decode() for one in old]
    assert [ip_address(one).is_link_local for one in new] == [True, False]
    assert not {one.decode() for one in old} & set(new)
    card = addresses.mac(b"52:54:00:ab:cd:ef")
    assert card != b"52:54:00:ab:cd:ef"
    assert len(bytes.fromhex(card.decode().replace(":", ""))) == 6
    assert addresses.mac(b"ff:ff:ff:ff:ff:ff") == b"ff:ff:ff:ff:ff:ff"


@pytest.mark.parametrize(
    "text",
    [
        b"ip-172-31-55-98.internal",
        b"node_172_31_55_98",
        b"app.172.31.55.98.nip.io",
        b"IP 172.31.55.98.8080 > x",
        b"address 172.031.055.098",
        b"link/ether 52:54:00:12:34:56",
    ],
)
def test_addresses_go_from_whatever_they_stand_in(text: bytes) -> None:
    texts = Texts(KEY)
    texts.prose(text)
    texts.settle()
    new = texts.prose(text)
    assert len(new) == len(text)
    assert not any(part in new for part in (b"31-55-98", b"31_55_98", b"31.55.98", b"055.098", b"12:34:56"))


def test_a_field_keeps_no_number_in_hex() -> None:
    texts = Texts(KEY)
    texts.strict(b"0xabad1deaf00dcafe")
    texts.settle()
    assert b"abad1dea" not in texts.strict(b"0xabad1deaf00dcafe")


def test_a_block_of_one_line_goes_and_what_follows_stays() -> None:
    """As JSON writes a key, and as a journal shows one; the lines behind it are read as ever."""
    texts = Texts(KEY)
    certificates = Certificates(texts)
    key = b"-----BEGIN RSA PRIVATE KEY-----\\nMIIBOgIBAAJBAKj34\\n-----END RSA PRIVATE KEY-----"
    raw = b'{"k": "%b"}\nerror: no space\n' % key
    cut = raw + b"-----BEGIN CERTIFICATE----- MIIBOgIBAAJBAKj34"
    cleaned_text(cut, texts, certificates)
    texts.settle()
    new = cleaned_text(cut, texts, certificates)
    assert b"MIIB" not in new
    assert b"OgIBAAJBAKj34" not in new
    assert b"\nerror: no space\n" in new
    assert b"-----END RSA PRIVATE KEY-----" in new


def test_a_block_that_is_cut_before_another_one_goes() -> None:
    texts = Texts(KEY)
    certificates = Certificates(texts)
    label, whole = b"-----BEGIN RSA PRIVATE KEY-----", b"MIIBOgIBAAJBAKj34\\n-----END RSA PRIVATE KEY-----"
    raw = b'{"cut": "%b\\nMIICXAIBAAKBgQC7", "whole": "%b\\n%b"}\nerror: no space\n' % (label, label, whole)
    cleaned_text(raw, texts, certificates)
    texts.settle()
    new = cleaned_text(raw, texts, certificates)
    assert b"MIICXAIBAAKBgQC7" not in new
    assert b"OgIBAAJBAKj34" not in new
    assert b"\nerror: no space\n" in new


def test_hex_that_is_made_of_short_words_goes() -> None:
    """`dad`, `ec`, `da` and `af` are words; `node1` is one and a number."""
    texts = Texts(KEY)
    old = b"node1 dad300889ec5 81da2af603778592"
    texts.prose(old)
    texts.settle()
    new = texts.prose(old).split()
    assert new[0] == b"node1"
    assert not set(new[1:]) & set(old.split())


def test_of_a_path_long_numbers_go() -> None:
    texts = Texts(KEY)
    texts.path(b"5551234567")
    texts.settle()
    assert texts.path(b"5551234567") != b"5551234567"


def test_of_one_value_numbers_go_too() -> None:
    texts = Texts(KEY)
    texts.settle()
    assert cleaned_text(b"4815162342\n", texts, Certificates(texts), is_one_value=True) != b"4815162342\n"


def test_a_file_called_by_a_number_alone_is_none_of_rafts() -> None:
    texts = Texts(KEY)
    old = ["5551234567", "0000000000000001-0000000000000009", "open-12", "snapshot-1-99-1234567890.meta"]
    old.append("0000000000000386-0000000000000414.bak")  # put aside by hand
    for one in old:
        cleaned_path(one, texts)
    texts.settle()
    assert [cleaned_path(one, texts) == one for one in old] == [False, True, True, True, True]


@pytest.mark.parametrize(
    ("line", "gone"),
    [
        (b"GET https://n:6443/api/v1/namespaces/mercury/secrets/norwegian-fjords?a=b", b"mercury norwegian fjords"),
        (b'msg="put /registry/secrets/mercury/fjords"', b"mercury fjords"),
        (b'"SyncPod" pod="mercury/fjords" node="n1"', b"mercury fjords"),
        (b"from john.mercury@planet.example: hello", b"john mercury planet example"),
        (b"card 52-54-00-AB-CD-EF", b"52-54 AB-CD-EF"),
        (b"card 5254.00ab.cdef.", b"5254 00ab cdef"),
        (b"from ::ffff:10.77.88.99", b"77 88 99"),
    ],
)
def test_what_is_somebodys_goes_from_lines(line: bytes, gone: bytes) -> None:
    """All of these words are words of the language."""
    texts = Texts(KEY)
    texts.prose(line)
    texts.settle()
    new = texts.prose(line)
    assert len(new) == len(line)
    assert not [word for word in gone.split() if word in new]


@pytest.mark.parametrize(
    "line", [b"getty@console.service: started", b"at 26-11-29-16-12-30 k8s@v1.32.0", b"::ffff:127.0.0.1 /api/v1/nodes"]
)
def test_what_is_nobodys_stays_in_lines(line: bytes) -> None:
    texts = Texts(KEY)
    texts.prose(line)
    texts.settle()
    assert texts.prose(line) == line
