"""The forecast in words, as a report says it: "starts, and silently drops entries 2669 to 2708, because …"."""

from __future__ import annotations

from collections.abc import Iterable

from forensics.forecast.losses import Loss
from forensics.forecast.model import Forecast
from forensics.forecast.proposals import Proposal

_STAGES = {"init": "while it is created", "load": "while it loads its files", "start": "after it has loaded its files"}


def sentence(said: Forecast) -> str:
    """One or more sentences: what the start comes to, what it destroys, and because of what."""
    parts = [_outcome(said)]
    parts += [f"{shift[0].upper()}{shift[1:]}." for shift in said.shifted]
    if said.bootstrap is not None:
        parts.append(_bootstrap(said))
    if said.undefined is not None:
        parts.append(f"What really happens depends on what lies in memory: {said.undefined}.")
    if said.unseen:
        parts.append(
            "Told from names and sizes only: whatever the files hold that are not at hand, this version "
            "does not start it."
        )
    if said.assumed:
        parts.append(f"Assumed, not looked at: {'; '.join(said.assumed)}.")
    return " ".join(parts)


def _outcome(said: Forecast) -> str:
    dropped = _dropped(said.lost)
    if said.outcome == "starts":
        if dropped:
            return f"starts, and silently drops {dropped}."
        return f"starts{_with(said)}."
    end = {"fails": "does not start", "crashes": "crashes", "hangs": "runs for ever without starting"}[said.outcome]
    why = said.message if said.outcome == "fails" else said.why
    reason = f": {why}" if why else f", with code {said.code} and no text" if said.code is not None else ""
    rest = f" Until then it drops {dropped}." if dropped else ""
    return f"{end}, {_STAGES[said.stage]}{reason}.{rest}"


def _with(said: Forecast) -> str:
    if said.loaded is None:
        return ""
    log = said.loaded.log
    if len(log):
        return f" with entries {log.start} to {log.last}"
    return f" with an empty log behind the snapshot at {log.last}" if said.loaded.snapshot else " with an empty log"


def _dropped(lost: Iterable[Loss]) -> str:
    return "; ".join(f"{span(one)}, because {one.reason}" for one in lost)


def span(one: Loss) -> str:
    """`entries 5 to 9`, `entry 5`, `entries from 5 on`, `entries up to 9`."""
    if one.first is None:
        return "entries whose indexes cannot be known" if one.last is None else f"entries up to {one.last}"
    if one.last is None:
        return f"entries from {one.first} on"
    return f"entry {one.first}" if one.first == one.last else f"entries {one.first} to {one.last}"


def _bootstrap(said: Forecast) -> str:
    writes = ", ".join(change.path for change in said.bootstrap.changes) if said.bootstrap else ""
    if said.bootstrap is not None and said.bootstrap.fails:
        return (
            f"Before that, as a founder without metadata, it bootstraps again: it writes {writes} and fails once, with "
            "an empty `raft_bootstrap():`; the start after that goes on as said here, with term 1 and no vote."
        )
    return f"Before that, as a founder without metadata, it bootstraps again and writes {writes}."


def proposal_sentence(one: Proposal) -> str:
    """What moving these files aside would do. A proposal: nothing of it is carried out."""
    lost = "; ".join(span(loss) for loss in one.lost)
    files = " and ".join([", ".join(one.files[:-1]), one.files[-1]] if len(one.files) > 1 else one.files)
    return f"with {files} moved aside, it {_outcome(one.after).rstrip('.')}" + (f" (lost then: {lost})" if lost else "")
