# ruff: noqa: RUF001 - Cyrillic and Greek months
"""Which month a word means, in the locales that listings come in."""

from __future__ import annotations

import re
import unicodedata

# Abbreviations (`%b`) of glibc's locales in Europe and the Americas, without accents and dots; East Asia has numbers.
# The same word means one month in all of these. Croatian is left out: its lip, srp and lis are others than in Polish
# and Czech. Where a word is not here, a file's time stays unknown; the rest of its line is read all the same.
_MONTHS = {
    1: "jan january janv ene gen sty led янв січ яну јан oca ian tammi jaan xan urt saus ιαν",
    2: "feb february fevr fev lut uno фев феб лют sub febr helmi veebr ots vas φεβ",
    3: "mar march mars mrt marc bre мар бер maalis marts kov μαρ",
    4: "apr april avr avril abr kwi dub апр кві nis huhti bal api απρ",
    5: "may mai mag mei maj kve май мая мај тра touko geg maig μαι",
    6: "jun june juin giu cze cen июн юни јун чер haz iun kesa juuni birz juny xun eka ιουν",
    7: "jul july juil jui lug lip cec июл юли јул лип tem iul heina juuli liep xul uzt ιουλ",
    8: "aug august aout aou ago sie srp авг сер agu elo avg rugp abu αυγ",
    9: "sep september sept set wrz zar сен сент сеп вер eyl szept syys rugs ira σεπ",
    10: "oct october okt ott out paz rij окт жов eki loka spal urr οκτ",
    11: "nov november lis ноя нов ное лис kas marras lapkr aza νοε",
    12: "dec december dez dic gru pro des дек гру дец ara joulu dets gruod abe δεκ",
}
_NUMBERED = re.compile(r"(?:(\d{1,2})[月월]|[Tt]hg (\d{1,2}))")


def _plain(word: str) -> str:
    """Lower case, without accents and the dot of an abbreviation."""
    decomposed = unicodedata.normalize("NFKD", word.lower())
    return "".join(c for c in decomposed if not unicodedata.combining(c)).rstrip(".,")


_BY_NAME = {_plain(word): month for month, words in _MONTHS.items() for word in words.split()}


def month_of(word: str) -> int | None:
    """1 to 12 for a month's name or abbreviation in the locales known here, else None."""
    if numbered := _NUMBERED.fullmatch(word):
        number = int(numbered[1] or numbered[2])
        return number if 1 <= number <= 12 else None
    plain = _plain(word)
    if plain in _BY_NAME:
        return _BY_NAME[plain]
    if not plain.isalpha() or not 3 < len(plain) <= 12:
        return None
    return _BY_NAME.get(plain[:4]) or _BY_NAME.get(plain[:3])
