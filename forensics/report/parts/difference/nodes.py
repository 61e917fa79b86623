"""What differs between two states of a node, or two nodes, beside their raft files: by the parts of two documents."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from forensics.facts.cluster.state_change import Trend
from forensics.forecast.reasons import Outcome
from forensics.report.document import Certificate, Forecast, Microcluster, Node
from forensics.report.document.difference import Difference
from forensics.report.parts.difference.rows import better_or_worse, row


def compare_documents(before: Node, after: Node, *, later: bool) -> tuple[Difference, ...]:
    """Forecast, role, certificates, daemon.yaml and truststore.

    Args:
        before: a node's part of the one document.
        after: and of the other.
        later: two states of one node; else two nodes, of which neither is better or worse.
    """
    rows = (*_forecast(before, after), *_role(before, after), *_certificates(before, after), *_around(before, after))
    return rows if later else tuple(replace(one, trend=Trend.CHANGED) for one in rows)


def _forecast(before: Node, after: Node) -> Iterator[Difference]:
    """The next start: its outcome, and what it would drop. Merely more entries are told of by the log."""
    a, b = before.forecast, after.forecast
    if a is None or b is None:
        return
    drops = (bool(a.lost), bool(b.lost))
    starts = (a.outcome is Outcome.STARTS, b.outcome is Outcome.STARTS)
    if starts[0] != starts[1]:
        yield row("the next start", a.words, b.words, better_or_worse(*starts))
    elif _lost(a) != _lost(b) or _end(a) != _end(b):
        yield row("the next start", a.words, b.words, better_or_worse(not drops[0], not drops[1]))


def _lost(forecast: Forecast) -> list[tuple[object, ...]]:
    return [(lost.first_index, lost.last_index, lost.cause, lost.file) for lost in forecast.lost]


def _end(forecast: Forecast) -> tuple[object, ...]:
    """How a start fails, where it does: what its message is made from."""
    return forecast.stage, forecast.code, forecast.accident, forecast.culprits


def _role(before: Node, after: Node) -> Iterator[Difference]:
    if before.role != after.role:
        yield row("role", before.role, after.role, Trend.CHANGED)


def _certificates(before: Node, after: Node) -> Iterator[Difference]:
    a, b = ({one.file: one for one in side.certificates} for side in (before, after))
    for name in sorted(a.keys() | b.keys()):
        old, new = a.get(name), b.get(name)
        if old is None or new is None:
            yield row(name, _validity(old), _validity(new), Trend.CHANGED)
            continue
        if old.key_matches != new.key_matches:
            trend = better_or_worse(old.key_matches, new.key_matches)
            yield row(f"{name}: its key", _fits(old.key_matches), _fits(new.key_matches), trend)
        if old.fingerprint != new.fingerprint:
            yield row(name, _validity(old), _validity(new), Trend.CHANGED)


def _validity(certificate: Certificate | None) -> str | None:
    if certificate is None:
        return None
    if certificate.fingerprint is None:
        return "cannot be read"
    return f"{certificate.fingerprint[:16]}…, {certificate.not_before} to {certificate.not_after}"


def _fits(matches: bool | None) -> str | None:
    return None if matches is None else "fits" if matches else "does not fit"


def _around(before: Node, after: Node) -> Iterator[Difference]:
    a, b = before.microcluster, after.microcluster
    if not a or not b:
        return
    if (a.name, a.address) != (b.name, b.address):
        yield row("daemon.yaml", f"{a.name} {a.address}", f"{b.name} {b.address}", Trend.CHANGED)
    if _trusted(a) != _trusted(b):
        yield row("truststore", _trusted_words(a), _trusted_words(b), Trend.CHANGED)


def _trusted(side: Microcluster) -> set[tuple[str | None, str | None]]:
    return {(one.name, one.address) for one in side.truststore}


def _trusted_words(side: Microcluster) -> str | None:
    return ", ".join(sorted(f"{name} {address}" for name, address in _trusted(side))) or None
