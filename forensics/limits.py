"""Every bound on what the input controls, each with its reason.

A bound that is met is never silent: ingest records a refusal, a parser an anomaly.
"""

from __future__ import annotations

from typing import Final

KIB: Final = 1024
MIB: Final = 1024 * KIB
GIB: Final = 1024 * MIB

# --- one run, all inputs and whatever is packed in them: see budget.py; others of them stand with their like ---
SECONDS_MAX: Final = 6 * 3600  # the last resort: the largest real upload, 20 GB of logs, takes some minutes
SQL_ROWS_MAX: Final = (
    100_000_000  # that SQLite hands out; 100 nodes with 200 000 keys each are read twice in 40 million
)
SQL_STEPS_MAX: Final = 100_000_000_000  # of SQLite's virtual machine, about an hour; 1 GB of values takes a billion

# --- archives ---
FILES_MAX: Final = 1_000_000  # of one run; the largest sosreports in sos' own issue tracker hold about 114 000
PATH_BYTES_MAX: Final = 4096  # PATH_MAX of Linux: a longer name was never a file there
TIME_MAX: Final = 253_402_214_400  # seconds since 1970: the last day of the year 9999, where calendars end
FILE_BYTES_MAX: Final = 16 * GIB  # far above any snapshot dqlite can hold in memory
INPUT_BYTES_MAX: Final = 1024 * GIB  # all inputs of one run; a sosreport with every log has some 20 GB
DECOMPRESSED_BYTES_MAX: Final = 512 * GIB  # what comes out of all archives of one run; 20 GB of packed logs hold half
COMPRESSION_RATIO_MAX: Final = 1100  # deflate cannot exceed 1032; a bomb of a stronger format stands out
RATIO_GRACE_BYTES: Final = (
    512 * MIB
)  # preallocated, all-zero open segments compress a thousandfold: no alarm below this
ARCHIVE_DEPTH_MAX: Final = 3  # sos collect nests once; a recovery tarball inside such a report twice
SPARSE_GRACE_BYTES: Final = 64 * MIB  # a preallocated segment is 8 MiB; larger sparse files answer for their ratio
LINK_HOPS_MAX: Final = 16  # Linux stops at 40; real reports chain one or two
SPOOL_BYTES_MAX: Final = 32 * GIB  # of one run: private temporary space, of databases and of archives' files, packed
SPOOL_FREE_SHARE_MAX: Final = 0.9  # of what is free there: whatever else writes to that disk goes on
SPOOL_PIECES_WAITING_MAX: Final = 32  # of IO_CHUNK_BYTES, between decompression and the spool's writer
SPOOL_FRAME_BYTES: Final = 8 * MIB  # packed at once, and unpacked to read a byte of it: as large as a segment
SPOOL_RECENT_BYTES_MAX: Final = 16 * MIB  # of frames unpacked in memory: two segments, for two threads that decode
SPOOL_CONTENTS_WAITING_MAX: Final = 2  # that may be on their way to the spool: so long their own size counts
PIECES_AHEAD_MAX: Final = 16  # of IO_CHUNK_BYTES, decompressed and not yet looked at
MEMORY_FILE_BYTES_MAX: Final = 64 * KIB  # smaller files stay in memory, larger ones go to the spool
MEMORY_FILES_BYTES_MAX: Final = 256 * MIB  # all of those; what comes later goes to the spool, too
IO_CHUNK_BYTES: Final = 256 * KIB  # unit of reading, hashing and spooling: small enough to stay in a processor's cache
HEADER_READ_BYTES_MAX: Final = 16 * MIB  # one read by tarfile: beyond it a pax header or long name is an attack
PAX_BYTES_MAX: Final = 1 * MIB  # extended attributes, long names, maps of sparse files: one header of a file
PAX_DIGITS_MAX: Final = 64  # one behind the other: tarfile of Python 3.11 looks at each from each again
PAX_GLOBAL_RECORDS_MAX: Final = 100  # of one header for all files, which each of them takes; git archive writes one
XZ_MEMORY_BYTES_MAX: Final = 256 * MIB  # `xz -9` needs 65 MiB; a header may claim 4 GiB
RESYNC_BLOCKS_MAX: Final = 262_144  # 128 MiB of bytes that are no tar header, after which we stop looking for one

