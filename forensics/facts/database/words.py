"""What is known of databases, in words: made at the very end, for rules, the report and commands alike."""

from __future__ import annotations

from forensics.facts.database.kine_oddity import Oddity, OddRow
from forensics.facts.database.loss import Loss, LossKind
from forensics.facts.database.product_tables import Noun
from forensics.facts.database.row_change import FieldChange, Named, Operation, RowChange
from forensics.facts.database.summary import NotExamined, WhyNot
from forensics.wording import count, listed, size


def loss_words(loss: Loss) -> str:
    """What could not be rebuilt: one clause."""
    name, number = loss.database, loss.number
    return {
        LossKind.SNAPSHOT: loss.detail,
        LossKind.ENTRY: f"entry {number}: {loss.detail}",
        LossKind.PAGE_SIZE: f"{name}: pages of {count(number, 'byte')}{_in_pages_of(loss.of)}",
        LossKind.BEYOND_SIZE: f"{name}: page {number} lies beyond every size that a database here can have",
        LossKind.NOT_A_DATABASE: f"{name}: the image in the snapshot does not begin as a database does",
        LossKind.PARTIAL_PAGE: f"{name}: {count(number, 'byte')} at the end of the snapshot's image are no whole page",
        LossKind.WAL: f"{name}: {loss.detail}",
        LossKind.WAL_PAGE: f"{name}: page {number} of the WAL does not fit the database",
        LossKind.MISSING_PAGES: f"{number} of {count(loss.of, 'page')} are missing",
    }[loss.kind]


def _in_pages_of(page_size: int) -> str:
    return f" in a database with pages of {page_size}" if page_size else ", which no database here can have"


def not_examined_words(found: NotExamined) -> str:
    """Why databases, or something of one, were not examined: one clause."""
    return {
        WhyNot.NO_START: "there is neither a usable snapshot nor a log from index 1",
        WhyNot.NOT_TRIED: "the databases were not examined",
        WhyNot.TOO_LARGE: f"{size(found.size)} are too much to examine here; `sql` and `extract` work on it",
        WhyNot.NO_SPACE: f"there is no temporary space to rebuild databases ({found.detail})",
        WhyNot.BROKEN: "an error of this program ended the examination",
        WhyNot.QUERY: found.detail,
    }[found.why]


def odd_row_words(row: OddRow) -> str:
    """What is odd about a row of kine: one clause."""
    of = f"revision {row.revision} of {row.key}"
    return {
        Oddity.CREATED_AND_DELETED: f"{of} is created and deleted",
        Oddity.CREATED_LATER: f"{of} says that it was created in the later revision {row.other}",
        Oddity.NO_VALUE: f"{of} exists without a value",
        Oddity.DELETED_WITH_VALUE: f"{of} is deleted and has a value",
        Oddity.OLD_TOMBSTONE: f"revision {row.revision}, which deletes {row.key}",
        Oddity.SUPERSEDED: f"{of}, superseded by {row.other}",
        Oddity.PREDECESSOR_GONE: f"{of} follows {row.other}, which does not exist",
        Oddity.CREATES_AGAIN: f"{of} creates the key, which has existed since {row.other}",
        Oddity.WRONG_PREDECESSOR: f"{of} follows {row.other}, not {row.expected}",
    }[row.oddity]


_DONE = {Operation.ADDED: "added", Operation.DELETED: "deleted", Operation.CHANGED: "changed"}
_NOUNS = {Noun.NETWORK_ACL: "network ACL"}  # the others are as their values, in two words where these are


def row_change_words(change: RowChange, fields: int | None = None) -> str:
    """`profile web: limits.cpu 2 → 4`, `instance db1 deleted`: one clause, with so many fields named (default: all)."""
    if change.thing.noun is Noun.ROW:
        return _row_words(change)
    called = " of ".join(_named(one) for one in (change.thing, *change.within))
    if change.operation is not Operation.CHANGED:
        return f"{called} {_DONE[change.operation]}"
    told = [_field_words(one) for one in change.fields[:fields]]
    more = len(change.fields) - len(told)
    return f"{called}: {', '.join(told)}{f' and {more} more' if more else ''}"


def _named(one: Named) -> str:
    return f"{_NOUNS.get(one.noun, one.noun.value.replace('-', ' '))} {one.name}"


def _row_words(change: RowChange) -> str:
    which = f"row {change.thing.name}" if change.thing.name else count(change.rows, "row")
    fields = f" ({listed((one.name for one in change.fields), None)})" if change.fields else ""
    return f"{which} of table {change.database}.{change.table} {_DONE[change.operation]}{fields}"


def _field_words(one: FieldChange) -> str:
    name = f"{one.name} on {one.member}" if one.member else one.name
    if not one.told:
        return f"{name} changed"
    if one.before is None:
        return f"{name} set to {one.after}"
    return f"{name} removed, was {one.before}" if one.after is None else f"{name} {one.before} → {one.after}"
