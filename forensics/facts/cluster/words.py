"""What the facts of a cluster are in words: made at the very end, for rules, the report and commands alike.

Nothing here decides anything, and nothing takes these texts apart again.
"""

from __future__ import annotations

from forensics.facts.cluster.commit import CommitIndex
from forensics.facts.cluster.commit_proof import Ground, Limit, LimitReason, Never, Proof, Undecided
from forensics.facts.cluster.history import LeaderKnownBy, Moment, MomentKind, TermBand
from forensics.facts.cluster.join import CopyKind, Link, LinkReason
from forensics.facts.cluster.member_changes import MembersChange, ServerChange, Step, Told
from forensics.facts.cluster.member_sources import Found, MemberSource
from forensics.facts.cluster.membership import Forced, ForcedBy
from forensics.parsers.roles import Role
from forensics.wording import are, count, entries, joined, listed


def commit_words(commit: CommitIndex) -> str:
    """Why both bounds of the commit index are what they are: one clause each."""
    return f"{proof_words(commit.proof)}; {limit_words(commit.limit)}"


def proof_words(proof: Proof) -> str:
    """What proves that entries are committed: one clause."""
    words = _ground_words(proof)
    return words if proof.seen_on is None else f"as on {proof.seen_on}: {words}"


def _ground_words(proof: Proof) -> str:
    names, entry = listed(proof.nodes), proof.entry
    held = f"entry {entry} of term {proof.term} is on {names}, {len(proof.nodes)} of {proof.voters} voters"
    return {
        Ground.BOOTSTRAP: "entry 1, the bootstrap, is committed by definition",
        Ground.SNAPSHOT: f"{names} has a snapshot at index {entry}, and snapshots hold committed entries only",
        Ground.LATER_CHANGE: (
            f"the change of members at entry {proof.later} was possible only once the one at {entry} was committed"
        ),
        Ground.LATER_TRANSACTION: (
            f"the leader of term {proof.term} began the transaction of entry {proof.later}, which {names} holds, only "
            f"once the one at {entry} was committed"
        ),
        Ground.SOLE_VOTER: f"{names} is the only voter from entry {entry} on: what it stores is committed",
        Ground.MAJORITY_NO_LATER_TERM_SEEN: f"{held}, and none of them has seen a later term",
        Ground.MAJORITY_NO_LATER_TERM_HELD: f"{held}, and no voter holds an entry of a later term",
    }[proof.ground]


def limit_words(limit: Limit) -> str:
    """Why nothing higher can be committed, or why that cannot be told: one clause."""
    away = joined(_away(limit))
    next_entry = None if limit.index is None else limit.index + 1
    return {
        LimitReason.NO_CONFIGURATION: "no configuration tells who the voters are",
        LimitReason.NOTHING_BEYOND: "nothing in this upload goes further",
        LimitReason.MAY_GO_ON: f"{away}: after one more change of members they could go on alone",
        LimitReason.MAJORITY_ABSENT: f"{away}: a majority, which may hold more",
        LimitReason.NO_MAJORITY: f"after entry {limit.reach} there is no majority, even if {_whoever(limit)} held more",
        LimitReason.TOO_FEW_HOLD: f"no entry after {limit.reach} is on {limit.needed} of {limit.voters} voters",
        LimitReason.REPLACED: f"{limit.node} has another entry {next_entry}, of the later term {limit.term}",
    }[limit.reason]


def _away(limit: Limit) -> list[str]:
    """Of whom it is not known what they held: a clause each."""
    found = []
    if limit.missing > 0:
        found.append(f"{limit.missing} of {limit.voters} voters {are(limit.missing)} missing")
    if limit.unsure:
        found.append(f"what {listed(limit.unsure)} held is not known to its end")
    return found


def _whoever(limit: Limit) -> str:
    missing = f"the missing {count(limit.missing, 'voter') if limit.missing > 1 else 'voter'}"
    return listed([*([missing] if limit.missing > 0 else []), *limit.unsure])


def never_words(never: Never) -> str:
    """Why entries never were committed: one clause."""
    return (
        f"{never.other} has another entry {never.index}, of the later term {never.term}, and the leader of that term "
        "had every committed entry"
    )


def undecided_words(undecided: Undecided) -> str:
    """What is not known to be committed, and who would tell: one clause."""
    if undecided.last is None:
        after = undecided.first - 1
        return f"{listed(undecided.absent)} may hold committed entries after {after} that this upload does not show"
    span = entries(undecided.first, undecided.last)
    if not undecided.absent:
        return f"{span} may or may not be committed: their term is not the newest that was seen"
    return f"whether {span} {_is(undecided)} committed depends on {listed(undecided.absent)}"