# --- text ---
YAML_BYTES_MAX: Final = 1 * MIB  # a truststore entry is 2 KiB, a cluster.yaml of 100 nodes 10 KiB
YAML_DEPTH_MAX: Final = 32  # real files nest three deep
YAML_NODES_MAX: Final = 100_000  # values in one document; real ones hold a few hundred
YAML_ANOMALIES_MAX: Final = 50  # per file: a file of nothing else says no more with a thousand
LOG_BYTES_MAX: Final = 16 * GIB  # of one run, all logs that are searched: one of 10 GB takes some minutes
LINE_CHARS_MAX: Final = 4 * KIB  # a journal line beyond this is cut for matching
PASTED_LINE_CHARS_MAX: Final = KIB  # the same of a paste or listing: a name and what `ls` says of it fit many times
LISTING_BYTES_MAX: Final = 64 * MIB  # `ls -R` of a whole /var/lib/juju with 400 000 files
HOST_TEXT_BYTES_MAX: Final = 8 * MIB  # df, ip addr, snap list: a few KiB in practice
JOURNAL_LINES_MAX: Final = 200  # matched lines that are kept of one message of one journal: the first half and the last
MEMBER_CHANGES_MAX: Final = 10_000  # lines of one log that tell of a join or a removal: a year of hourly ones
TEXTS_REMEMBERED_BYTES_MAX: Final = 32 * MIB  # of one log: its lines without their numbers, and what each is
PASTED_BYTES_MAX: Final = 64 * KIB  # people paste what fits a ticket; what is larger is a log that was attached
CHAIN_LINKS_MAX: Final = 40  # `a: b: c` of one error; real chains have up to ten
LINES_REMEMBERED_MAX: Final = 4096  # of LINE_CHARS_MAX at most, masked: the same cluster.yaml arrives with each node
LISTED_NAMES_REMEMBERED_MAX: Final = 16_384  # words of a text that is searched for names of files
EXCERPTS_MAX: Final = 1000  # blocks of YAML taken out of one pasted text
LISTED_PREFIX_CHARS_MAX: Final = (
    120  # before permissions: inode, blocks, what a tool or a journal puts before each line
)
LISTED_WORDS_MAX: Final = 32  # on a line about one file that has no permissions; `stat -t` prints 16
GUTTER_LINES_LOOKED_AT: Final = 400  # of a paste, to see what a tool put before every line
LOOKS_MAX: Final = 64  # listings of one directory that are compared: people look a few times
FORMAT_LIKELY_MAX: Final = (1 << 32) - 1  # of a format or a count: a larger word was never meant as one
GUESSABLE_CHARS_MAX: Final = 40  # of a text that somebody could find again by its digest: a password, a short token
LISTED_NAME_CHARS_MAX: Final = 1024  # PATH_MAX is 4096, but a path in a listing of interest is short

