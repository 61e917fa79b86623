"""What `openssl x509 -in FILE -noout -dates` printed, as sos keeps it: a certificate's dates without the certificate.

Source: sosreport/sos sos/report/plugins/{microk8s,lxd,ceph_common,microcloud,microovn}.py; the words are openssl's own
(1.1 and 3.0: `unable to load certificate`, `Could not read certificate from`, `No such file or directory`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from forensics.evidence import Anomaly, Blob, Parsed, Span
from forensics.limits import HOST_TEXT_BYTES_MAX

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DATE = re.compile(
    rb"^not(Before|After)=([A-Z][a-z]{2}) +(\d{1,2}) (\d{2}):(\d{2}):(\d{2}) (\d{4}) GMT[ \t\r]*$", re.MULTILINE
)
_MISSING = b"No such file or directory"
_UNREADABLE = re.compile(rb"(?i)unable to load certificate|could not (?:read|find) certificate")


@dataclass(frozen=True, slots=True)
class CertificateDates:
    """The two dates, UTC; None where a line is missing."""

    not_before: datetime | None
    not_after: datetime | None
    at: Span


def parse_openssl_dates(blob: Blob) -> Parsed[CertificateDates]:
    """None without anomaly where the file was not there: a server that is in no cluster has no cluster.crt."""
    raw = blob.read(0, HOST_TEXT_BYTES_MAX)
    dates = {match[1]: _moment(match) for match in _DATE.finditer(raw)}
    if dates:
        return Parsed(CertificateDates(dates.get(b"Before"), dates.get(b"After"), blob.span()))
    if _UNREADABLE.search(raw) and _MISSING not in raw:
        return Parsed(None, (Anomaly("certificate-unreadable", blob.span(), "openssl could not read it"),))
    return Parsed(None)


def _moment(match: re.Match[bytes]) -> datetime | None:
    month, numbers = match[2].decode(), [int(text) for text in match.groups()[2:]]
    day, hour, minute, second, year = numbers
    try:
        return datetime(year, _MONTHS.index(month) + 1, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
