"""What is known about a word by itself: whether it can be a given or family name, or is an organisation's, office's or place's.

The word lists are data (`data/`). What is an ordinary word is asked of simplemma's bokmål, nynorsk and English lists (MIT).
"""

from __future__ import annotations

import math
import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice, pairwise
from pathlib import Path

from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

DATA = Path(__file__).parent / "data"
LETTER = r"[^\W\d_]"
OFFICE_ENDING = re.compile(
    r"(?<!^styre)(?<!^styrets)(?:leder|leiar|sjef|direktør|ordfører|ordførar|minister|rådgiver|rådgjevar|politiker|politikar)(?:en)?$"
)
INITIALS = re.compile(rf"(?:{LETTER}\.)+(?:{LETTER}\.?)?")
STRONG_FAMILY = re.compile(
    r"(?:sen|son|sson|datter|d[oó]ttir|dóttir|ski|ska|cki|cka|wicz|vić|vic|ić|enko|chuk|czyk|oğlu|oglu|zadeh|zade|yan|ian|ava|ova|ev|ov|escu|"
    r"aitė|ytė|ienė|aite|iene|auskas|inskas|evičius|avičius|kumar|singh|pour|nejad|shvili|dze|nen|sdotter|quist|kvist|gaard|aard)$"
)
# Given names made of Old Norse parts, which no list can hold in full: Torhalla, Geirleif, Åsvald.
NORSE_GIVEN = re.compile(
    r"^(?:alf?|alv|an|arn?|as|aud|bard|berg|bjørn?|borg|bryn|bård?|dag|eid?|eil|eir|eld|eng|er|finn|fred|frid|frøy|gaut|geir|gis|gjer|gjør|gjøt|grim|gud|gull?|gunn?|gyd|"
    r"haf|hall?|hav|heid|hel|her|hild|hjal|hjør|hun|ing[ej]?|is|iv|jar|jo|jof|jor|jost|ket|kjell?|kol|kår|leid?|leif|lin|ljot|lod|magn|mal|mod|møy|mål|nid|nor|odd|orm|os|ott|"
    r"ragn?|ram|rand|reid|rein|rod|rog|rolv?|ron|run|rønn|sæ|sig|sigr|skjold|sne|snø|sol|sol[vf]|stein|styr|sund|sunn|svan|svein|sver|syn|tarj|tho|thor|thy|thyr|tjos|tjøst|tol|tor|"
    r"tord?|tro|trond|trygg?|tyr|ulf|ulv|un|una|vald?|ve|veb|vid|vig|viv|vår|yng|yr|ys|øy|øys|ørn|åd|ås)"
    r"(?:bjørg|bjørn|bjart|borg|brand|brikt|dis|finn|finna|frid|fred|fus|gaut|geir|gerd|gils|gjerd|grim|gunn|hall|halla|halv|hard|heid|helm|hild|kar|kel|kell|ketil|kjell|kild|laug|"
    r"leif|leik|leiv|lin|ljot|mar|mod|mund|ny|nya|olf|olv|rad|rid|rik|run|stein|stolv|tor|trud|ulf|ulv|unn|vald|valda|vard|var|veig|vid|vin|vor|vår)[ae]?$"
)
FARM_FAMILY = re.compile(
    r"(?:stad|sta|vik|vika|berg|haug|haugen|rud|rød|land|moen|mo|bakken|bakk|dal|dalen|nes|ness|set|seth|seter|sæter|sætra|lien|li|lia|heim|øy|øya|ås|åsen|"
    r"eng|enga|engen|engene|skaret|berget|bergan|åsane|haugane|moane|øyane|dalane|viken|hamna|gjerde|gjerdet|flaten|flata|ekra|ekren|øyra|rabben|gård|gard|voll|vold|vollen|hus|tveit|tvedt|bø|hagen|lund|lunden|strand|bråten|brekk|brekke|brekka|vang|rønning|eid|eide|skog|skogen|holm|holmen|holt|"
    r"fjell|hol|sund|stein|stuen|myr|myra|myhr|teig|teigen|hov|øyen|rust|erud|stø|støl|støyl|kleiv|klev|rabbe|rabben|skar|skår|skjær|botn|vatn|vann|vågen|våg|sand|"
    r"dokk|dokken|foss|elv|bekk|bekken|åker|åkeren|hella|helle|hammer|hamar|nese|neset|øyri|løkk|løkken|løkka|kroken|krok|grend|bygd|hylla|høgd|hovde|høi|tun|tunet|slett|sletta|"
    r"bu|bua|buen|mark|marka|vin|jord|jordet|kvam|ler|odd|odden|tangen|tang|vasshaug|vass|lid|lie|skreden|skrent|sli|ål|ør|øra|øren|rot|nuten|nut|egg|eggen|vor|by|bye)$"
)
ORDINARY_ENDING = re.compile(
    r"(?:søknad(?:en)?|søknader|tillatelse[nr]?|løyve|plan(?:en)?|planer|sak(?:en)?|saker|vedtak(?:et)?|møte[trn]?|protokoll(?:en)?|melding(?:en)?|avtale[nr]?|avgift(?:er)?|"
    r"skatt|attest(?:en)?|bevis(?:et)?|bevilling(?:en)?|fullmakt|erklæring(?:en)?|erklæringa|rapport(?:en)?|varsel|klage[nr]?|svar(?:et)?|mappe[nr]?|skjema(?:et)?|krav(?:et)?|høring(?:en)?|uttalelse[nr]?|uttale|"
    r"regulering(?:en)?|tilskudd(?:et)?|tilskot|støtte|lån(?:et)?|plass(?:en)?|ordning(?:en|a)?|tjeneste[nr]?|teneste[nr]?|heten|heter|het|heit|ninga?|ingen?|inger|ingar|elsen?|elser|elsar|"
    r"sjonen?|sjoner|asjon|isering|ering|iske?|ende|aktig|messig|lige?|lege?|bare?|somme?|løse?|tekst|nummer|dokument(?:er)?|kontrakt(?:en)?|referat(?:et)?|"
    r"skolen?|barnehagen?|lærer(?:en)?|lege[nr]?|pleier(?:en)?|leder(?:en)?|arbeid(?:et)?|arbeider|anlegg(?:et)?|bygg(?:et)?|felt(?:et)?|område[rt]?|områdene|senter(?:et)?|sikring|gebyr(?:er)?)$"
)


