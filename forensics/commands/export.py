"""`export`: Kubernetes' objects, as they were at an index, as an etcd snapshot or as JSON."""

from __future__ import annotations

import argparse
import io
from typing import TYPE_CHECKING, Any

from forensics.commands.common import add_common
from forensics.commands.outputs import new_file, refuse_inside
from forensics.commands.reading import say
from forensics.commands.time_machine import add_choice, chosen, warn_of_losses
from forensics.errors import UsageError

if TYPE_CHECKING:
    from typing import BinaryIO

    from forensics.export.live import Live


def add(commands: Any) -> None:
    """Add the command and its arguments."""
    parser = commands.add_parser(
        "export",
        help="write Kubernetes' objects as an etcd snapshot or as JSON, as they were at an index",
        description="Rebuild Kubernetes' database from a snapshot and the log, as it was at an index, and write the "
        "objects that exist in it: as a snapshot that `etcdctl snapshot restore` takes, or as JSON. An etcd snapshot "
        "holds the Secrets of the cluster; JSON holds them only with --with-secrets.",
    )
    add_common(parser)
    add_choice(parser)
    parser.add_argument("-o", "--output", metavar="FILE", required=True, help="write into FILE, which must not exist")
    parser.add_argument(
        "--format", choices=("etcd", "json"), default="etcd", help="an etcd v3 snapshot, or JSON (default: etcd)"
    )
    parser.add_argument("--with-secrets", action="store_true", help="with --format json: Secrets, too")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Rebuild, write, and say what was written."""
    from forensics.export.live import Live  # noqa: PLC0415 - heavy imports only where used
    from forensics.facts.database.open import Database, QueryError  # noqa: PLC0415 - as above

    refuse_inside(options.output, options.inputs)
    if options.with_secrets and options.format != "json":
        raise UsageError("--with-secrets goes with --format json: an etcd snapshot always holds the Secrets")
    with chosen(options, options.at) as choice:
        name = choice.database(options.database)
        warn_of_losses(choice, name)
        try:
            with Database(choice.rebuilt.databases[name]) as database, new_file(options.output) as file:
                written = _write_json if options.format == "json" else _write_etcd
                say(written(Live(database), file, options))
        except QueryError as error:
            raise UsageError(f"{name}: {error}") from error
    return 0


def _write_etcd(live: Live, file: BinaryIO, options: argparse.Namespace) -> str:
    from forensics.export.etcd import write_snapshot  # noqa: PLC0415 - as above
    from forensics.wording import count  # noqa: PLC0415 - as above

    done = write_snapshot(live, file)
    return (
        f"{options.output}: {count(done.objects, 'object')}, revision {done.revision}, {count(done.leases, 'lease')}. "
        "It holds the Secrets of the cluster. Restore it with: etcdctl snapshot restore"
    )


def _write_json(live: Live, file: BinaryIO, options: argparse.Namespace) -> str:
    from forensics.export.objects import write_objects  # noqa: PLC0415 - as above
    from forensics.wording import count  # noqa: PLC0415 - as above

    out = io.TextIOWrapper(file, encoding="utf-8", newline="\n", write_through=True)
    done = write_objects(live, out, with_secrets=options.with_secrets)
    out.detach()
    left_out = f"; left out: {count(done.secrets_left_out, 'Secret')} (--with-secrets)" if done.secrets_left_out else ""
    return f"{options.output}: {count(done.objects, 'object')}, revision {live.revision}{left_out}"
