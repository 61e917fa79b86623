"""The YAML files word for word (secrets masked), so that a reader of the report needs no archive beside it."""

from __future__ import annotations

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.node.node import Node
from forensics.ingest.roles import FileRole
from forensics.ingest.state_directory import StateFile
from forensics.limits import REPORT_TEXT_BYTES, REPORT_TEXTS_MAX
from forensics.masking.lines import masked_lines
from forensics.report import document as doc
from forensics.report.parts.context import Context

SHOWN = frozenset(
    {
        FileRole.INFO,
        FileRole.CLUSTER,
        FileRole.DAEMON,
        FileRole.TRUSTSTORE,
        FileRole.FAILURE_DOMAIN,
        FileRole.INIT,
        FileRole.UPDATE,
        FileRole.TUNING,
    }
)


def build_texts(context: Context) -> tuple[doc.Text, ...]:
    """One a file, by cluster, node and name; cut at REPORT_TEXT_BYTES."""
    texts = []
    for cluster in context.case.clusters:
        for node in cluster.nodes:
            for name, file in sorted({**node.state.files, **node.state.around}.items()):
                if _shown(file):
                    texts.append(_text(cluster, node, name, file))
    return tuple(texts[:REPORT_TEXTS_MAX])


def _shown(file: StateFile) -> bool:
    return file.blob is not None and (
        file.role in SHOWN or (file.role is FileRole.RECOVERY and file.name.endswith(".yaml"))
    )


def _text(cluster: Cluster, node: Node, name: str, file: StateFile) -> doc.Text:
    raw = file.blob.read(0, REPORT_TEXT_BYTES) if file.blob else b""
    lines = raw.decode("utf-8", "replace").splitlines()
    return doc.Text(
        path=file.at.path,
        node=node.name,
        name=name,
        lines=tuple(doc.Line(number=number, text=text) for number, text in masked_lines(lines)),
        cut=file.size_max > REPORT_TEXT_BYTES,
        database=cluster.product.database,
    )
