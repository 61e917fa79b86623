"""Preconditions in words: a clause each."""

from __future__ import annotations

from functools import singledispatch

from forensics.facts.cluster.join import CopyKind
from forensics.facts.node.node import Grade
from forensics.forecast.words import message, proposal_sentence
from forensics.plan.checks.model import Check, CheckKind, Histories, MissingLogs, Reach, Space, Version
from forensics.plan.expected_start import ExpectedStart
from forensics.plan.ranking import Obstacle
from forensics.plan.words.plan import obstacle_words
from forensics.wording import are, listed, size

_WORDS = {
    CheckKind.CONTRADICTS_COMMITTED: (
        "{nodes} contradicts committed entries from entry {index} on: do not start it with its old data"
    ),
    CheckKind.DISPUTED_ENTRY: "entry {index} differs between nodes within one term: find out which one is right",
    CheckKind.VOTERS_UNKNOWN: (
        "{nodes} has entries behind a hole in its log, and the hole may have held other voters: find out whether a "
        "recovery was run there before you give these entries up"
    ),
    CheckKind.HISTORY_UNKNOWN: "no content of any log is at hand, so it is not known whether there is one history",
    CheckKind.ONE_HISTORY: "there is one committed history",
    CheckKind.ALL_LOGS: "the logs of all voters and stand-bys are at hand",
    CheckKind.NO_CONFIGURATION: (
        "no raft configuration is at hand: find out who all the members are, and look at each of them"
    ),
    CheckKind.RANK_IS_LOWER_BOUND: (
        "of {nodes} only file names or parts of files arrived: more may be there than the ranking shows"
    ),
    CheckKind.OPEN_SEGMENTS_UNREAD: (
        "the content of the open segments of {nodes} did not arrive, and may go further than any file name tells: "
        "collect it before you choose a node"
    ),
    CheckKind.WAS_RUNNING: (
        "there are open segments on {nodes}: dqlite was running there when the copy was made, or had been killed; make "
        "sure that everything is stopped"
    ),
    CheckKind.OTHER_DATABASE_ELSEWHERE: (
        "{names} is best recovered from {others}, this database from {first}: the page recovers both on one node, "
        "chosen by k8sd's segments alone; run the command once on each node"
    ),
    CheckKind.DAMAGED: "{nodes}: damaged: {names}; see what its next start drops",
    CheckKind.WHOLE: "{nodes}: all segments and snapshots are whole, and every checksum matches",
    CheckKind.PRODUCT_STOPS: "{nodes}: its product does not start because of {names}: mend that before it is started",
    CheckKind.ID_UNKNOWN: "{nodes}: its ID is not known, because there is no {names}",
    CheckKind.ADDRESS_DIFFERS: "{nodes}: it says that its address is {each[0]}, and the members know it at {each[1]}",
    CheckKind.IDENTITY_FITS: "{nodes}: ID {each[0]} and address {each[1]} are those of the configuration",
    CheckKind.MACHINE_LACKS_ADDRESS: "{nodes}: its machine did not have the address {names} when it was collected",
    CheckKind.CLUSTER_YAML_MISSING: "{nodes}: the recovery tool reads cluster.yaml, which is not in the evidence",
    CheckKind.CLUSTER_YAML_LACKS: "{nodes}: cluster.yaml lacks {names}; write it again from the list below",
    CheckKind.TRUSTSTORE_LACKS: (
        "{nodes}: the truststore has no entry for {names}, and the recovery leaves out whoever has none"
    ),
    CheckKind.ACTED_ON: "{nodes}: its next start acts on {names}; move that away first",
    CheckKind.PATCH_BLOCKS_EDIT: "{nodes}: `lxd cluster edit` refuses while patch.global.sql is there",
    CheckKind.PACKED_FOR_ALL: (
        "{nodes}: the tool would pack {names} into the post-recovery archive, and every node would act on it"
    ),
    CheckKind.SOCKET_LEFT: (
        "{nodes}: control.socket was there, and while it is, the tool believes that the daemon is running"
    ),
    CheckKind.TOOL_NEEDS: "{nodes}: the recovery tool reads {names}, which the evidence lacks",
    CheckKind.TOOL_UNKNOWN_BEFORE: "snap k8s {version}: `k8sd cluster-recover` is known from 1.32 on",
    CheckKind.NO_TOOL_ANY_MORE: (
        "snap k8s {version}: from 1.36 on there is no k8s-dqlite, and no command that recovers it"
    ),
    CheckKind.TOOL_IS_THERE: "snap k8s {version} has `k8sd cluster-recover`",
    CheckKind.TOO_LITTLE_SPACE: (
        "{nodes}: {free} were free on {mount}; backups and the tool's tarballs take up to {needed}"
    ),
    CheckKind.ENOUGH_SPACE: "{nodes}: {free} were free on {mount}, enough for backups and tarballs",
    CheckKind.NOT_WHOLE: "{nodes}: not all of its content arrived ({grade}), so it was not checked",
    CheckKind.SAME_ID: "{first} has the same ID as {others} ({copy}): start only one of them",
}
_COPIES = {
    CopyKind.IDENTICAL: "the same state",
    CopyKind.OLDER: "one is an older state of the other",
    CopyKind.FORKED: "each went on by itself",
    CopyKind.LOOK: "the same directory, by file names",
    CopyKind.UNKNOWN: "too little content to compare",
}


