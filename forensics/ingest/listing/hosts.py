"""Which host a heading or comment between listings names."""

from __future__ import annotations

import re

_KINDS = "node|host|server|machine|vm|master|controller|member|control[ -]plane|unit|replica"
_NUMBERED = re.compile(rf"(?<![\w-])({_KINDS})\s*(?:[#:]\s*)?(\d{{1,4}}|[A-Za-z])\b", re.IGNORECASE)
_NAMED = re.compile(
    r"(?<![\w-])(?:node|host|hostname|server|machine|member|on|from)(?:\s*[:=])?\s+[\"'`]?([A-Za-z][\w-]*(?:\.[\w-]+)*)[\"'`]?\s*(?:[:)]\s*)?$",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"(?<![\w./-])[A-Za-z][A-Za-z_-]*\d[\w-]*(?:\.[A-Za-z][\w-]*)*(?![\w/-]|\.\w)")
_ADDRESS = re.compile(r"(?<![\w.])(\d{1,3}(?:\.\d{1,3}){3})(?![\w.])")
_NO_HOSTS = re.compile(
    r"(?:micro)?k8s(?:d|-dqlite)?|k3s|mk8s|v\d.*|lz4|ext[234]|sha\d+|md5|utf-?\d+|x86.*|amd64|arm\d+|ipv[46]|metadata[12]|open-\d+|snapshot-.*|"
    r"rev\d+|http\d?|tls\d?|sqlite3?|python\d.*|raft\d?|base64|id\d*|u64|i386|step\d+|part\d+|example\d+|pr\d+|issue\d+",
    re.IGNORECASE,
)
_BEFORE_COMMAND = re.compile(r"^[#=*\-\s]*")


def host_of_heading(line: str) -> str | None:
    """The host that a short line of prose names: `# k8s-4 10.0.0.4 (faulty)`, `Node 2:`, `=== db01 ===`; else None."""
    text = _BEFORE_COMMAND.sub("", line).strip(" =*-#\t")
    if not text or len(text) > 120:
        return None
    for token in _TOKEN.findall(text):
        if not _NO_HOSTS.fullmatch(token):
            return str(token).rstrip(".:,")
    if found := _NUMBERED.search(text):
        return f"{found[1].lower().replace(' ', '-')}-{found[2]}"
    if (found := _NAMED.search(text)) and not _NO_HOSTS.fullmatch(found[1]):
        return found[1]
    if len(text) <= 40 and (found := _ADDRESS.search(text)):
        return found[1]
    word = re.fullmatch(r"([A-Za-z][\w-]*(?:\.[\w-]+)*):", text)
    return word[1] if word else None
