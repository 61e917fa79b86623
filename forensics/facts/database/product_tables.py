"""What rows of the products' databases are called by those who run them: the tables that people know, and their names.

Sources: canonical/lxd lxd/db/cluster/schema.go (Incus has the same tables); canonical/microceph microceph/database;
docs/reference/microcluster.md#tables. A table that is not here, or lacks the columns named here, is told as such.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Noun(StrEnum):
    """What a row is. Values are those of the document."""

    INSTANCE = "instance"
    PROFILE = "profile"
    MEMBER = "member"
    NETWORK = "network"
    STORAGE_POOL = "storage-pool"
    STORAGE_VOLUME = "storage-volume"
    STORAGE_BUCKET = "storage-bucket"
    PROJECT = "project"
    IMAGE = "image"
    IMAGE_ALIAS = "image-alias"
    DEVICE = "device"
    SNAPSHOT = "snapshot"
    BACKUP = "backup"
    NETWORK_ACL = "network-acl"
    NETWORK_FORWARD = "network-forward"
    NETWORK_PEER = "network-peer"
    NETWORK_ZONE = "network-zone"
    LOAD_BALANCER = "load-balancer"
    CLUSTER_GROUP = "cluster-group"
    IDENTITY = "identity"
    CERTIFICATE = "certificate"
    SETTING = "setting"
    JOIN_TOKEN = "join-token"  # noqa: S105 - a word
    AUTH_TOKEN = "auth-token"  # noqa: S105 - a word
    WORKER_TOKEN = "worker-token"  # noqa: S105 - a word
    CLUSTER_CONFIGURATION = "cluster-configuration"
    FEATURE = "feature"
    DISK = "disk"
    SERVICE = "service"
    REMOTE = "remote"
    ROW = "row"  # of a table that has no word


@dataclass(frozen=True, slots=True)
class Owner:
    """The row that a row belongs to.

    Attributes:
        column: that refers to it, by `id`.
        table: where it is.
        part: the row goes with its owner, and is not told of where the owner came or went as a whole.
    """

    column: str
    table: str
    part: bool = False


@dataclass(frozen=True, slots=True)
class Thing:
    """Rows that are things by themselves.

    Attributes:
        noun: what they are.
        name: the column that names them.
        owner: what they belong to.
        shown: columns whose values may be told. Of `value`, what plain_setting allows for the name.
        refers: of these, columns that refer to a row of another table by `id`, and that table.
        quiet: columns that change while nothing happens.
    """

    noun: Noun
    name: str = "name"
    owner: Owner | None = None
    shown: tuple[str, ...] = ()
    refers: Mapping[str, str] | None = None
    quiet: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Setting:
    """Rows of a key and a value that configure their owner. `node`: they may be one member's alone, by `node_id`."""

    owner: Owner
    node: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """Rows that only connect their owner with something: told as one field of it.

    Attributes:
        field: the word for all of them.
        columns: what they connect it with.
    """

    owner: Owner
    field: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quiet:
    """Rows that come and go while the product works: nobody misses them by themselves."""

    owner: None = None


Table = Thing | Setting | Link | Quiet
Tables = Mapping[str, Table]

QUIET_SETTINGS = ("volatile.",)  # what LXD notes of a running instance
_PROJECT = Owner("project_id", "projects")
_NODE = {"node_id": "nodes"}


def _part(column: str, table: str) -> Owner:
    return Owner(column, table, part=True)


