"""What ends a product's start before raft counts, against what the real thing said.

The texts were measured: go-dqlite 1.11.5 (Debian's libdqlite 1.11.1) was started on the recording `single` with these
files changed, as k8s-dqlite starts it: TLS from cluster.crt and cluster.key, no address. `CREATED` means that the start
went on, whatever came of it later.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from forensics import pipeline
from forensics.check.build import build, pack
from forensics.check.pki import issue, k8s_dqlite
from forensics.check.tree import File
from forensics.evidence import BytesBlob
from forensics.facts.node.node import Node
from forensics.facts.node.precondition import Unmet
from forensics.ingest.source import Source
from tests.fixtures import fixture, known, names, report

RAFT = "/var/snap/k8s/common/var/lib/k8sd/state/database"
DIRECTORY = "n1/var/snap/k8s/common/var/lib/k8s-dqlite"
ADDRESS = b"127.20.5.1"
INFO = b"Address: 127.20.5.1:9000\nID: 3297041220608546238\nRole: 0\n"
BESIDE = b"- Address: 127.20.5.1:9000\n  ID: 3297041220608546238\n  Role: 0\n"
PAIR, OTHER, UNNAMED = k8s_dqlite("n1"), issue("another"), issue("unnamed", names=())
GONE = None  # the file is deleted
TLS_KEY, TLS_CERTIFICATE = "tls: failed to find any PEM data in key", "tls: failed to find any PEM data in certificate"

MEASURED: list[tuple[str, dict[str, bytes | None], str, Unmet | None]] = [
    ("as it is", {}, "CREATED", None),
    ("info empty", {"info.yaml": b""}, "CREATED 0", None),
    ("info zeros", {"info.yaml": bytes(57)}, "unmarshall info.yaml: control characters", Unmet.INFO_UNUSABLE),
    ("info half", {"info.yaml": INFO[:-7]}, "unmarshall info.yaml: could not find expected ':'", Unmet.INFO_UNUSABLE),
    ("info is a list", {"info.yaml": b"- a\n- b\n"}, "unmarshall info.yaml: cannot unmarshal", Unmet.INFO_UNUSABLE),
    ("info is a word", {"info.yaml": b"hello\n"}, "unmarshall info.yaml: cannot unmarshal", Unmet.INFO_UNUSABLE),
    ("two documents", {"info.yaml": INFO + b"---\na: 1\n"}, "CREATED", None),
    ("id 0", {"info.yaml": INFO.replace(b"3297041220608546238", b"0")}, "CREATED 0", None),
    ("no address", {"info.yaml": INFO[25:]}, "CREATED", None),
    ("no port", {"info.yaml": INFO.replace(b":9000", b"")}, "listen: missing port in address", Unmet.ADDRESS_UNUSABLE),
    ("port", {"info.yaml": INFO.replace(b":9000", b":99000")}, "listen: invalid port", Unmet.ADDRESS_UNUSABLE),
    ("cluster empty", {"cluster.yaml": b""}, "CREATED", None),
    ("cluster zeros", {"cluster.yaml": bytes(57)}, "open cluster.yaml node store: control", Unmet.CLUSTER_UNUSABLE),
    ("cluster half", {"cluster.yaml": BESIDE[:-7]}, "open cluster.yaml node store: could", Unmet.CLUSTER_UNUSABLE),
    ("cluster is a map", {"cluster.yaml": b"Address: a\n"}, "open cluster.yaml node store", Unmet.CLUSTER_UNUSABLE),
    ("no info", {"info.yaml": GONE}, "inconsistent info.yaml and cluster.yaml", Unmet.INFO_MISSING),
    ("no cluster", {"cluster.yaml": GONE}, "inconsistent info.yaml and cluster.yaml", Unmet.CLUSTER_MISSING),
    ("join", {"join": b""}, "bootstrap node can't join a cluster", Unmet.FOUNDER_JOINS),
    (
        "join alone",
        {"join": b"", "info.yaml": GONE, "cluster.yaml": GONE},
        "bootstrap node can't join a cluster",
        Unmet.JOIN_WITHOUT_INFO,
    ),
    ("other key", {"cluster.key": OTHER.key}, "tls: private key does not match public key", Unmet.KEY_PAIR_MISMATCH),
    ("key empty", {"cluster.key": b""}, TLS_KEY, Unmet.KEY_UNUSABLE),
    ("key half", {"cluster.key": PAIR.key[:100]}, TLS_KEY, Unmet.KEY_UNUSABLE),
    ("certificate empty", {"cluster.crt": b""}, TLS_CERTIFICATE, Unmet.CERTIFICATE_UNUSABLE),
    ("certificate half", {"cluster.crt": PAIR.certificate[:300]}, TLS_CERTIFICATE, Unmet.CERTIFICATE_UNUSABLE),
    (
        "no DNS name",
        {"cluster.crt": UNNAMED.certificate, "cluster.key": UNNAMED.key},
        "panic: certificate has no DNS extension",
        Unmet.NO_DNS_NAME,
    ),
]


def node_of(files: dict[str, bytes | None]) -> Node:
    """The recording `single` of k8s-dqlite, with other files."""
    tree = build(replace(fixture("certificate/no-dns-name"), changes=()))
    assert tree[f"{DIRECTORY}/info.yaml"].content == INFO
    for name, content in files.items():
        if content is None:
            del tree[f"{DIRECTORY}/{name}"]
        else:
            tree[f"{DIRECTORY}/{name}"] = File(content)
    blob = BytesBlob("single.tar", pack(tree, "tar"))
    with pipeline.take([Source(blob.path, "tar", blob.size, blob, "")]) as evidence:
        (node,) = pipeline.gather(evidence).nodes()
    return node


@pytest.mark.parametrize(("name", "files", "said", "kind"), MEASURED, ids=[row[0] for row in MEASURED])
def test_what_the_real_start_said(name: str, files: dict[str, bytes | None], said: str, kind: Unmet | None) -> None:
    found = node_of(files).unmet
    assert bool(found) != said.startswith("CREATED"), name
    assert (found[0].kind if found else None) is kind


def test_a_product_that_makes_a_pair_by_itself_lacks_none() -> None:
    """LXD and microcluster make a new pair where one half is missing; they load both where both are there."""
    assert not [node for node in known(report("healthy/lxd").case).nodes if node.state != "safe"]
    assert not [node for node in known(report("healthy/k8sd").case).nodes if node.state != "safe"]


STOPPERS = (
    "CERT001",
    "CERT002",
    "CERT005",
    "CERT011",
    "CTL001",
    "CTL002",
    "CTL005",
    "CTL021",
    "MCL001",
    "MCL006",
    "MCL027",
)
TOPICS = ("certificate/", "control/", "identity/", "microcluster/", "healthy/", "host/", "leftover/")


@pytest.mark.parametrize("name", [name for name in names() if name.startswith(TOPICS)])
def test_rules_and_preconditions_name_the_same_nodes(name: str) -> None:
    """Whose rule says that the product ends its start, the state says so too; and no state without a finding."""
    document = report(name)
    refused = {(one.database, one.node) for one in known(document.case).nodes if one.reason == "product-refuses"}
    down = [finding for finding in document.findings if finding.effect == "node-down"]
    told = {(one.database, node) for one in down for node in one.nodes}
    certain = {(one.database, node) for one in down if one.rule in STOPPERS for node in one.nodes}
    assert refused <= told | {(database, node) for database, node in refused if (None, node) in told}
    assert certain <= refused


def test_nothing_is_recovered_where_only_key_pairs_are_wrong() -> None:
    """Two of three voters do not come up, and lose nothing: their files are mended, and no member is forced."""
    case = known(report("certificate/other-key-everywhere").case)
    assert {one.node: (one.state, one.reason) for one in case.nodes} == {
        "n1": ("refuses", "product-refuses"),
        "n2": ("refuses", "product-refuses"),
        "n3": ("safe", "whole"),
    }
    (recovery,) = case.recover_from
    assert (recovery.node, recovery.why, recovery.course) == (None, "not-needed", "mend")
    assert case.faults[0].kind == "certificate"
    assert case.faults[0].consequences[0] == "no-majority"
    assert len(case.first) == 2
    assert not case.lost


def test_exchanged_databases_are_put_back() -> None:
    """Neither daemon starts, and nothing but the place of their folders is wrong."""
    case = known(report("microcluster/exchanged-databases").case)
    assert {one.node: (one.state, one.reason) for one in case.nodes} == {
        "n1": ("safe", "whole"),
        "n2": ("refuses", "product-refuses"),
        "n3": ("refuses", "product-refuses"),
    }
    assert [(one.course, one.node) for one in case.recover_from] == [("mend", None)]
    stop, put_back, start = case.first
    places = [(run.nodes, [command.split()[1:3] for command in run.commands]) for run in put_back.runs]
    assert places == [
        (("n2", "n3"), [["mv", RAFT]]),
        (("n3",), [["scp", "-rp"]]),  # what lay on n2
        (("n2",), [["scp", "-rp"]]),
    ]
    assert [step.kind for step in (stop, put_back, start)] == ["stop-and-copy", "mend", "start"]


def test_a_copy_in_two_places_is_no_exchange() -> None:
    """n2 has n3's info.yaml, and n3 has it too: nothing of n2's lies anywhere else."""
    made = fixture("microcluster/exchanged-databases")
    copied = replace(made.changes[0], do="copy", file="n3/info.yaml", to="n2/info.yaml")
    blob = BytesBlob("copied.tar", pack(build(replace(made, changes=(copied,))), "tar"))
    with pipeline.take([Source(blob.path, "tar", blob.size, blob, "")]) as evidence:
        found = {node.name: [(one.kind, one.owner) for one in node.unmet] for node in pipeline.gather(evidence).nodes()}
    assert found == {"n1": [], "n2": [(Unmet.ADDRESS_MISMATCH, "")], "n3": []}


def test_what_the_product_does_before_a_start_is_no_safe_start() -> None:
    """update.yaml makes one of three members a cluster of its own; a recovery tarball replaces what lies there."""
    states = {one.node: (one.state, one.reason) for one in known(report("control/update-of-a-member").case).nodes}
    assert states == {"n1": ("safe", "whole"), "n2": ("splits", "product-forces"), "n3": ("safe", "whole")}
    (recovery,) = known(report("control/update-of-a-member").case).recover_from
    assert recovery.course == "mend"  # nobody is taken out, or joins anew
    states = {one.node: (one.state, one.reason) for one in known(report("microcluster/recovery-pending").case).nodes}
    assert states == {"n1": ("safe", "whole"), "n2": ("safe", "whole"), "n3": ("unknown", "product-replaces")}
