"""The YAML files word for word (secrets masked), so that a reader of the report needs no archive beside it."""

from __future__ import annotations

from forensics.ingest.roles import FileRole
from forensics.ingest.state_directory import StateFile
from forensics.limits import REPORT_TEXT_BYTES, REPORT_TEXTS_MAX
from forensics.report.document import Document
from forensics.report.parts.context import Context
from forensics.report.parts.masking import masked_lines

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


def build_texts(context: Context) -> list[Document]:
    """One a file, by cluster, node and name; cut at REPORT_TEXT_BYTES."""
    texts = []
    for cluster in context.case.clusters:
        for node in cluster.nodes:
            for name, file in sorted({**node.state.files, **node.state.around}.items()):
                if _shown(file):
                    texts.append({"database": cluster.product.database, "node": node.name, "name": name} | _text(file))
    return texts[:REPORT_TEXTS_MAX]


def _shown(file: StateFile) -> bool:
    return file.blob is not None and (
        file.role in SHOWN or (file.role is FileRole.RECOVERY and file.name.endswith(".yaml"))
    )


def _text(file: StateFile) -> Document:
    raw = file.blob.read(0, REPORT_TEXT_BYTES) if file.blob else b""
    lines = raw.decode("utf-8", "replace").splitlines()
    return {
        "path": file.at.path,
        "lines": [{"number": number, "text": text} for number, text in masked_lines(lines)],
        "cut": file.size_max > REPORT_TEXT_BYTES,
    }