# --- raft files ---
FILE_NAME_CHARS_MAX: Final = 127  # libraft's UV__FILENAME_LEN less the NUL; longer names make bundled builds abort
BATCH_ENTRIES_MAX: Final = 262_144  # libraft: 8 MiB / 32
SEGMENT_BYTES_MAX: Final = (
    1 * GIB
)  # a segment beyond 8 MiB is one giant batch; entry sizes are 32-bit but dqlite never nears it
SALVAGED_PARTS_MAX: Final = 10_000  # bad stretches of one segment; a segment holds some thousand batches
RESYNC_CHECKSUM_BYTES_MAX: Final = (
    1 * GIB
)  # checksummed while looking for one header: forged counts cost a tenth second
FLIP_SEARCH_BYTES_MAX: Final = 32 * MIB  # of one batch: beyond it a chance match with a single flipped bit is likely
DAMAGE_SIGNS_MAX: Final = 16  # zeroed stretches told of one bad batch: more say nothing new
BLOCKS_COMPARED_MAX: Final = 16_384  # of damaged segments, looked for in the others: 64 MiB
CONFIGURATION_BYTES_MAX: Final = 1 * MIB  # libraft refuses longer ones
SERVERS_MAX: Final = 10_000  # servers in one configuration; 1 MiB could claim 100 000 empty ones
DATABASES_MAX: Final = 4096  # databases in one snapshot (Juju has one a model)
DATABASE_NAME_BYTES_MAX: Final = 512  # dqlite: file name at most 512 bytes
DATABASE_BYTES_MAX: Final = 16 * GIB  # one image inside a snapshot
KEYS_SHOWN_MAX: Final = 20  # keys named for a divergence or a loss; the number of all is given
SNAPSHOT_REBUILT_BYTES_MAX: Final = 16 * MIB  # above it, `analyze` does not rebuild databases to name what a tail wrote
TABLE_ROWS_COMPARED_MAX: Final = 100_000  # of one table of one state; LXD has some ten settings an instance
ROWS_HELD_BYTES_MAX: Final = 128 * MIB  # text and blobs of one table's rows, while they are compared
VALUE_HELD_BYTES_MAX: Final = KIB  # of one value; of longer ones the digest compares as well
ROWS_COMPARED_SECONDS_MAX: Final = 20.0  # all tables of one database; 100 000 rows take half a second
ROW_CHANGES_MAX: Final = 50  # things named for a loss; the number of all is given
PLAIN_VALUE_CHARS_MAX: Final = 64  # of a setting's value that is told; longer ones are scripts, keys, lists
COMMANDS_SAMPLED: Final = 256  # commands read to learn which databases a log holds
PAGES_PER_COMMAND_MAX: Final = 1_048_576  # 4 GiB entry / 4096

# --- redact, shrink ---
SHRINK_SECONDS_MAX: Final = 240.0  # of tries; then what was reached is written
SHRINK_DATABASE_BYTES_MAX: Final = 64 * MIB  # of a snapshot whose databases are made smaller: each try copies them
SHRINK_ROWS_MAX: Final = 100_000  # that are tried one by one; of more, whole tables go or stay
REDACTED_FILE_BYTES_MAX: Final = (
    1 * GIB
)  # of one file, which is copied in memory; dqlite holds its snapshots there, too

# --- databases rebuilt ---
IMAGE_MEMORY_BYTES_MAX: Final = (
    16 * MIB
)  # larger images go to a private file: SQLite takes a second copy of one in memory
WAL_MEMORY_BYTES_MAX: Final = 8 * MIB  # of one uncommitted transaction; beyond it, a temporary file
LOSSES_MAX: Final = 100  # sentences on what could not be rebuilt; more of them say nothing new

