"""The cluster over time and over its nodes: divergences, what is committed, and what can be dated."""

from __future__ import annotations

import msgspec

from forensics.report.document.part import Count, DivergenceKind, Part


class Named(Part):
    """A thing of a product's database.

    Attributes:
        noun: what it is: `instance`, `profile`, `member`, …; `row` where its table has no word.
        name: what it is called; empty for rows that have no name.
    """

    noun: str
    name: str = ""


class FieldChange(Part):
    """One setting or column of a thing.

    Attributes:
        name: `limits.cpu`.
        before: its value; null where it had none, or `told` is false.
        after: the same, afterwards.
        told: false where the value may be a secret: then only the change is told.
        member: the member that a setting is for; empty where it is for all.
    """

    name: str
    before: str | None = None
    after: str | None = None
    told: bool = True
    member: str = ""


class RowChange(Part):
    """One thing of a product's database that is different.

    Attributes:
        database: the database.
        table: its table.
        operation: `added`, `deleted` or `changed`.
        thing: what it is.
        within: what it belongs to, the nearest first.
        fields: of `changed`, what of it.
        rows: how many rows of the database this is about.
        words: the same in words.
    """

    database: str
    table: str
    operation: str
    thing: Named
    within: tuple[Named, ...] = ()
    fields: tuple[FieldChange, ...] = ()
    rows: Count = 1
    words: str = ""


class Written(Part):
    """What a range of the log wrote.

    Attributes:
        keys: kine keys, the last ones.
        keys_total: how many keys there are.
        writes: how many rows of kine.
        tables: other tables.
        rows: what differs in these, as those who run the product know it.
        rows_total: how many such things there are.
        not_compared: tables that are too large to be compared row by row.
    """

    keys: tuple[str, ...] = ()
    keys_total: Count = 0
    writes: Count = 0
    tables: tuple[str, ...] = ()
    rows: tuple[RowChange, ...] = ()
    rows_total: Count = 0
    not_compared: tuple[str, ...] = ()


class Side(Part):
    """One of the histories that disagree.

    Attributes:
        nodes: that hold it.
        term: of its entry at the index of the divergence.
        last_index: where it ends.
        committed: provably committed; null where nothing tells.
        holds: what its entries are, in words.
        pages: how many pages it wrote, by database.
        written: what it wrote.
    """

    nodes: tuple[str, ...]
    term: Count | None
    last_index: Count | None
    committed: bool | None = None
    holds: str = ""
    pages: dict[str, Count] = msgspec.field(default_factory=dict)
    written: Written = Written()


class Divergence(Part):
    """Logs hold different entries at one index.

    Attributes:
        index: the first that differs.
        kind: how they differ; empty in a report that did not say.
        last_index: the last that differs; null where they differ to the end.
        shift: by how many indexes equal entries are moved; null where they are not.
        sides: the histories.
    """

    index: Count
    kind: DivergenceKind | None = None
    last_index: Count | None = None
    shift: int | None = None
    sides: tuple[Side, ...]


class Proof(Part):
    """What one history proves committed.

    Attributes:
        node: whose log it is.
        at_least: up to this index.
        why: by what.
    """

    node: str
    at_least: Count
    why: str


class Never(Part):
    """Entries that provably were never committed.

    Attributes:
        node: whose log has them.
        from_index: from this index on (`from` in JSON).
        why: by what.
    """

    node: str
    from_index: Count = msgspec.field(name="from")
    why: str


class CommitIndex(Part):
    """The bounds of what is committed.

    Attributes:
        at_least: provably committed up to here.
        at_most: provably not committed beyond.
        why: by what.
        unknown: what members without evidence could change.
        histories: what each node's log proves.
        never: what provably never was committed.
    """

    at_least: Count | None
    at_most: Count | None
    why: str | None
    unknown: str | None = None
    histories: tuple[Proof, ...] = ()
    never: tuple[Never, ...] = ()


class TermRange(Part):
    """Entries of one term in the cluster's log.

    Attributes:
        term: the term.
        first_index: its first entry.
        last_index: its last entry.
        leader: the leader's ID; null where nothing tells.
        how: by what it is told.
    """

    term: Count
    first_index: Count
    last_index: Count
    leader: str | None = None
    how: str | None = None


class RestartRun(Part):
    """A node that was restarted again and again.

    Attributes:
        node: the node.
        first_index: the first of its segments of one entry.
        last_index: the last of them.
        segments: how many.
    """

    node: str = ""
    first_index: Count = 0
    last_index: Count = 0
    segments: Count = 0


class FileTime(Part):
    """A file that tells when something happened, by its host's clock.

    Attributes:
        time: ISO 8601.
        node: whose file it is.
        what: what happened.
        path: of the file.
    """

    time: str | None = None
    node: str = ""
    what: str = ""
    path: str = ""


class Boot(Part):
    """A start of a host, by a snapshot's file time less the monotonic time in its name.

    Attributes:
        node: the node.
        time: ISO 8601.
    """

    node: str = ""
    time: str | None = None


class Timeline(Part):
    """Terms and restarts in raft's own order; files and boots by the clocks of their hosts, never mixed with it.

    Attributes:
        terms: by term.
        restarts: of each node.
        files: by time.
        boots: of each node.
    """

    terms: tuple[TermRange, ...]
    restarts: tuple[RestartRun, ...]
    files: tuple[FileTime, ...]
    boots: tuple[Boot, ...]
