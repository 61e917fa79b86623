"""Values of settings: of those that are known as harmless, the value may be told (docs/reference/secrets.md)."""

from __future__ import annotations

import re

from forensics.limits import PLAIN_VALUE_CHARS_MAX
from forensics.masking.positions import names_secret
from forensics.masking.text import masked_line

_PLAIN_SETTING = re.compile(
    r"(?:limits|boot|migration|snapshots|cluster|scheduler|images|backups|features|restricted|ipv4|ipv6|bridge|dns)\..+"
    r"|security\.(?:nesting|privileged|secureboot|devlxd|protection|idmap|acls|csm)(?:\..+)?"
    r"|size|parent|network|pool|path|nictype|vlan|mtu|rsync\.bwlimit|zfs\.pool_name|lvm\.vg_name"
)
"""Settings of LXD and Incus that configure, and hold nothing that somebody chose to keep secret. Those of users
(`user.`, `environment.`, `cloud-init.`, `raw.`), of services with passwords (`core.`, `bgp.`, `oidc.`) are not among
them.
"""


def plain_setting(key: str, value: object) -> str | None:
    """The value of a product's setting, where it may be told: see plain_value; the key must be known as harmless."""
    return plain_value(key, value) if _PLAIN_SETTING.fullmatch(key) else None


def plain_value(key: str, value: object) -> str | None:
    """A short value of one line as text; None where it must not be told, or is no such value."""
    if names_secret(key) or not isinstance(value, (int, float, str)):
        return None
    text = str(value)
    plain = len(text) <= PLAIN_VALUE_CHARS_MAX and text.isprintable()
    return text if plain and masked_line(text) == text else None
