"""Inputs that were read and of which nothing is known: neither their files nor their lines are part of any answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from forensics.facts.intake import Evidence, path_prefixes
from forensics.facts.machine.host import Host
from forensics.facts.node.node import Node


def unknown_inputs(evidence: Evidence, nodes: Iterable[Node], hosts: Iterable[Host]) -> tuple[str, ...]:
    """Their names, where there are several inputs; without those that are told anyway: given twice, or refused."""
    if len(evidence.sources) == 1:
        return ()
    told = {name for name, _ in evidence.repeats}
    refused = [refusal.path for refusal in evidence.refusals if not refusal.harmless]
    known = [*refused, *_of_nodes(nodes), *_of_hosts(hosts)]
    names = [prefix.rstrip("/") for prefix in path_prefixes(evidence.sources)]
    return tuple(name for name in names if name not in told and not _any_of(name, known))


def _any_of(name: str, paths: Sequence[str]) -> bool:
    return any(path == name or path.startswith(f"{name}/") for path in paths)


def _of_nodes(nodes: Iterable[Node]) -> Iterator[str]:
    for node in nodes:
        state = node.state
        yield from (*state.listing, *state.older, *state.repeats, *(copy.path for copy in state.second_copies))
        yield from (path for look in state.looks for path in look.sources)
        yield from (file.at.path for file in (*state.files.values(), *state.around.values()))


def _of_hosts(hosts: Iterable[Host]) -> Iterator[str]:
    """What a tool collected is known as a whole; of what people copied by hand each text counts for itself."""
    for host in hosts:
        if not host.by_hand:
            yield host.root
        yield from (journal.path for journal in (*host.journals, *host.journals_of_others))
        yield from (table.at.path for table in host.member_tables)
        yield from (span.path for span in host.addresses.values())
        yield from (disk.at.path for disk in host.disks)
