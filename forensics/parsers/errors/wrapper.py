"""Which links of a chain only wrap: they tell what was not done, and not why."""

from __future__ import annotations

import re

_WRAPS = re.compile(
    r"(?i)^(?:fatal |internal )?(?:failed|failure|failing|unable|not able|errors?|problem|trouble)\s+"
    r"(?:to|while|when|in|during|with|on|at|\w+ing)\s+\w"
    r"|^could ?n[o']t \w"
)
_WRAPS_BEHIND = re.compile(r"(?i)\b(?:failed|unsuccessful|went wrong|did not succeed)$")


def only_wraps(link: str) -> bool:
    """`failed to join the cluster`, `bootstrap failed`: without a link behind it, its reason is missing."""
    return bool(_WRAPS.match(link) or _WRAPS_BEHIND.search(link))