def _is(undecided: Undecided) -> str:
    return "is" if undecided.first == undecided.last else "are"


def link_words(link: Link) -> str:
    """What shows that two directories are of one cluster, or are not: one clause."""
    known = next((name for name in link.nodes if name != link.knower), link.nodes[0])
    return {
        LinkReason.OWN_BOOTSTRAPS: "each begins with a bootstrap of its own",
        LinkReason.SHARED_CONFIGURATION: f"both hold the configuration of entry {link.number}",
        LinkReason.OWN_LOOPBACKS: "each is the only member of its cluster, at its own machine's loopback address",
        LinkReason.EQUAL_ENTRIES: f"{link.number} entries are equal",
        LinkReason.DIFFERENT_ENTRIES: f"their logs differ from entry {link.number} on",
        LinkReason.KNOWN_AS_MEMBER: f"{link.knower} knows {known} as a member",
        LinkReason.SAME_MEMBERS: "both know the same members",
        LinkReason.SAME_ID: "they have the same raft ID",
        LinkReason.NO_COMMON_MEMBER: "neither knows a member that the other knows",
        LinkReason.NOTHING: "nothing in them tells",
    }[link.reason]


def members_change_words(change: MembersChange) -> str:
    """What a configuration changes, by address: `10.0.0.3:9000 joins as spare; 10.0.0.2:9000 is removed`."""
    if change.told is Told.OLDEST_HELD:
        return "the oldest configuration that the evidence holds"
    if change.told is Told.BOOTSTRAP:
        return f"bootstrap: {', '.join(f'{one.address} as {_role(one.role)}' for one in change.servers)}"
    return "; ".join(_server_words(one) for one in change.servers) or "the same members again"


def _server_words(change: ServerChange) -> str:
    return {
        Step.JOINS: f"{change.address} joins as {_role(change.role)}",
        Step.REMOVED: f"{change.address} is removed",
        Step.MOVES: f"{change.address} moves to {change.to_address}",
        Step.TURNS: f"{change.address} turns from {_role(change.role_before)} to {_role(change.role)}",
    }[change.step]


def _role(role: Role | None) -> str:
    return "a member of unknown role" if role is None else role.value


def source_words(source: MemberSource) -> str:
    """Where a column of the table of members comes from: its title."""
    if source.copy is not None:
        return f"info.yaml of {source.copy.node} ({_COPIES[source.copy.kind]} {source.copy.of})"
    if source.found is not None:
        return f"configuration of entry {source.index} ({_FOUND[source.found]})"
    names = listed(source.nodes)
    return {
        "snapshot": f"snapshots of {names} (configuration of entry {source.index})",
        "info.yaml": "info.yaml of each",
        "daemon.yaml": "daemon.yaml of each",
        "certificate": "server.crt of each (subject, addresses)",
    }.get(source.kind, f"{source.kind} of {names}")


_FOUND = {
    Found.NEWEST: "newest",
    Found.COMMITTED: "committed",
    Found.NEWEST_OF_NODE: "newest on its node",
}
_COPIES = {
    CopyKind.IDENTICAL: "identical copy of",
    CopyKind.OLDER: "older copy of",
    CopyKind.FORKED: "copy that went on separately from",
    CopyKind.LOOK: "the same directory as",
    CopyKind.UNKNOWN: "copy of",
}


def forced_words(forced: Forced) -> str:
    """What shows that a configuration was written by hand: one clause."""
    return {
        ForcedBy.TERM_FALLS: f"its term falls from {forced.term_before} to {forced.term}",
        ForcedBy.MANY_CHANGES: "it changes more than raft changes in one step",
        ForcedBy.ALONE_IN_SEGMENT: "it is alone in a segment, in term 1, as forced configurations are written",
    }[forced.by]


def leader_words(band: TermBand) -> str:
    """How a term's leader is known, or why it has none: one clause."""
    return {
        LeaderKnownBy.FORCED: "written by hand: a forced configuration has no leader",
        LeaderKnownBy.ONLY_VOTER: "the only voter leads without an election",
        LeaderKnownBy.VOTES: f"{band.votes} of {band.voters} voters voted for it",
        LeaderKnownBy.UNKNOWN: "not known: this upload shows too few of the votes in this term",
    }[band.known_by]


def moment_words(moment: Moment) -> str:
    """What happened at that time."""
    return {
        MomentKind.SELF_REPAIR: f"self-repair moved {moment.file} away",
        MomentKind.SNAPSHOT: f"snapshot at index {moment.index}",
        MomentKind.ENTRY_WRITTEN: f"entry {moment.index} written",
        MomentKind.ADDRESS_BOOK: "cluster.yaml written",
    }[moment.kind]
