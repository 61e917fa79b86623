"""A report of many nodes and findings, made from a real one: what the page's size and speed are held against."""

from __future__ import annotations

from msgspec.structs import replace

from forensics.report.document import Document


def large_report(document: Document, nodes: int = 200, findings: int = 10_000) -> Document:
    """The nodes and findings of `document`'s first cluster again and again, each with a name of its own."""
    cluster = document.clusters[0]
    names = [f"node-{number:03}" for number in range(nodes)]
    made = tuple(
        replace(
            cluster.nodes[number % len(cluster.nodes)],
            name=name,
            id=str(10**18 + number),
            address=f"10.0.{number // 250}.{number % 250}:9000",
        )
        for number, name in enumerate(names)
    )
    found = tuple(
        replace(
            document.findings[number % len(document.findings)],
            key=f"TST.large|{cluster.database}|{number}",
            database=cluster.database,
            nodes=(names[number % nodes],),
        )
        for number in range(findings)
    )
    ranked = tuple(sorted(found, key=lambda one: one.severity.rank))
    return replace(document, clusters=(replace(cluster, nodes=made), *document.clusters[1:]), findings=ranked)
