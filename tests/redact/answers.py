"""What must be the same of an input and of its redacted copy, and how both are made of a fixture."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from forensics import pipeline
from forensics.check.build import build, pack, write
from forensics.check.manifest import Fixture
from forensics.evidence import BytesBlob
from forensics.facts.database.open import Database, QueryError
from forensics.facts.database.rebuild import rebuild
from forensics.facts.database.timeline import timeline_of
from forensics.facts.node.node import Node
from forensics.facts.start.node_forecast import make_forecast
from forensics.forecast.result import NoForecast
from forensics.forecast.versions import LIBRARIES
from forensics.ingest.archive import archive_kind
from forensics.ingest.source import Source
from forensics.redact.keyed import Key
from forensics.redact.packing import write_directory
from forensics.redact.run import Copy, redacted
from forensics.redact.texts import Texts
from forensics.report.document import Document
from tests.fixtures import known

KEY = b"a key of the tests, and of nobody"


@dataclass(frozen=True)
class Answers:
    """Names of nodes are others in a copy, and so left out here; how many have which answer stays."""

    rules: Counter[tuple[str, str]] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    states: Counter[tuple[str, str]] = field(default_factory=Counter)
    forecasts: Counter[tuple[str, str]] = field(default_factory=Counter)
    databases: Counter[tuple[object, ...]] = field(default_factory=Counter)
    tables: Counter[tuple[object, ...]] = field(default_factory=Counter)
    verdict: str = ""

    def differences(self, other: Answers) -> list[str]:
        """What is another than in `other`."""
        found = []
        for name in ("rules", "faults", "states", "forecasts", "databases", "tables"):
            mine, theirs = getattr(self, name), getattr(other, name)
            if mine != theirs:
                found.append(f"{name}: gone {dict(mine - theirs)}, new {dict(theirs - mine)}")
        return found if self.verdict == other.verdict else [*found, f"{self.verdict} became {other.verdict}"]


def answers(analysis: pipeline.Analysis) -> Answers:
    """Of one analysis: the forecasts for every dqlite version that there is a model of."""
    document = analysis.document
    forecasts: Counter[tuple[str, str]] = Counter()
    for node in analysis.case.nodes():
        for library in LIBRARIES:
            made = make_forecast(node, {}, library.name)
            said = f"none: {made.missing}" if isinstance(made, NoForecast) else str(made.said.outcome)
            forecasts[library.name, said] += 1
    case = known(document.case)
    return Answers(
        Counter((finding.kind, str(finding.severity)) for finding in document.findings),
        Counter(str(fault.kind) for fault in case.faults),
        Counter((str(node.state), str(node.reason)) for node in case.nodes),
        forecasts,
        Counter(_databases(document)),
        Counter(table for node in analysis.case.nodes() for table in _tables(node)),
        str(document.verdict.level),
    )


def _databases(document: Document) -> Iterator[tuple[object, ...]]:
    """Pages, SQLite's own check, and how many rows of which kinds kine has."""
    for cluster in document.clusters:
        for one in cluster.databases.found if cluster.databases else ():
            kine = one.kine
            rows = (kine.rows, kine.live, kine.first_revision, kine.last_revision) if kine else ()
            yield one.page_size, one.pages, one.free_pages, one.sound, *rows


def _tables(node: Node) -> Iterator[tuple[object, ...]]:
    """Of each database that the node's files give: the schema, and how many rows each table has."""
    rebuilt = rebuild(timeline_of(node.state, {segment.path: segment for _, segment, _ in node.log.parts()}))
    if rebuilt is None:
        return
    with rebuilt:
        for pages in rebuilt.databases.values():
            with suppress(QueryError), Database(pages) as database:
                for kind, name, sql in database.rows("SELECT type, name, sql FROM sqlite_master"):
                    yield kind, name, sql, _count(database, str(name)) if kind == "table" else None


def _count(database: Database, table: str) -> int | str:
    """Rows; or why SQLite cannot count them: of a damaged database it tells the same of the copy."""
    try:
        ((rows,),) = database.rows(f'SELECT count(*) FROM "{table}"')  # noqa: S608 - of a fixture
    except QueryError as error:
        return str(error)
    return int(rows)


@contextmanager
def inputs_of(fixture: Fixture) -> Iterator[list[pipeline.Evidence]]:
    """The fixture's inputs, each by itself, as `redact` reads them."""
    tree, name = build(fixture), fixture.name.rpartition("/")[2]
    with ExitStack() as stack:
        if fixture.pack == "directory":
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dqlite-forensics-")))
            write(tree, folder / name)
            yield [stack.enter_context(pipeline.ingest([f"{folder}/{name}"]))]
            return
        blobs = [BytesBlob(f"{name}.{fixture.pack}", pack(tree, fixture.pack, fixture.ends_before))]
        blobs += [BytesBlob(f"{name}-again.{how}", pack(tree, how)) for how in fixture.again]
        yield [stack.enter_context(pipeline.take([_source(blob)])) for blob in blobs]


def _source(blob: BytesBlob) -> Source:
    return Source(blob.path, archive_kind(blob) or "text", blob.size, blob, blob.path)


def redacted_fixture(fixture: Fixture, key: bytes = KEY) -> tuple[list[Copy], Texts]:
    """The copies of a fixture's inputs."""
    with inputs_of(fixture) as inputs:
        return redacted(inputs, Key(key))


def answers_of(fixture: Fixture) -> Answers:
    """Of the fixture as it is."""
    with inputs_of(fixture) as inputs:
        sources = [source for one in inputs for source in one.sources]
        if len(inputs) == 1:
            return answers(pipeline.analyze(inputs[0]))
        with pipeline.take(sources) as together:
            return answers(pipeline.analyze(together))


def answers_of_copies(copies: list[Copy]) -> Answers:
    """Of what `redact` wrote."""
    with ExitStack() as stack:
        if copies[0].kind == "directory":
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dqlite-forensics-")))
            write_directory(copies[0].files, folder / "copy")
            return answers(pipeline.analyze(stack.enter_context(pipeline.ingest([f"{folder}/copy"]))))
        sources = [_source(BytesBlob(copy.name, copy.content)) for copy in copies]
        return answers(pipeline.analyze(stack.enter_context(pipeline.take(sources))))