@dataclass(frozen=True, slots=True)
class Word:
    """What is known about a word by itself. `given` and `family`: 3 sure, 2 likely, 1 possible, 0 no."""

    given: int = 0
    family: int = 0
    is_organisation: bool = False
    is_office: bool = False
    is_street: bool = False
    is_place: bool = False
    is_ordinary: bool = False
    is_initial: bool = False
    is_particle: bool = False
    is_unknown: bool = False
    is_compound: bool = False
    is_english: bool = False
    is_farm: bool = False

    @property
    def may_be_family(self) -> bool:
        return bool(self.family) or self.is_unknown

    @property
    def may_be_given(self) -> bool:
        return bool(self.given) or self.is_unknown


@cache
def lexicon() -> dict[str, frozenset[str]]:
    lists = tomllib.loads((DATA / "lexicon.toml").read_text(encoding="utf-8"))
    return {name: frozenset(words) for name, words in lists.items()}


@cache
def _endings(name: str) -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(sorted(lexicon()[name], key=len, reverse=True))})s?$")


@cache
def _listed(name: str) -> frozenset[str]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return frozenset(line.lower() for line in lines if line and not line.startswith("#"))


@cache
def _dictionary(language: str) -> Mapping[str, str]:
    """simplemma's word list of a language: forms in lower case, names with a capital."""
    return DefaultDictionaryFactory().get_dictionary(language)


def _is_norwegian(word: str) -> bool:
    """Whether a lower-case word is in a Norwegian dictionary or ends as words of administration do."""
    return word in _dictionary("nb") or word in _dictionary("nn") or bool(ORDINARY_ENDING.search(word))


def _is_known_genitive(word: str) -> bool:
    return _is_norwegian(word[:-1]) or _is_compound(word[:-1], shortest=6)


def _is_compound(word: str, shortest: int = 4) -> bool:
    """Whether a lower-case word is made of two Norwegian ones: an ordinary word that no dictionary lists, or a family name."""
    bokmal, nynorsk = _dictionary("nb"), _dictionary("nn")
    if len(word) < 8:
        return False
    for cut in range(4, len(word) - 3):
        head, tail = word[:cut], word[cut:]
        if (tail in bokmal or tail in nynorsk) and len(tail) >= shortest and tail not in _given_names():
            for stem in (head, head.removesuffix("s"), head.removesuffix("e"), head.removesuffix("-")):
                if len(stem) > 2 and (stem in bokmal or stem in nynorsk):
                    return True
    return False