LXD: Tables = {
    "instances": Thing(
        Noun.INSTANCE,
        owner=_PROJECT,
        shown=("name", "node_id", "ephemeral", "stateful", "expiry_date"),
        refers=_NODE,
        quiet=("last_use_date",),
    ),
    "instances_config": Setting(_part("instance_id", "instances")),
    "instances_devices": Thing(Noun.DEVICE, owner=_part("instance_id", "instances")),
    "instances_devices_config": Setting(_part("instance_device_id", "instances_devices")),
    "instances_profiles": Link(_part("instance_id", "instances"), "profiles", ("profile_id", "apply_order")),
    "instances_snapshots": Thing(Noun.SNAPSHOT, owner=_part("instance_id", "instances"), shown=("name", "expiry_date")),
    "instances_snapshots_config": Setting(_part("instance_snapshot_id", "instances_snapshots")),
    "instances_snapshots_devices": Thing(Noun.DEVICE, owner=_part("instance_snapshot_id", "instances_snapshots")),
    "instances_snapshots_devices_config": Setting(_part("instance_snapshot_device_id", "instances_snapshots_devices")),
    "instances_backups": Thing(Noun.BACKUP, owner=_part("instance_id", "instances")),
    "profiles": Thing(Noun.PROFILE, owner=_PROJECT, shown=("name",)),
    "profiles_config": Setting(_part("profile_id", "profiles")),
    "profiles_devices": Thing(Noun.DEVICE, owner=_part("profile_id", "profiles")),
    "profiles_devices_config": Setting(_part("profile_device_id", "profiles_devices")),
    "nodes": Thing(
        Noun.MEMBER, shown=("name", "address", "schema", "api_extensions", "state", "pending"), quiet=("heartbeat",)
    ),
    "nodes_config": Setting(_part("node_id", "nodes")),
    "nodes_roles": Link(_part("node_id", "nodes"), "roles", ("role",)),
    "nodes_cluster_groups": Link(_part("node_id", "nodes"), "groups", ("group_id",)),
    "cluster_groups": Thing(Noun.CLUSTER_GROUP, shown=("name",)),
    "networks": Thing(Noun.NETWORK, owner=_PROJECT, shown=("name", "state")),
    "networks_config": Setting(_part("network_id", "networks"), node=True),
    "networks_nodes": Link(_part("network_id", "networks"), "members", ("node_id", "state")),
    "networks_acls": Thing(Noun.NETWORK_ACL, owner=_PROJECT, shown=("name",)),
    "networks_acls_config": Setting(_part("network_acl_id", "networks_acls")),
    "networks_forwards": Thing(Noun.NETWORK_FORWARD, "listen_address", _part("network_id", "networks")),
    "networks_forwards_config": Setting(_part("network_forward_id", "networks_forwards")),
    "networks_load_balancers": Thing(Noun.LOAD_BALANCER, "listen_address", _part("network_id", "networks")),
    "networks_load_balancers_config": Setting(_part("network_load_balancer_id", "networks_load_balancers")),
    "networks_peers": Thing(Noun.NETWORK_PEER, owner=_part("network_id", "networks")),
    "networks_peers_config": Setting(_part("network_peer_id", "networks_peers")),
    "networks_zones": Thing(Noun.NETWORK_ZONE, owner=_PROJECT, shown=("name",)),
    "networks_zones_config": Setting(_part("network_zone_id", "networks_zones")),
    "storage_pools": Thing(Noun.STORAGE_POOL, shown=("name", "driver", "state")),
    "storage_pools_config": Setting(_part("storage_pool_id", "storage_pools"), node=True),
    "storage_pools_nodes": Link(_part("storage_pool_id", "storage_pools"), "members", ("node_id", "state")),
    "storage_volumes": Thing(
        Noun.STORAGE_VOLUME,
        owner=Owner("storage_pool_id", "storage_pools"),
        shown=("name", "node_id"),
        refers=_NODE,
    ),
    "storage_volumes_config": Setting(_part("storage_volume_id", "storage_volumes")),
    "storage_volumes_snapshots": Thing(Noun.SNAPSHOT, owner=_part("storage_volume_id", "storage_volumes")),
    "storage_volumes_snapshots_config": Setting(_part("storage_volume_snapshot_id", "storage_volumes_snapshots")),
    "storage_volumes_backups": Thing(Noun.BACKUP, owner=_part("storage_volume_id", "storage_volumes")),
    "storage_buckets": Thing(Noun.STORAGE_BUCKET, owner=Owner("storage_pool_id", "storage_pools"), shown=("name",)),
    "storage_buckets_config": Setting(_part("storage_bucket_id", "storage_buckets")),
    "projects": Thing(Noun.PROJECT, shown=("name",)),
    "projects_config": Setting(_part("project_id", "projects")),
    "images": Thing(
        Noun.IMAGE,
        "fingerprint",
        _PROJECT,
        shown=("public", "auto_update", "expiry_date"),
        quiet=("last_use_date", "cached"),
    ),
    "images_aliases": Thing(Noun.IMAGE_ALIAS, owner=_PROJECT, shown=("name",)),
    "images_properties": Setting(_part("image_id", "images")),
    "images_nodes": Link(_part("image_id", "images"), "members", ("node_id",)),
    "identities": Thing(Noun.IDENTITY, quiet=("first_seen_date", "last_seen_date", "updated_date")),
    "certificates": Thing(Noun.CERTIFICATE, "fingerprint"),
    "config": Thing(Noun.SETTING, "key", shown=("value",)),
    "operations": Quiet(),
    "operations_resources": Quiet(),
    "warnings": Quiet(),
}
_MEMBERS = Thing(
    Noun.MEMBER, shown=("name", "address", "role", "schema_internal", "schema_external"), quiet=("heartbeat",)
)
_TOKENS = Thing(Noun.JOIN_TOKEN, shown=("expiry_date",))
MICROCLUSTER: Tables = {
    "core_cluster_members": _MEMBERS,
    "internal_cluster_members": _MEMBERS,
    "core_token_records": _TOKENS,
    "internal_token_records": _TOKENS,
    "cluster_configs": Thing(Noun.CLUSTER_CONFIGURATION, "key"),
    "kubernetes_auth_tokens": Thing(Noun.AUTH_TOKEN, "username"),
    "worker_tokens": Thing(Noun.WORKER_TOKEN, shown=("expiry",)),
    "feature_status": Thing(Noun.FEATURE, shown=("enabled", "version"), quiet=("timestamp",)),
    "config": Thing(Noun.SETTING, "key"),
    "client_config": Thing(Noun.SETTING, "key"),
    "disks": Thing(Noun.DISK, "path", Owner("member_id", "core_cluster_members")),
    "services": Thing(Noun.SERVICE, "service", Owner("member_id", "core_cluster_members")),
    "remote": Thing(Noun.REMOTE),
}
"""Values of `config`, `cluster_configs` and `client_config` hold keys: none is told. Of a token, only whose it is."""


def tables_of(names: frozenset[str]) -> Tables:
    """The words for a database with these tables; none where no product is known by them."""
    if {"profiles_config", "nodes", "instances"} <= names:
        return LXD
    if names & {"core_cluster_members", "internal_cluster_members"}:
        return MICROCLUSTER
    return {}


def columns_of(table: Table) -> frozenset[str]:
    """The columns that a table must have to be what these words say."""
    owner = {table.owner.column} if table.owner else set[str]()
    if isinstance(table, Quiet):
        return frozenset()
    if isinstance(table, Thing):
        return frozenset({"id", table.name, *owner})
    if isinstance(table, Link):
        return frozenset({*table.columns, *owner})
    return frozenset({"key", "value", *owner})
