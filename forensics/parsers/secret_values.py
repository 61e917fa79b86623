"""Which values must not leave: told by the key's name, by how the text looks, and of settings by a list of what may.

What is a secret: docs/reference/secrets.md#what-is-secret. When in doubt it is one.
"""

from __future__ import annotations

import re

from forensics.limits import PLAIN_VALUE_CHARS_MAX
from forensics.parsers.printable import without_blobs

MASK = "[masked]"
_SECRET_KEY = re.compile(
    r"(?i)secret|token|passw|passphrase|private|credential|keyring|(^|[^a-z])(key|psk|auth)$|keydata$"
)
_INLINE = re.compile(
    r"(?i)((?:secret|token|passw(?:or)?d|passphrase|bearer|api[-_]?key|private[-_]?key)[\"']?"
    r"\s{0,64}[:= ]\s{0,64}[\"']?)[^\s\"',;}\]]{6,}"
)
_JWT = re.compile(r"\beyJ[A-Za-z0-9_-]{8,}(\.[A-Za-z0-9_-]*){0,2}")
_BASE64_LINE = re.compile(r"^\s*[A-Za-z0-9+/_=-]{40,}\s*$")
_PLAIN_SETTING = re.compile(
    r"(?:limits|boot|migration|snapshots|cluster|scheduler|images|backups|features|restricted|ipv4|ipv6|bridge|dns)\..+"
    r"|security\.(?:nesting|privileged|secureboot|devlxd|protection|idmap|acls|csm)(?:\..+)?"
    r"|size|parent|network|pool|path|nictype|vlan|mtu|rsync\.bwlimit|zfs\.pool_name|lvm\.vg_name"
)
"""Settings of LXD and Incus that configure, and hold nothing that somebody chose to keep secret. Those of users
(`user.`, `environment.`, `cloud-init.`, `raw.`), of services with passwords (`core.`, `bgp.`, `oidc.`) are not among
them.
"""


def names_secret(key: str) -> bool:
    """Whether what stands under this key is a secret by the key's name."""
    return _SECRET_KEY.search(key) is not None


def masked_inline(line: str) -> str:
    """One line of text with whatever in it is, or looks like, a secret replaced by MASK."""
    if _BASE64_LINE.match(line):
        return MASK
    return without_blobs(_JWT.sub(MASK, _INLINE.sub(rf"\1{MASK}", line)), MASK)


def plain_setting(key: str, value: object) -> str | None:
    """The value of a product's setting, where it may be told: see plain_value; the key must be known as harmless."""
    return plain_value(key, value) if _PLAIN_SETTING.fullmatch(key) else None


def plain_value(key: str, value: object) -> str | None:
    """A short value of one line as text; None where it must not be told, or is no such value."""
    if names_secret(key) or not isinstance(value, (int, float, str)):
        return None
    text = str(value)
    plain = len(text) <= PLAIN_VALUE_CHARS_MAX and text.isprintable() and "-----" not in text
    return text if plain and masked_inline(text) == text else None
