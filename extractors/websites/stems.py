"""Where transparency practices live on a municipal website: the stems of addresses and link texts (WEB A.4)."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

STEMS = tuple(
    """
    etikk etisk etiske-retningsl varsl kritikkverdig korrup misleg habilitet inhabil bierverv styreverv gave
    innsyn postlist postjournal offentleg offentlig einnsyn sakspapir saksdokument moteplan moteprotokoll motebok strommin webtv
    kontrollutval revisjon forvaltningsrevisjon tilsyn eierskap eigarskap eiermelding eigarmelding selskap
    innkjop anskaff leverandor kontrakt serios arbeidslivskrim apenhetslov apenhet openheit faktura
    apne-data opne-data datasett api kart-og-data statistikk
    horing hoyring medvirk medverknad innbyggerforslag innbyggjarforslag innbyggerpanel innbyggjarpanel borgerpanel borgarpanel
    ungdomsrad eldrerad folkemote si-din-mening
    delegasjon delegering delegert reglement retningslin styrende budsjett okonomiplan arsrapport arsmelding arsregnskap handlingsprogram
    personvern behandlingsprotokoll dpia kunstig-intelligens algoritm klage ombud tilgjengelighetserkl uustatus lobby
    ehtalas dieđiheapmi assebahpirat oaidnu
    """.split()
)
BRANCHES = re.compile(r"/(politikk|organisasjon|om-kommunen|for-folkeval[gd]|for-politikere|styrende-dokument|lokale-forskrift)", re.I)
LETTERS = str.maketrans({"å": "a", "ø": "o", "æ": "a", "ä": "a", "ö": "o"})


def folded(text: str) -> str:
    """Percent-decoded, lower case, Norwegian letters as plain ones, spaces and underscores as hyphens."""
    lowered = unquote(text).lower().translate(LETTERS)
    plain = "".join(c for c in unicodedata.normalize("NFD", lowered) if not unicodedata.combining(c))
    return re.sub(r"[\s_+]+", "-", plain.replace("aa", "a").replace("oe", "o").replace("ae", "a"))


FOLDED = re.compile("|".join(re.escape(folded(s)) for s in STEMS))


def is_promising(path: str, label: str = "") -> bool:
    """Does an address (path and query) or the text of the link to it name one of the stems?"""
    return bool(FOLDED.search(folded(path)) or FOLDED.search(folded(label)) or BRANCHES.search(path))
