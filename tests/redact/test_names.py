"""Pseudonyms: as long, in the same order, others by another key; and those of addresses in their networks."""

from __future__ import annotations

from ipaddress import ip_address

from hypothesis import given
from hypothesis import strategies as st

from forensics.redact.addresses import Addresses
from forensics.redact.keyed import Key, increasing
from forensics.redact.names import Names

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
