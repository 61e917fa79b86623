"""A link of a chain → its kind: by the words that it holds, in any order, numbers and addresses taken out.

Each line of WORDINGS is a kind and its wordings. A wording fits where every word of it begins some word of the link
(`certificat|crt expir` fits "the certificate has expired" and "cluster.crt expired"). Of the wordings that fit, the one
with the most words wins: it says the most. Where two say as much, the kind that stands first does. Whoever cannot, or
is unable, does `not`; `isnt` is said of what is so: who cannot open a database file does not say that it is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from forensics.parsers.errors.kind import Kind

_MEMBER = "member|node|server|peer|voter"
_SUM = "checksum|crc|digest"

# fmt: off
WORDINGS: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    (Kind.ASSERTION, ("assert fail", "assertion", "assert violat", "invariant violat")),
    (Kind.SIGNAL, ("sigsegv", "sigabrt", "sigbus", "sigill", "sigfpe", "segmentation fault", "segfault", "core dump",
                   "signal handler", "code dump", "signal abort", "signal segmentation", "bus error",
                   "unexpected signal")),
    (Kind.MEMORY, ("out memory", "cannot allocate memory", "oom kill", "oom killer", "nomem", "enomem",
                   "not allocate byte|block|page|heap")),
    (Kind.SIGNAL, ("signal kill", "sigkill", "status kill")),
    (Kind.PANIC, ("panic", "nil pointer dereference", "unrecovered", "goroutine", "stack overflow", "concurrent map")),
    (Kind.DISK_FULL, ("no space left", "disk full", "disk quota exceed", "quota exceed", "not enough space",
                      "insufficient space", "enospc", "insufficient disk", "insufficient storage")),
    (Kind.READ_ONLY, ("read only file", "readonly file", "readonly database", "erofs")),
    (Kind.INPUT_OUTPUT, ("input output error", "disk i o error", "io error", "eio", "ioerr", "disk failure",
                         "structure need cleaning", "euclean", "bad sector", "medium error", "filesystem corrupt")),
    (Kind.PERMISSION, ("permission denied", "operation not permitted", "access denied", "eacces", "eperm",
                       "permission insufficient", "expected permission", "wrong permission", "wrong mode")),
    (Kind.LIMIT, ("too many open files", "emfile", "limit open files", "io setup")),
    (Kind.BUSY, ("database locked", "database table locked", "sqlite busy", "database busy", "checkpoint progress",
                 "busy try again", "database is lock", "already progress", "change progress", "operation progress",
                 "still progress", "resource busy", "lock contention", "configuration change progress",
                 "another node join", "another member join", "currently joining")),
    (Kind.LOCKED, ("already locked", "lock held", "lock process", "acquire lock", "cannot lock", "could not lock",
                   "obtain lock", "lock resource temporarily", "another process", "another instance", "already running",
                   "locking protocol")),
    (Kind.PORT_TAKEN, ("address already use", "port already taken", "port already use", "port in use", "eaddrinuse",
                       "port taken")),
    (Kind.NAME_UNKNOWN, ("no such host", "name resolution", "failure name resolution", "server misbehaving",
                         "unknown host", "could not resolve", "cannot resolve", "nxdomain", "name service not known",
                         "unable resolve")),
    (Kind.CERTIFICATE, ("xfivezeronine", "certificat|crt expir", "untrusted certificat", "certificat invalid",
                        "certificat|crt not valid", "certificat unknown", "certificat sign", "certificat trust",
                        "certificat verif", "certificat bad", "certificat match", "certificat revok",
                        "certificat require", "certificat fail", "certificat authority", "certificat mismatch",
                        "tls bad", "tls alert", "tls handshake fail", "tls handshake error", "tls fail", "tls internal",
                        "private key match", "ip sans", "unknown authority", "certificat refus", "certificat denied",
                        "certificat token match", "certificat fingerprint match", "subject alternative name",
                        "certificat san", "sans not|miss|mismatch|match|contain|includ|cover",
                        "certificat not includ|contain|cover")),
    (Kind.TOKEN, ("token invalid", "token expir", "token not found", "token not valid", "token unknown", "token match",
                  "token reject", "token already", "secret invalid", "secret match", "secret wrong", "token wrong",
                  "token malform", "token decod", "unauthorized", "authentication fail")),
    (Kind.REFUSED, ("connection refused", "connect refused", "connection actively refused", "econnrefused")),
    (Kind.UNREACHABLE, ("no route host", "host unreachable", "network unreachable", "host down", "network down",
                        "ehostunreach", "enetunreach", "destination unreachable", f"{_MEMBER} unreachable",
                        f"not reach|contact|connect {_MEMBER}")),
    (Kind.CONNECTION_LOST, ("connection reset", "reset peer", "broken pipe", "closed network connection", "eof",
                            "connection closed", "transport closing", "connection aborted", "bad connection",
                            "connection lost", "epipe", "econnreset", "connection dead")),
    (Kind.NO_QUORUM, ("no quorum", "lost quorum", "quorum lost", "not quorum", "without quorum", "quorum not",
                      "insufficient quorum", "no majority", "lost majority", "not majority", "quorum unavailable",
                      f"not enough {_MEMBER}", "not enough online", "no online voter", f"too few {_MEMBER}",
                      "not form majority|quorum", "not reach consensus|quorum|majority",
                      f"not enough {_MEMBER} consensus|quorum|majority")),
    (Kind.LEADERSHIP_LOST, ("leadership lost", "lost leadership", "isnt leader anymore", "node isnt leader",
                            "no longer leader", "leadership transfer", "isnt leader", "leader step down",
                            "leadership moved")),
    (Kind.NO_LEADER, ("no leader", "no known leader", "leader not found", "find leader",
                      "not find|wait|determine|reach|connect|get|contact leader", "leader unknown", "without leader",
                      "leader unavailable", "no leader elected", "no available leader", "leader not elected",
                      "lost leader", "wait leader", "leader none", "determine leader", "elect leader fail",
                      "cluster unavailable", "no dqlite leader")),
    (Kind.SCHEMA_WAIT, ("wait upgrade", "wait other upgrade", "wait member version", "wait node version", "wait schema",
                        "older version member", "behind version node")),
    (Kind.TABLE_MISSING, ("no such table", "no such column", "table not exist", "missing table", "column missing")),
    (Kind.VERSION, ("version mismatch", "unsupported version", "version not support", "incompatible version",
                    "version incompatible", "version not match", "version not equal", "version unknown", "version but",
                    "version too old", "version too new", "newer version", "older version", "schema version",
                    "unknown protocol", "protocol version", "unsupported format", "downgrade", "unknown format version",
                    "upgrade first", "api extension missing", "schema newer", "schema mismatch", "schema differ",
                    "schema not match", "extensions mismatch", "extensions differ", "schema older", "extensions behind",
                    "extension differ", "extensions not match", "upgrade needed", "update needed",
                    "more recent expected", "unimplemented", "not implemented", "unknown method",
                    "unknown request type", "unrecognized request", "syntax error", "unsupported upgrade",
                    "cannot downgrade", "different version", "different schema", "different extensions",
                    "feature not support", "protocol not support", "statement not registered",
                    "no statement registered")),
    (Kind.CHECKSUM, (f"{_SUM}|hash mismatch", f"{_SUM} wrong|bad|invalid|fail|error|differ|expect",
                     f"{_SUM} not match|agree")),
    (Kind.DATABASE_MALFORMED, ("database malformed", "disk image malformed", "file isnt database", "database corrupt",
                               "sqlite corrupt", "malformed database", "integrity fail", "notadb", "malformed image")),
    (Kind.GAP, ("gap log", "gap index", "entries missing", "missing entries", "missing segment", "segment missing",
                "unexpected index", "index expected", "gap segment", "missing index", "not contiguous", "first index",
                "closed segment past", "segment start expected", "last index snapshot", "behind snapshot")),
    (Kind.MALFORMED, ("yaml unmarshal", "yaml line", "json unmarshal", "cannot unmarshal", "unexpected end json",
                      "invalid character", "malformed", "cannot parse", "fail parse", "parse error", "cannot decode",
                      "fail decode", "invalid format", "bad format", "corrupt", "truncated", "invalid magic",
                      "unexpected end file", "short read", "file empty", "empty file", "invalid header",
                      "size too large", "bad size", "invalid size", "unexpected eof", "all zeros",
                      "contain|hold|read|found garbage", "garbage instead|behind|byte", "unexpected end stream",
                      "character not start token", "mapping values not allowed", "only pages", "only bytes",
                      "only entries", "shorter expected", "beyond end", "past end", "outside range", "out range",
                      "cannot be read yaml", "not valid yaml", "not valid json", "not find expected",
                      "bytes expected", "entries expected", "count too large|big|high",
                      "number too large|big|high", "could not find expected")),
    (Kind.MEMBER_DUPLICATE, ("already member", "member already", "node already", "server already",
                             "already part cluster", "already cluster", "duplicate id", "duplicate address",
                             "duplicate member", "duplicate node", "duplicate server", "id already",
                             "already exist member", f"address already {_MEMBER}", f"address already used {_MEMBER}",
                             "name already", "already joined", "already exist node", "already exist server",
                             "unique constraint fail", "duplicated", "already registered", "already known",
                             "already use name", "already remote", "already exist", "already initializ",
                             "already initialis", "already bootstrap", "remote exist", "member exist", "node exist",
                             "server exist")),
    (Kind.MEMBER_UNKNOWN, (f"{_MEMBER}|clustermember|remote not found", f"unknown {_MEMBER}|remote",
                           f"{_MEMBER}|clustermember|remote isnt exist|known", f"not find|locate {_MEMBER}",
                           f"no such {_MEMBER}", f"no {_MEMBER} id|exist", "no cluster member", "no remote",
                           "no remote exist", "no truststore", "isnt member|part|known|in cluster", "member isnt part",
                           "fetch node id", "isnt cluster member", f"not recogni {_MEMBER}", "isnt voter list")),
    (Kind.ADDRESS, ("cannot assign requested address", "address mismatch", "address not match", "address change",
                    "wrong address", "address not available", "eaddrnotavail", "unexpected address", "address differ",
                    "invalid address", "missing port address", "address isnt local", "address not found interface",
                    "address isnt host", "no address match", "isnt local address", "no such interface",
                    "address changed", "address conflict", "not match address", "address no interface",
                    "address belong no|another", "no such address", "address not assign")),
    (Kind.CONFIGURATION, ("configuration empty", "no configuration", "configuration invalid", "invalid configuration",
                          "bad configuration", "no voters", "no voter", "last voter", "configuration not found",
                          "unknown flag", "unknown option", "invalid argument flag", "unknown service",
                          "unsupported type", "unsupported value", "unsupported option", "unknown key",
                          "unknown setting", "unknown command", "unknown subcommand", "conflicts with",
                          "mutually exclusive", "cannot used together", "required flag", "not valid configuration",
                          "unknown role", "invalid role", "missing required", "cannot leave cluster", "not allowed")),
    (Kind.NOT_INITIALISED, ("not initialized", "database isnt open", "database not yet", "database offline",
                            "must initialized", "not been initialized", "not initialised", "not bootstrapped",
                            "uninitialized", "uninitialised", "not yet initialized", "daemon not ready",
                            "no cluster bootstrapped", "not ready yet", "database not ready", "server not ready",
                            "not yet ready", "daemon config missing", "no cluster found", "not yet bootstrapped",
                            "not been bootstrapped", "cluster not initialized", "not been setup", "not set up yet",
                            "node isnt part kubernetes")),
    (Kind.FILE_MISSING, ("no such file", "file not exist", "file not found", "enoent", "not exist directory",
                         "file missing", "missing file|snapshot|metadata|yaml|key|crt", "directory not found",
                         "cannot find file", "path not exist", "directory not exist", "missing directory",
                         "folder not exist", "filenotfound")),
    (Kind.DEADLINE, ("deadline exceed", "timed out", "timeout", "time out", "etimedout", "not in time",
                     "timeout exceed", "not complete|finish within|time", "not respond|answer", "gave|giv up wait")),
    (Kind.SLOW, ("slow sql", "slow query", "slow request", "slow transaction", "slow fsync", "slow fdatasync",
                 "slow disk", "sql started total time", "sql took", "query took", "transaction took", "commit took",
                 "took too long", "fsync took", "overloaded")),
    (Kind.ENDED, ("process exited failure", "failed result", "result exit code", "left over process",
                  "unclean termination", "not running", "start request repeated", "auto restart", "crashloopbackoff",
                  "start again too quickly", "service not start", "service failed start", "service failed state",
                  "exited unexpectedly", "stopped unexpectedly")),
    (Kind.CANCELLED, ("context cancel", "operation cancel", "request cancel", "cancelled", "canceled", "interrupted")),
)
# fmt: on

_ADDRESS = re.compile(r"(?<![\w.:])\[?[0-9a-fA-F:.]{2,45}\]?:\d{1,5}\b|\b\d+\.\d+\.\d+\.\d+\b|https?://\S+")
_PATH = re.compile(r"(?<![\w.@+/-])/[\w.@+/-]+")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")  # CoreTokenRecord, ConnectionRefusedError: words in one
_OPTION = re.compile(
    r"(?<![\w-])--[a-z][\w-]*(?:=\S+)?"
)  # of a command line: what it is called tells nothing of an error
_SENTENCE_ENDS = re.compile(r"(?<=[a-z\d)\"'\]])[.!?]\s+(?=[A-Z])")
_BY_KUBECTL = re.compile(r"\bError from server\b")  # so begins whatever the API server refuses: no member is meant
_WORD = re.compile(r"[a-z]+")
_CANNOT = re.compile(r"\b(?:(could )not|can ?not|ca not|unable)\b")
_NEGATIONS = {**dict.fromkeys(("not", "cannot", "unable"), ("not", "cannot")), "isnt": ("not",)}
_X509 = re.compile(r"\bx509\b")
# A shell and a container tell the signal that ended a program by its number, and 128.
_EXIT_CODE = re.compile(r"\bexit(?:ed)?(?: with)? (?:code|status)\W{1,3}(?P<code>13[2-9])\b")
_SIGNALS = {"132": "sigill", "134": "sigabrt", "135": "sigbus", "136": "sigfpe", "137": "sigkill", "139": "sigsegv"}

_BY_BASH = re.compile(r"^ *\d+ (?P<how>killed|aborted) ")  # `bash: line 1: 27716 Killed    PROGRAM`
_HOW = {"killed": "sigkill", "aborted": "sigabrt"}


@dataclass(frozen=True, slots=True)
class Wording:
    """Words that must be there: of each what they begin with, in any of its forms."""

    kind: Kind
    words: tuple[tuple[str, ...], ...]

    def fits(self, said: Sequence[str]) -> bool:
        """Each is the beginning of a word that is said."""
        return all(any(_begun(said, form) for form in forms) for forms in self.words)


def kind_of(link: str) -> Kind | None:
    """The kind of the first sentence of a link whose words tell one; what follows explains, or advises."""
    return next(filter(None, map(_kind_of_sentence, _SENTENCE_ENDS.split(link))), None)


def _kind_of_sentence(sentence: str) -> Kind | None:
    said = words_of(sentence)
    if not said:
        return None
    fitting = [one for one in _candidates(said) if one.fits(said)]
    return max(fitting, key=lambda one: len(one.words)).kind if fitting else None


def words_of(link: str) -> tuple[str, ...]:
    """A link's words in small letters, without numbers, addresses, paths and options; `x509` as a word of letters."""
    text = _ADDRESS.sub(" ", _OPTION.sub(" ", _BY_KUBECTL.sub("", link)))
    text = _HUMP.sub(" ", _PATH.sub(" ", text)).lower()
    text = text.replace("n't", " not").replace("i/o", "i o")
    text = _BY_BASH.sub(lambda found: f"{_HOW[found['how']]} ", text)
    text = _EXIT_CODE.sub(lambda found: f" {_SIGNALS.get(found['code'], '')} ", text)
    text = _CANNOT.sub(r"\1cannot", text)
    return tuple(_WORD.findall(_X509.sub(" xfivezeronine ", text)))


def forms_of(wording: str) -> tuple[tuple[str, ...], ...]:
    """A wording of WORDINGS, taken apart."""
    return tuple(
        tuple(said for form in word.split("|") for said in _NEGATIONS.get(form, (form,))) for word in wording.split()
    )


def _begun(said: Iterable[str], word: str) -> bool:
    return word in said if len(word) < 3 else any(one.startswith(word) for one in said)


def _candidates(said: Iterable[str]) -> list[Wording]:
    """The wordings whose first word could be there, in the order of WORDINGS."""
    found = {place for word in said for place in _by_beginning().get(word[:3], ())}
    return [_wordings()[place] for place in sorted(found)]


@cache
def _wordings() -> tuple[Wording, ...]:
    return tuple(Wording(kind, forms_of(text)) for kind, texts in WORDINGS for text in texts)


@cache
def _by_beginning() -> dict[str, tuple[int, ...]]:
    """The first three letters of a wording's first word, in each of its forms → its places in WORDINGS."""
    found: dict[str, tuple[int, ...]] = {}
    for place, one in enumerate(_wordings()):
        for beginning in {form[:3] for form in one.words[0]}:
            found[beginning] = (*found.get(beginning, ()), place)
    return found