@lru_cache(maxsize=200_000)
def look(text: str) -> Word:
    """What is known about a word as it is written."""
    lower = text.lower().replace("‑", "-").replace("´", "'").replace("’", "'")
    lists = lexicon()
    if len(text) == 1 or INITIALS.fullmatch(text):
        is_initial = text[0].isupper() and text not in ("I", "Å")
        return Word(is_initial=is_initial, is_ordinary=not is_initial)
    bare = lower[:-2] if lower.endswith("'s") else lower
    given, family = _given(bare), _family(bare)
    is_form = bare in lists["organisation_forms"] and (text.isupper() or "/" in text)
    is_street = bare in lists["streets"] or bool(_endings("street_endings").search(bare))
    is_office = bare in lists["offices"] or bool(OFFICE_ENDING.search(bare))
    is_place = bare in _listed("places.txt") or bare in lists["place_words"] or bare.rpartition("-")[2] in _listed("places.txt")
    is_named_organisation = bare in lists["organisation_words"] or bare in lists["known_organisations"]
    is_organisation = is_form or is_named_organisation
    if not is_organisation and not is_street and max(given, family) < 2:
        is_organisation = len(bare) > 5 and bool(_endings("organisation_endings").search(bare))
    if is_street and max(given, family) >= 3 and bare not in lists["streets"]:
        is_street = False
    is_particle = bare in lists["particles"]
    if bare in lists["never_names"]:
        return Word(is_ordinary=True, is_particle=is_particle and text.islower())
    is_ordinary = _is_norwegian(bare) or (bare.endswith("s") and len(bare) > 8 and family < 2 and _is_known_genitive(bare))
    is_compound = not is_ordinary and not given and family < 2 and _is_compound(bare)
    is_farm = family == 1
    if is_farm and is_ordinary:
        family = 0
    if family == 2 and is_ordinary:
        family = 1
    is_acronym = text.isupper() and len(text) <= 4 and not given and not family
    has_inner_capital = any(a.islower() and b.isupper() for a, b in pairwise(text)) and not text.lower().startswith(("mc", "mac", "o'"))
    is_unknown = (
        not (
            given
            or family
            or is_organisation
            or is_office
            or is_street
            or is_place
            or is_ordinary
            or is_particle
            or is_acronym
            or has_inner_capital
        )
        and len(bare) > 1
    )
    return Word(
        given,
        family,
        is_organisation or is_acronym,
        is_office,
        is_street,
        is_place,
        is_ordinary,
        False,
        is_particle,
        is_unknown,
        is_compound,
        is_unknown and not is_compound and len(bare) > 3 and bare in _dictionary("en"),
        is_farm,
    )


@lru_cache(maxsize=200_000)
def _given(bare: str) -> int:
    strengths = _given_names()
    if bare in strengths:
        return strengths[bare]
    parts = bare.split("-")
    if len(parts) > 1:
        return min(3, max(strengths.get(parts[0], 0), strengths.get(parts[1], 0)))
    return 2 if len(bare) > 5 and NORSE_GIVEN.match(bare) else 0


@cache
def _given_names() -> dict[str, int]:
    """Given names and how surely a word is one: 3 for those common in Norway, 2 for others, 1 for what is an everyday word too."""
    common, _, further = (DATA / "given_names.txt").read_text(encoding="utf-8").partition("# Further\n")
    weak = lexicon()["weak_given_names"]
    bokmal, nynorsk = _dictionary("nb"), _dictionary("nn")
    found: dict[str, int] = {}
    for strength, names in ((2, further), (3, common)):
        for name in names.lower().splitlines():
            if not name.startswith("#"):
                is_word = strength == 2 and (name in bokmal or name in nynorsk)
                found[name] = 1 if name in weak or len(name) < 3 or is_word else strength
    return found


def _pieces(word: str) -> set[str]:
    framed = f"^{word}$"
    return {framed[i : i + n] for n in (2, 3, 4) for i in range(len(framed) - n + 1)}


@cache
def _piece_weights() -> dict[str, float]:
    """How much each run of two to four letters speaks for a given name: the log-odds between the listed given names and other words."""
    given = [name for name in _given_names() if len(name) > 3]
    lists = lexicon()
    words = [w for w in islice(_dictionary("nb"), 0, None, 40) if w.isalpha() and w.islower() and 3 < len(w) < 14]
    others = [*_listed("family_names.txt"), *_listed("places.txt"), *words]
    others += [w for name in ("organisation_words", "known_organisations", "place_words") for w in lists[name] if len(w) > 3]
    for_given, for_others = Counter(p for w in given for p in _pieces(w)), Counter(p for w in others for p in _pieces(w))
    return {
        piece: math.log((for_given[piece] + 0.5) / (len(given) + 1) * (len(others) + 1) / (for_others[piece] + 0.5))
        for piece in {*for_given, *for_others}
    }


@lru_cache(maxsize=200_000)
def given_likeness(word: str) -> float:
    """How much an unlisted word is built like the given names that are listed: above 0 more like them than like other words."""
    weights, pieces = _piece_weights(), _pieces(word.lower())
    return sum(weights.get(p, 0.0) for p in pieces) / len(pieces) if len(word) > 3 else -9.0


@lru_cache(maxsize=200_000)
def _family(bare: str) -> int:
    names = _listed("family_names.txt")
    parts = bare.split("-")
    if bare in names or (len(parts) > 1 and parts[-1] in names):
        return 3
    if bare.endswith("s") and bare[:-1] in names:
        return 2
    if len(bare) > 4 and STRONG_FAMILY.search(bare):
        return 2
    return 1 if len(bare) > 4 and FARM_FAMILY.search(bare) else 0