def check_words(check: Check) -> str:
    """What was found, and what to do about it."""
    return _about(check.about, check)


def _filled(check: Check, **more: str) -> str:
    return _WORDS[check.kind].format(
        nodes=listed(check.nodes),
        first=check.nodes[0] if check.nodes else "",
        others=listed(check.nodes[1:]),
        names=listed(check.names),
        each=check.names,
        index=check.index,
        **more,
    )


@singledispatch
def _about(_: object, check: Check) -> str:
    if check.kind is CheckKind.ONLY_CLUSTER_YAML:
        return _only_cluster_yaml(check)
    return _filled(check)


def _only_cluster_yaml(check: Check) -> str:
    book = f"{listed(check.nodes)}'s cluster.yaml, which may be old"
    if check.names:
        return f"no raft configuration is at hand: {book}, names {listed(check.names)}, of which nothing is at hand"
    return f"no raft configuration is at hand: the members are those of {book}"


@_about.register
def _(histories: Histories, check: Check) -> str:
    who = " and ".join(", ".join(side) for side in histories.sides)
    return (
        f"{who} have committed histories of their own from entry {check.index} on: whichever you keep, the writes of "
        "the other are lost; compare their content and decide first"
    )


@_about.register
def _(missing: MissingLogs, check: Check) -> str:
    if check.kind is CheckKind.MEMBERS_LOST:
        return _members_lost(missing)
    some = f"{missing.some} of " if missing.some else ""
    who = f"no log of {some}{listed(missing.members)} is at hand"
    if not missing.may_hold_committed:
        return (
            f"{who}; nothing committed is there alone, because a majority of the voters is at hand; still look at it "
            "if the disk can be read"
        )
    behind = "" if missing.committed is None else f" behind entry {missing.committed}"
    return (
        f"{who}; committed entries{behind} may be there and nowhere else: look at those disks before you force anything"
    )


def _members_lost(missing: MissingLogs) -> str:
    who = f"{listed(missing.members)} {are(len(missing.members))} taken for lost for good"
    if not missing.may_hold_committed:
        return f"{who}; nothing committed is lost with that, because a majority of the voters is at hand"
    behind = "" if missing.committed is None else f" behind entry {missing.committed}"
    return f"{who}: committed entries{behind} may be lost with that, for nothing at hand tells that there were none"


@_about.register
def _(reach: Reach, check: Check) -> str:
    mended = f": on a copy, {proposal_sentence(reach.start.proposal)}" if reach.start.proposal else ""
    return (
        f"{listed(check.nodes)} goes further than {reach.than}, to entry {reach.index}, once it starts{mended}. Decide "
        f"before you give up its entries from {reach.agreed + 1} on"
    )


@_about.register
def _(obstacle: Obstacle, check: Check) -> str:
    return obstacle_words(obstacle, listed(check.nodes))


@_about.register
def _(start: ExpectedStart, check: Check) -> str:
    if check.kind is CheckKind.LOADING_FAILS and start.proposal:
        mended = proposal_sentence(start.proposal)
        return f"{listed(check.nodes)}: every recovery tool loads the directory first, which fails; {mended}"
    return f"{listed(check.nodes)} {message(start.forecast)}"


@_about.register
def _(space: Space, check: Check) -> str:
    return _filled(check, free=size(space.free), mount=space.mount, needed=size(space.needed))


@_about.register
def _(version: Version, check: Check) -> str:
    return _filled(check, version=".".join(map(str, version.numbers)))


@_about.register
def _(grade: Grade, check: Check) -> str:
    return _filled(check, grade=grade.value)


@_about.register
def _(copy: CopyKind, check: Check) -> str:
    return _filled(check, copy=_COPIES[copy])
