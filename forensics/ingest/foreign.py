"""Inputs that hold no evidence as they are: encrypted, packed in a way that is not read, no archive at all."""

from __future__ import annotations

import codecs

HEAD_BYTES = 512  # all that is looked at
_BEGINNINGS = {
    b"Salted__": "encrypted with openssl: decrypt it first",
    b"age-encryption.org/": "encrypted with age: decrypt it first",
    b"-----BEGIN PGP MESSAGE-----": "encrypted with GnuPG: decrypt it first",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive, which is not read: unpack it, and give the folder",
    b"LUKS\xba\xbe": "an encrypted disk (LUKS): open it, and give the folder",
    b"Rar!\x1a\x07": "a rar archive, which is not read: unpack it, and give the folder",
}
_CONTROLS = bytes({*range(32), 127} - {*b"\t\n\v\f\r\b\a\x1b"})
_CONTROLS_SHARE_MAX = 0.03  # of the first bytes: a log that was cut by a crash has some zeros in it
_PAGES = (b"<!doctype html", b"<html")
# RFC 4880 4.2, 5.1 and 5.3: the first packet of an encrypted message is a session key, for a public key (tag 1,
# version 3) or a passphrase (tag 3, version 4); by tag byte: where its version stands, and which it is.
_SESSION_KEYS = {0x84: (2, 3), 0x85: (3, 3), 0x8C: (2, 4), 0x8D: (3, 4), 0xC1: (2, 3), 0xC3: (2, 4)}


def why_unusable(head: bytes) -> str | None:
    """What an input is and what to do with it, told by its first bytes; None where it may hold evidence."""
    if not head:
        return "the file is empty: copy it again"
    for beginning, why in _BEGINNINGS.items():
        if head.startswith(beginning):
            return why
    if head.lstrip().lower().startswith(_PAGES):
        return "an HTML page (of a login or an error, perhaps): download the file itself"
    if _is_encrypted_by_gnupg(head):
        return _BEGINNINGS[b"-----BEGIN PGP MESSAGE-----"]
    return None


def why_no_text(head: bytes) -> str | None:
    """What is to be done with an input that is no archive, where it is no text either; None where it may be one.

    Texts have ends of lines, tabs and the escapes of terminals among what is not printed, and in UTF-16 a zero in
    every second byte. Of random bytes every ninth is another control.
    """
    if not any(head):
        return "nothing but zeros where an archive or a text begins: make it anew, or copy it again"
    utf_16 = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if utf_16 or len(head.translate(None, _CONTROLS)) > len(head) * (1 - _CONTROLS_SHARE_MAX):
        return None
    return "neither an archive nor a text, nor is its name that of a file of dqlite: give the folder it is from"


def _is_encrypted_by_gnupg(head: bytes) -> bool:
    at, version = _SESSION_KEYS.get(head[0], (0, 0))
    return bool(at) and head[at : at + 1] == bytes([version])
