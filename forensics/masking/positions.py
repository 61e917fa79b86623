"""Where a secret stands in a line: behind a name that tells one, behind a scheme, a flag, a command, in a URL.

What stands there is masked whatever it looks like, unless it is plainly a part of the sentence ("invalid token
format", "open cluster.key: permission denied").
"""

from __future__ import annotations

import re
from collections.abc import Callable

from forensics.masking.shapes import is_word

MASK = "[masked]"

_STRONG = (
    r"(?:secret|token|passw|passphrase|private|credential|keyring|authorization|bearer|cookie|chpasswd"
    r"|(?:api|access|client|account|signing|encryption)[-_. ]?key|key[-_]?data(?![a-z])"
    r"|(?<![a-z])(?:psk|auth|pwd|pass)(?![a-z]))"
)
_WEAK = r"(?:(?<![a-z])(?:key|session|sid|otp)(?![a-z]))"
_STRONG_KEY = re.compile(rf"(?i){_STRONG}")
_KEY = re.compile(rf"(?i){_STRONG}|{_WEAK}$")

_QUOTE = r"\\{0,8}[\"'`\u2018\u2019\u201c\u201d]"
_QUOTED = r"(?P<quote>\\{0,8}[\"'`])(?:(?!(?P=quote)).){1,400}"
_SCHEME = r"(?:(?i:bearer|basic|digest|negotiate|token|apikey)\s{1,8})?"
_BARE = r"[^\s\"'`,;&<>\\()\[\]{}]{1,4096}"
_WORDS = rf"{_BARE}(?:[ \t]{{1,8}}(?![\w.-]{{1,40}}[=:]){_BARE}){{0,12}}"
_SETTING = r"::capi\b"  # `token::capi` is how k8sd calls a setting: what stands behind that name is its value
_SIGN = rf"(?:{_QUOTE})?\]?\s{{0,8}}(?:=>|:=|[=>]|(?!{_SETTING}):|\b(?i:is|was)\b)\s{{0,8}}[\[({{]{{0,2}}"


def _name(telling: str) -> str:
    """One of the texts that tell a secret, and the rest of the name that holds it; what is before it stays anyway."""
    return rf"(?i:{telling}(?:{_SETTING})?[\w.-]{{0,24}})"


_COMPLAINT = re.compile(
    r"(?i)\s*(?:permission denied|operation not|input/output error|read-only file|no such|not |is not|"
    r"cannot |could not |can't |failed|unable to |invalid |malformed |expected |unexpected |missing |unknown |"
    r"unauthori[sz]ed|expired|x509: |open /|read /|stat /|rpc error|context |connection |timed out|EOF\b|illegal )"
)
"""How the next link of a chain of errors begins, behind a secret's name."""
_COMPLAINS = re.compile(r"(?i)\b(?:not|cannot|failed|refused|denied|expired|unavailable)\b")

_BEHIND_A_SIGN = re.compile(rf"{_name(_STRONG)}{_SIGN}{_SCHEME}(?P<value>{_QUOTED}|{_WORDS})")
_BEHIND_A_WEAK_NAME = re.compile(rf"{_name(_WEAK)}{_SIGN}(?P<value>{_QUOTED}|{_BARE})")
_BEHIND_A_BLANK = re.compile(rf"{_name(_STRONG)}(?:{_QUOTE})?(?:,|\s)\s{{0,8}}{_SCHEME}(?P<value>{_QUOTED}|{_BARE})")
_BEHIND_A_SCHEME = re.compile(rf"(?<![\w-])(?i:bearer|basic)\s{{1,8}}(?P<value>{_BARE})")
_BEHIND_A_COMMAND = re.compile(
    r"(?:\b(?:microk8s|k8s|cluster|lxd|lxc|incus|microceph|microovn|microcloud|k3s|juju|sunbeam|init)\s{1,8}"
    r"(?:add-node|join(?:-cluster)?|register)(?:\s{1,8}token)?\s{1,8}"
    r"|\bsshpass\s{1,8}-p\s{0,8}|\bmysql\b.{0,60}?\s-p|\s(?:-u|--user)\s{1,8}[\w.-]{1,64}:)"
    rf"(?P<value>{_QUOTED}|{_BARE})"
)
_PEM = re.compile(r"-----BEGIN [A-Z0-9 ]{1,40}-----(?P<value>.+?)(?=-----END|$)")
_IN_A_URL = re.compile(r"://(?P<value>[^\s@\"'<>]{1,400})(?=@)")


def names_secret(key: str) -> bool:
    """Whether what stands under this key is a secret by the key's name."""
    return _KEY.search(key) is not None


def without_named(line: str) -> str:
    """The line with MASK in each place where a secret stands."""
    for form, judged in _FORMS:
        line = form.sub(judged, line)
    return line


def _masked(found: re.Match[str]) -> str:
    at = found.start("value") - found.start()
    quote = found.groupdict().get("quote") or ""
    return f"{found[0][:at]}{quote}{MASK}{found[0][at + len(found['value']) :]}"


def _unless_complaint(found: re.Match[str]) -> str:
    return found[0] if _COMPLAINT.match(found["value"]) or _is_answer_of_a_path(found) else _masked(found)


def _is_answer_of_a_path(found: re.Match[str]) -> bool:
    """`/k8sd/cluster/tokens: Daemon not yet initialized`: behind a path words that are known, and complain."""
    value = found["value"]
    behind_a_path = found.string[: found.start()].endswith("/") and found[0][: -len(value)].endswith(": ")
    return behind_a_path and bool(_COMPLAINS.search(value)) and all(map(is_word, value.split()))


def _unless_known(found: re.Match[str]) -> str:
    """Of names that mean much else, too: words, numbers, and paths say what else."""
    value = found["value"]
    harmless = value.isdigit() or value.startswith(("/", "[")) or all(map(is_word, value.split()))
    return found[0] if harmless else _unless_complaint(found)


def _unless_a_word(found: re.Match[str]) -> str:
    return found[0] if is_word(found["value"]) else _masked(found)


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (_PEM, _masked),
    (_IN_A_URL, _masked),
    (_BEHIND_A_SIGN, _unless_complaint),
    (_BEHIND_A_WEAK_NAME, _unless_known),
    (_BEHIND_A_BLANK, _unless_a_word),
    (_BEHIND_A_SCHEME, _unless_a_word),
    (_BEHIND_A_COMMAND, _unless_a_word),
)
