"""Which language a text is in: the page's claim, checked with words that only one of them has."""

from __future__ import annotations

import re

WORDS = {
    "nb": "ikke et fra blir hva hvordan hvem hvor jeg noen noe også etter gjennom deres kommunens sine ble være gjøre uke åpne vedtatt mer",
    "nn": "ikkje eit frå vert kva korleis kven kvar eg nokon noko òg gjennom deira sine blei vart vere gjere veke opne vedteke meir dei",
    "se": "ja lea leat mii dahje suohkan suohkana ahte sáhttá go dat báikki mielde sámi galgá lávdegoddi",
    "en": "the and of to in is for with that are this from by you our",
}
SETS = {language: frozenset(words.split()) for language, words in WORDS.items()}
CLAIMS = {"no": "nb", "nb": "nb", "nn": "nn", "se": "se", "sme": "se", "en": "en"}


def language_of(text: str, claim: str | None) -> str | None:
    """nb, nn, se or en. The words win over the claim when they are many and clear; a claim of another language is kept as it is."""
    counts = dict.fromkeys(SETS, 0)
    for word in re.findall(r"[^\W\d_]+", text.lower()[:20_000]):
        for language, words in SETS.items():
            counts[language] += word in words
    best, second = sorted(counts, key=lambda language: -counts[language])[:2]
    if counts[best] >= 3 and counts[best] >= 1.5 * counts[second]:
        return best
    short = (claim or "").split("-")[0].lower()
    return CLAIMS.get(short, short) or (best if counts[best] else None)
