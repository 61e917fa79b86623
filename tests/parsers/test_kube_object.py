"""Envelopes of Kubernetes, built by hand from the protobuf wire format."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from forensics.parsers.kube_object import KubeObject, parse_kube_object


def delimited(number: int, content: bytes) -> bytes:
    """A length-delimited field; the lengths here fit one byte."""
    return bytes([number << 3 | 2, len(content)]) + content


def test_protobuf() -> None:
    meta = delimited(1, b"v1") + delimited(2, b"Pod")
    object_meta = delimited(1, b"web-1") + delimited(2, b"web-") + delimited(3, b"default")
    value = b"k8s\0" + delimited(1, meta) + delimited(2, delimited(1, object_meta) + delimited(2, b"spec"))
    assert parse_kube_object(value) == KubeObject("protobuf", "v1", "Pod", "web-1", "default")


def test_json() -> None:
    value = b'{"kind":"Lease","apiVersion":"v1","metadata":{"name":"a","namespace":"b"},"data":{"password":"x"}}'
    assert parse_kube_object(value) == KubeObject("json", "v1", "Lease", "a", "b")
    assert parse_kube_object(b'{"health":"true"}') == KubeObject("json")


def test_encrypted_at_rest_tells_only_the_provider() -> None:
    assert parse_kube_object(b"k8s:enc:aescbc:v1:key1:\xff\xfe") == KubeObject("encrypted", provider="aescbc")


def test_other_values_say_nothing() -> None:
    assert parse_kube_object(b"value 1") is None
    assert parse_kube_object(b"") is None
    assert parse_kube_object(b"{" * 100_000) is None


@given(st.binary(max_size=200))
def test_junk_in_an_envelope_never_raises(junk: bytes) -> None:
    assert parse_kube_object(b"k8s\0" + junk) is not None
