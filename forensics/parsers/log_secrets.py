"""Lines of logs without what may be a key, a token or a password: docs/reference/secrets.md#what-is-secret."""

from __future__ import annotations

import re

_VALUE = r"(?:\"[^\"]{1,400}\"|'[^']{1,400}'|[^\s\"',]+)"
_NAME = r"(?:[\w-]{0,40}(?:token|secret|password|passwd|passphrase|credential)s?|pwd)"
# `open cluster.key: permission denied`: what stands behind such a file's name is why it cannot be used.
_COMPLAINT = (
    r"(?:permission denied|operation not|input/output error|read-only file|cannot |failed to |unable to |invalid |"
    r"malformed |expected |unexpected |missing |unknown )"
)
# What stands before a secret is kept, and what it is is not.
_FORMS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?P<before>authorization[\"']?\s{{0,5}}[:=]\s{{0,5}}[\"']?(?:\w{{1,20}}\s+)?){_VALUE}",
        rf"(?P<before>\b(?:bearer|basic)\s+){_VALUE}",
        rf"(?P<before>(?<![\w-])-{{1,2}}{_NAME}(?:=|\s+)){_VALUE}",
        rf"(?P<before>(?<![\w-]){_NAME}[\"']?\s{{0,5}}[:=]\s{{0,5}}){_VALUE}",
        rf"(?P<before>(?<![\w-])key[\"']?\s{{0,5}}[:=]\s{{0,5}}[\"']?)(?!{_COMPLAINT})[^\s\"',]{{6,}}",
        r"(?P<before>://[^/\s:@]{1,100}:)[^@\s/]{1,200}(?=@)",
    )
)
_LONG = re.compile(r"\b[A-Za-z0-9+=_-]{40,}|\b[A-Za-z0-9+/=_-]{64,}")
_RAFT_NAME = re.compile(r"\d{16}-\d{16}|snapshot-\d+-\d+-\d+(?:\.meta)?|corrupt-\d+-.+")
_HIDDEN = "<hidden>"


def without_secrets(text: str) -> str:
    """A line with everything that may be key material, a token or a password replaced."""
    for form in _FORMS:
        text = form.sub(lambda found: found["before"] + _HIDDEN, text)
    return _LONG.sub(lambda found: found[0] if _is_name(found[0]) else _HIDDEN, text)


def _is_name(text: str) -> bool:
    return _RAFT_NAME.fullmatch(text) is not None or text.isdigit()
