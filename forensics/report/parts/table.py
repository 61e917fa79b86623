"""The table of the document's parts: which module builds which key.

To add a part (say, `moons` of a cluster):

1. `report/parts/moons.py` with `def build_moons(context: Context, cluster: Cluster) -> ...`: plain dicts, lists,
   strings, numbers and None, keys in camelCase, IDs as strings, None where the evidence does not tell. Same input,
   same bytes.
2. One line in the table below: of the document, of a cluster, or of a node.
3. The key in report/schema.json (additions only): `default` says what its absence from an older report means.
4. `templates/parts/moons.html.j2`, and one `{% include %}` in templates/report.html.j2 where a reader would look for
   it. The template reads the document alone, and is silent where there is nothing to say.
5. What the terminal should say of it, if anything: report/text.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from forensics.facts.cluster.cluster import Cluster
from forensics.facts.node.node import Node
from forensics.report.parts import cluster as of_cluster
from forensics.report.parts import history
from forensics.report.parts import node as of_node
from forensics.report.parts.collect import build_collect
from forensics.report.parts.context import Context
from forensics.report.parts.coverage import build_coverage
from forensics.report.parts.credentials import build_certificates, build_microcluster
from forensics.report.parts.databases import build_databases
from forensics.report.parts.forecast import build_forecast
from forensics.report.parts.hosts import build_hosts
from forensics.report.parts.log import build_log
from forensics.report.parts.moment import build_as_of
from forensics.report.parts.recovery import build_recovery
from forensics.report.parts.texts import build_texts

DOCUMENT_PARTS: dict[str, Callable[[Context], Any]] = {
    "asOf": build_as_of,
    "texts": build_texts,
    "coverage": build_coverage,
    "collect": build_collect,
    "hosts": build_hosts,
}

CLUSTER_PARTS: dict[str, Callable[[Context, Cluster], Any]] = {
    "database": of_cluster.build_database,
    "product": of_cluster.build_product,
    "absent": of_cluster.build_absent,
    "configuration": of_cluster.build_configuration,
    "name": history.build_name,
    "copies": history.build_copies,
    "memberMatrix": history.build_member_matrix,
    "membership": history.build_membership,
    "divergences": history.build_divergences,
    "commitIndex": history.build_commit_index,
    "timeline": history.build_timeline,
    "recovery": build_recovery,
    "databases": build_databases,
}

NODE_PARTS: dict[str, Callable[[Context, Cluster, Node], Any]] = {
    "name": lambda _, __, node: node.name,
    "id": of_node.build_id,
    "address": lambda _, __, node: node.address,
    "role": of_node.build_role,
    "directory": lambda _, __, node: node.state.path,
    "evidence": lambda _, __, node: node.grade.value,
    "infoYaml": of_node.build_info_yaml,
    "clusterYaml": of_node.build_cluster_yaml,
    "configuration": of_node.build_configuration,
    "configurationIndex": of_node.build_configuration_index,
    "metadata": of_node.build_metadata,
    "metadataFiles": of_node.build_metadata_files,
    "log": build_log,
    "snapshots": of_node.build_snapshots,
    "files": of_node.build_files,
    "certificates": build_certificates,
    "microcluster": build_microcluster,
    "forecast": build_forecast,
}
