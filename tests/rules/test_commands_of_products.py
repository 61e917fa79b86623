"""Advice of rules names no command of one product: the plan and the collection do, for the product that was recognised.

Where a rule's lines are of one product alone, its commands may stand there.
"""

from __future__ import annotations

import re

import pytest

from forensics.rules.api import Rule
from forensics.rules.engine import catalogue

_OF_A_PRODUCT = re.compile(r"`(?:sudo )?(?:lxc|lxd|incus|microk8s|microceph|microcloud|microovn|juju|k3s|k8s)\b[^`]*`")
_OF_ONE_ALONE = {
    "CTL022": "LXD's local database",
    "JRN058": "microk8s status prints such a list, and nothing else does",
    "LEFT020": "files that LXD alone leaves",
    "MBR006": "two databases side by side: Canonical Kubernetes alone has them",
    "MBR007": "raft_nodes of LXD's local database",
}


@pytest.mark.parametrize("rule", catalogue(), ids=lambda rule: rule.id)
def test_advice_names_no_command_of_one_product(rule: Rule) -> None:
    assert rule.id in _OF_ONE_ALONE or not _OF_A_PRODUCT.search(rule.text["What to do"])