# --- SQL over rebuilt databases: the schema and the rows are the evidence's, so hostile until proven otherwise ---
SQL_SECONDS_MAX: Final = 60.0  # one query of a user
EXPORT_SECONDS_MAX: Final = 3600.0  # all values of one kine table; 1 GB takes some ten seconds
SQL_HEAP_BYTES_MAX: Final = 512 * MIB  # all of SQLite's memory: stops recursive queries, sorts and the like
SQL_PROCESS_BYTES_MAX: Final = (
    1 * GIB
)  # address space of the process that SQLite runs in: its heap, and rows on the way
SQL_GRACE_SECONDS: Final = 2.0  # behind a deadline, for SQLite to say so itself; then its process is ended
SQL_BATCH_BYTES: Final = 256 * KIB  # of rows that come at once from that process
SQL_CELL_BYTES_MAX: Final = 64 * MIB  # one value or row; Kubernetes objects end at 1.5 MiB
SQL_TEXT_CHARS_MAX: Final = 1_000_000  # one statement, the schema's included
SQL_PATTERN_CHARS_MAX: Final = 256  # of LIKE and GLOB: their time grows with the power of the wildcards
EXAMINED_BYTES_MAX: Final = 4 * GIB  # databases of one node that analyze looks into by itself: half a minute
COMPARED_BYTES_MAX: Final = 64 * MIB  # of databases that are compared page by page with what the log leads to
INTEGRITY_SECONDS_MAX: Final = 30.0  # 200 MB take 0.1 s
INTEGRITY_ERRORS_MAX: Final = 20  # lines of one integrity check
KINE_SECONDS_MAX: Final = 30.0  # all rows of one table, without their values: 100 000 take 0.5 s
KINE_ROWS_SORTED_MAX: Final = 200_000  # rows that are sorted in memory where no index gives their order
TREE_DEPTH_MAX: Final = 20  # levels of a b-tree: SQLite's own bound
JSON_VALUE_BYTES_MAX: Final = 16 * MIB  # of one value; Kubernetes objects end at 1.5 MiB
KEY_CHARS_SHOWN: Final = 300  # of a key of kine; Kubernetes allows 253 for a name
KINE_PREFIXES_SHOWN: Final = 24  # rows of the chart; a cluster has some dozens of resources, the small ones are summed
GROWTH_POINTS: Final = 100  # of a database's size by index: about as many steps as a picture shows
KINE_KEYS_SHOWN: Final = 10  # the largest values, and the most written keys
KINE_SAMPLES_MAX: Final = 10  # rows named of each kind of oddity
SQL_STEPS_PER_LOOK: Final = 1000  # virtual machine steps between two looks at clock and budget; fewer count as none

LOCAL_DATABASE_BYTES_MAX: Final = 64 * MIB  # LXD's local.db holds a few hundred rows

# --- report ---
FINDINGS_ON_PAGE: Final = 150  # written out in report.html; the others are packed, and shown when asked for
EXCERPT_BYTES: Final = 64  # of hex shown for a finding
REPORT_BYTES_MAX: Final = 512 * MIB  # a stored report to convert; one of 100 nodes with every part is about 50 MiB
REPORT_DEPTH_MAX: Final = 24  # the document nests eight deep; room for additions
FACT_CHARS_MAX: Final = 2000  # of a finding's values on the page: a list of thousands is for programs
EXCERPT_LINES: Final = 12  # of text shown for a finding
REPORT_TEXT_BYTES: Final = 64 * KIB  # of one YAML file shown in the report; real ones hold a few hundred bytes
REPORT_TEXTS_MAX: Final = 500  # YAML files shown in one report
DIFFERENCES_MAX: Final = 200  # divergences of one cluster that are told apart; a real one shows one or two
REFUSALS_PER_CODE_MAX: Final = 100  # files refused for one reason that are named; the number of the rest is given
FINDINGS_PER_RULE_MAX: Final = 200  # more of the same says nothing new; the count is still given

# --- certificates ---
PEM_BYTES_MAX: Final = 256 * KIB  # a certificate is 1 to 2 KiB; a chain of a dozen still fits
PEM_BLOCKS_MAX: Final = 32  # certificates in one file

# --- forecast ---
QUICK_CHECK_BYTES_MAX: Final = 256 * MIB  # an image is checked in memory, at twice its size; larger ones are not
QUICK_CHECK_SECONDS_MAX: Final = 20  # 205 MB take about one; an image made to be slow is taken for good
HEADLINE_CHARS_MAX: Final = 120  # what fits into a ticket's title and an 80-column terminal twice
VOTERS_SEARCHED_MAX: Final = 7  # voters of a configuration whose elections are all searched
PROPOSAL_STARTS_MAX: Final = 400  # simulated starts in the search for files to move away; each costs a millisecond
PROPOSAL_FILES_MAX: Final = 80_000  # all files of those starts: 200 each, where real directories have some dozens
PROPOSALS_MAX: Final = 5  # more only repeat each other
