"""The members afterwards, in the words of the tool that takes them: a file, or what its editor shows.

Sources: go-dqlite client/store.go (cluster.yaml); canonical/microcluster cluster/recover.go (DqliteMember);
canonical/lxd lxd/main_cluster.go (ClusterConfig). Roles of cluster.yaml: 0 voter, 1 stand-by, 2 spare.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

import yaml

from forensics.parsers.roles import Role
from forensics.plan.steps.lxd import edits
from forensics.plan.steps.model import Member, Situation

_CODES = {Role.VOTER: 0, Role.STANDBY: 1, Role.SPARE: 2}
_PLAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._:-]*[A-Za-z0-9])?")
_UNDOCUMENTED = frozenset({"juju", "k3s", "microceph", "microovn", "sunbeam"})


def members_text(database: str, situation: Situation) -> str:
    """Empty where the product's tool takes no list of members, or none is known."""
    if database in _UNDOCUMENTED:
        return ""
    if database in ("lxd", "incus"):
        taken = edits(database, situation) and situation.members
        return "members:\n" + _named(situation.members, "  ") if taken else ""
    if database in ("k8sd", "microcloud"):
        return _named(situation.members, "")
    return cluster_yaml(situation.members)


def cluster_yaml(members: Sequence[Member]) -> str:
    """As go-dqlite writes it."""
    return "".join(f"- ID: {m.id}\n  Address: {_scalar(m.address)}\n  Role: {_CODES[m.role]}\n" for m in members)


def info_yaml(server_id: int, address: str) -> str:
    """As go-dqlite writes it: the role means nothing."""
    return f"ID: {server_id}\nAddress: {_scalar(address)}\nRole: 0\n"


def _scalar(text: str) -> str:
    """A text as YAML that says this text and nothing else; in quotes, as in JSON, where it could say more."""
    return text if _PLAIN.fullmatch(text) and yaml.safe_load(text) == text else json.dumps(text)


def _named(members: Sequence[Member], indent: str) -> str:
    """Lower-case keys, roles as words; the name must stay as it is."""
    return "".join(
        f"{indent}- id: {m.id}\n{indent}  name: {_scalar(m.name or 'NAME')}\n{indent}  address: {_scalar(m.address)}\n"
        f"{indent}  role: {m.role.value}\n"
        for m in members
    )
