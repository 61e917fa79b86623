"""What a product needs before it lets dqlite run, and what it does before that: the nouns.

facts/start/preconditions.py finds them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Unmet(StrEnum):
    """Why the product ends its start. Values are those of report.json."""

    KEY_PAIR_MISMATCH = "key-pair-mismatch"  # the private key is not that of the certificate
    CERTIFICATE_UNUSABLE = "certificate-unusable"  # empty, or no certificate can be read from it
    KEY_UNUSABLE = "key-unusable"
    CERTIFICATE_MISSING = "certificate-missing"
    KEY_MISSING = "key-missing"
    NO_DNS_NAME = "no-dns-name"  # the certificate names no host
    INIT_WITH_STATE = "init-with-state"  # told to set up a new node, in the directory of an old one
    CONTROL_FILE_UNUSABLE = "control-file-unusable"
    INFO_UNUSABLE = "info-unusable"
    CLUSTER_UNUSABLE = "cluster-unusable"
    INFO_MISSING = "info-missing"  # beside cluster.yaml
    CLUSTER_MISSING = "cluster-missing"  # beside info.yaml
    FOUNDER_JOINS = "founder-joins"
    JOIN_WITHOUT_INFO = "join-without-info"
    ADDRESS_MISMATCH = "address-mismatch"  # info.yaml and the daemon have different ones
    EXCHANGED = "exchanged"  # another member's database lies here, whose machine has this one's, or a third one's
    ADDRESS_UNUSABLE = "address-unusable"  # not host:port
    ADDRESS_GONE = "address-gone"  # of no interface of the machine: nothing can listen there
    DAEMON_UNUSABLE = "daemon-unusable"  # daemon.yaml
    DAEMON_MISSING = "daemon-missing"  # the daemon comes up as one that was never set up, without its database
    TRUST_ENTRY_UNUSABLE = "trust-entry-unusable"
    RECOVERY_REFUSED = "recovery-refused"  # a recovery tarball that the start unpacks first, and stops at
    LOCAL_DATABASE_UNUSABLE = "local-database-unusable"
    CLUSTER_ADDRESS_MISSING = "cluster-address-missing"  # local.db names members, and no address of this server


class Pending(StrEnum):
    """What a product does to the raft files before it starts dqlite on them, because a file tells it to."""

    UPDATE = "update"  # update.yaml of k8s-dqlite: the configuration becomes this node alone
    RECOVERY = "recovery"  # a recovery tarball takes the place of the database


@dataclass(frozen=True, slots=True)
class Precondition:
    """One that is not met, so that the product does not start its database.

    Attributes:
        kind: why.
        file: the file that is wrong or missing: name, or path inside the product's state directory.
        product: whose start it is, by the database's word.
        owner: the node whose database lies there; empty where it is the node's own.
    """

    kind: Unmet
    file: str
    product: str
    owner: str = ""
