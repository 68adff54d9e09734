"""Finding the names of private persons in Norwegian administrative text.

A text is read as words; words that stand together with capitals make a run. A run is a person when a given name says so, or when its shape
and place say so and nothing says organisation, place or office. How much is needed is the reading's matter: `party` fields hold persons
unless shown otherwise, `title` needs a given name or a telling place, `text` needs a known given name. Word lists are data (`data/`); what
is an ordinary Norwegian word is asked of simplemma's bokmål and nynorsk lists (MIT).
"""

from __future__ import annotations

import math
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice, pairwise
from pathlib import Path

from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

DATA = Path(__file__).parent / "data"
LETTER = r"[^\W\d_]"
WORD = re.compile(rf"(?:{LETTER}\.)+(?:{LETTER}\b\.?)?|{LETTER}+(?:['’´`\-‑]{LETTER}+)*|\d+(?:[./-]\d+)*|[^\s\w]|\S")
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
    r"eng|enga|gård|gard|voll|vold|vollen|hus|tveit|tvedt|bø|hagen|lund|lunden|strand|bråten|brekk|brekke|brekka|vang|rønning|eid|eide|skog|skogen|holm|holmen|holt|"
    r"fjell|hol|sund|stein|stuen|myr|myra|myhr|teig|teigen|hov|øyen|rust|erud|stø|støl|støyl|kleiv|klev|rabbe|rabben|skar|skår|skjær|botn|vatn|vann|vågen|våg|sand|"
    r"foss|elv|bekk|bekken|åker|åkeren|hella|helle|hammer|hamar|nese|neset|øyri|løkk|løkken|løkka|kroken|krok|grend|bygd|hylla|høgd|hovde|høi|tun|tunet|slett|sletta|"
    r"bu|bua|buen|mark|marka|vin|jord|jordet|kvam|ler|odd|odden|tangen|tang|vasshaug|vass|lid|lie|skreden|skrent|sli|ål|ør|øra|øren|rot|nuten|nut|egg|eggen|vor|by|bye)$"
)
ORDINARY_ENDING = re.compile(
    r"(?:søknad(?:en)?|søknader|tillatelse[nr]?|løyve|plan(?:en)?|planer|sak(?:en)?|saker|vedtak(?:et)?|møte[trn]?|protokoll(?:en)?|melding(?:en)?|avtale[nr]?|avgift(?:er)?|"
    r"skatt|attest(?:en)?|bevis(?:et)?|bevilling(?:en)?|fullmakt|erklæring(?:en)?|erklæringa|rapport(?:en)?|varsel|klage[nr]?|svar(?:et)?|mappe[nr]?|skjema(?:et)?|krav(?:et)?|høring(?:en)?|uttalelse[nr]?|uttale|"
    r"regulering(?:en)?|tilskudd(?:et)?|tilskot|støtte|lån(?:et)?|plass(?:en)?|ordning(?:en|a)?|tjeneste[nr]?|teneste[nr]?|heten|heter|het|heit|ninga?|ingen?|inger|ingar|elsen?|elser|elsar|"
    r"sjonen?|sjoner|asjon|isering|ering|iske?|ende|aktig|messig|lige?|lege?|bare?|somme?|løse?|tekst|nummer|dokument(?:er)?|kontrakt(?:en)?|referat(?:et)?|"
    r"skolen?|barnehagen?|lærer(?:en)?|lege[nr]?|pleier(?:en)?|leder(?:en)?|arbeid(?:et)?|arbeider|anlegg(?:et)?|bygg(?:et)?|felt(?:et)?|område[rt]?|områdene|senter(?:et)?|sikring|gebyr(?:er)?)$"
)
AL_NAME = re.compile(r"^(?:al|el|as|ad|an|bin|ibn|abu|d|o|mc|mac)['’\-][^\W\d_]{2,}", re.I)
PROPERTY = re.compile(r"(?!(?:19|20)\d\d/)\d{1,4}/\d{1,4}(?:/\d+)*")
SPACE = re.compile(r"^[ \u00a0]{1,3}$")


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

    @property
    def may_be_family(self) -> bool:
        return bool(self.family) or self.is_unknown

    @property
    def may_be_given(self) -> bool:
        return bool(self.given) or self.is_unknown


@dataclass(frozen=True, slots=True)
class Token:
    start: int
    end: int
    text: str
    word: Word


@dataclass(frozen=True, slots=True)
class Reading:
    """How eagerly names are taken: `shapes` without a known given name, `alone` single words, `offices` the names of office-holders too."""

    shapes: bool
    alone: bool
    offices: bool
    is_party: bool = False


PARTY = Reading(shapes=True, alone=True, offices=False, is_party=True)
TITLE = Reading(shapes=True, alone=False, offices=False)
TEXT = Reading(shapes=False, alone=False, offices=False)
OLD_PARTY = Reading(shapes=True, alone=True, offices=True, is_party=True)
OLD_TITLE = Reading(shapes=True, alone=False, offices=True)


@cache
def _lexicon() -> dict[str, frozenset[str]]:
    lists = tomllib.loads((DATA / "lexicon.toml").read_text(encoding="utf-8"))
    return {name: frozenset(words) for name, words in lists.items()}


@cache
def _endings(name: str) -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(sorted(_lexicon()[name], key=len, reverse=True))})s?$")


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


def _is_compound(word: str) -> bool:
    """Whether a lower-case word is made of two Norwegian ones: an ordinary word that no dictionary lists, or a family name."""
    bokmal, nynorsk = _dictionary("nb"), _dictionary("nn")
    if len(word) < 8:
        return False
    for cut in range(4, len(word) - 3):
        head, tail = word[:cut], word[cut:]
        if (tail in bokmal or tail in nynorsk) and len(tail) > 3:
            for stem in (head, head.removesuffix("s"), head.removesuffix("e"), head.removesuffix("-")):
                if len(stem) > 2 and (stem in bokmal or stem in nynorsk):
                    return True
    return False


@lru_cache(maxsize=200_000)
def look(text: str) -> Word:
    """What is known about a word as it is written."""
    lower = text.lower().replace("‑", "-").replace("´", "'").replace("’", "'")
    lists = _lexicon()
    if len(text) == 1 or INITIALS.fullmatch(text):
        is_initial = text[0].isupper() and text not in ("I", "Å")
        return Word(is_initial=is_initial, is_ordinary=not is_initial)
    bare = lower[:-2] if lower.endswith("'s") else lower
    given, family = _given(bare), _family(bare)
    is_form = bare in lists["organisation_forms"] and (text.isupper() or "/" in text)
    is_street = bare in lists["streets"] or bool(_endings("street_endings").search(bare))
    is_office = bare in lists["offices"]
    is_place = bare in _listed("places.txt") or bare in lists["place_words"]
    is_named_organisation = bare in lists["organisation_words"] or bare in lists["known_organisations"]
    is_organisation = is_form or is_named_organisation
    if not is_organisation and not is_street and max(given, family) < 2:
        is_organisation = len(bare) > 5 and bool(_endings("organisation_endings").search(bare))
    if is_street and max(given, family) >= 3 and bare not in lists["streets"]:
        is_street = False
    is_particle = bare in lists["particles"]
    if bare in lists["never_names"]:
        return Word(is_ordinary=True, is_particle=is_particle and text.islower())
    is_ordinary = _is_norwegian(bare) or (bare.endswith("s") and len(bare) > 4 and not family and _is_norwegian(bare[:-1]))
    is_compound = not is_ordinary and not given and family < 2 and _is_compound(bare)
    if family == 1 and is_ordinary:
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
    weak = _lexicon()["weak_given_names"]
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
    lists = _lexicon()
    words = [w for w in islice(_dictionary("nb"), 0, None, 40) if w.isalpha() and w.islower() and 3 < len(w) < 14]
    others = [*_listed("family_names.txt"), *_listed("places.txt"), *words]
    others += [w for name in ("organisation_words", "known_organisations", "place_words") for w in lists[name] if len(w) > 3]
    for_given, for_others = Counter(p for w in given for p in _pieces(w)), Counter(p for w in others for p in _pieces(w))
    return {
        piece: math.log((for_given[piece] + 0.5) / (len(given) + 1) * (len(others) + 1) / (for_others[piece] + 0.5))
        for piece in {*for_given, *for_others}
    }


@lru_cache(maxsize=200_000)
def looks_given(bare: str) -> bool:
    """Whether an unlisted word is built like the given names that are listed."""
    weights, pieces = _piece_weights(), _pieces(bare.lower())
    return len(bare) > 3 and sum(weights.get(p, 0.0) for p in pieces) / len(pieces) > GIVEN_LIKENESS


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


def tokens_of(text: str) -> list[Token]:
    """The words, numbers and signs of a text, each with what is known about it."""
    return [Token(m.start(), m.end(), m[0], look(m[0]) if m[0][0].isalpha() else SIGN) for m in WORD.finditer(text)]


SIGN = Word()
THING = re.compile(
    r"(?:drift|utvikling|transport|prosjekt|bygg|energi|nett|kraft|service|miljø|handel|eiendom|anlegg|teknikk|forsikring|tjenesten|tenesta|"
    r"grunnlag|forslag|avslag|anslag|utslag|overslag|bilag|oppslag|innslag|underlag|tillegg|verk|samband|revisjon)$"
)
GIVEN_LIKENESS = 0.1
OFFICE_LINKS = frozenset({"av", "ved", "for"})
DELIMITERS = frozenset('-–—/:;()|,.•\n"«»“”[]')


def person_spans(text: str, reading: Reading) -> list[tuple[int, int]]:
    """Where the names of private persons stand in a text."""
    tokens = tokens_of(text)
    page = _Page(text, tokens, reading)
    return page.read()


class _Page:
    """One text being read."""

    def __init__(self, text: str, tokens: list[Token], reading: Reading) -> None:
        self.text, self.tokens, self.reading = text, tokens, reading
        self.spans: list[tuple[int, int]] = []  # token indices, end exclusive
        self.office_names: set[str] = set()

    def read(self) -> list[tuple[int, int]]:
        runs = list(self._runs())
        for start, end in runs:
            self._read_run(start, end)
        self._read_reversed(runs)
        self._read_lower_case()
        self._read_pairs(runs)
        self._read_again(runs)
        return [(self.tokens[a].start, self.tokens[b - 1].end) for a, b in sorted(set(self.spans))]

    # ---- runs

    def _is_nameish(self, i: int) -> bool:
        t = self.tokens[i].text
        return t[0].isupper() or bool(AL_NAME.match(t))

    def _joined(self, i: int) -> bool:
        """Whether token i stands right after token i-1."""
        return bool(SPACE.match(self.text[self.tokens[i - 1].end : self.tokens[i].start]))

    def _runs(self) -> Iterator[tuple[int, int]]:
        i, n = 0, len(self.tokens)
        while i < n:
            if not self.tokens[i].text[0].isalpha() or not self._is_nameish(i):
                i += 1
                continue
            j = i + 1
            while j < n and self.tokens[j].text[0].isalpha() and self._joined(j):
                if self._is_nameish(j):
                    j += 1
                    continue
                k = j
                while k < n and self.tokens[k].word.is_particle and self._joined(k) and k - j < 2:
                    k += 1
                if k > j and k < n and self.tokens[k].text[0].isalpha() and self._joined(k) and self._is_nameish(k):
                    j = k + 1
                    continue
                break
            yield i, j
            i = j

    # ---- one run

    def _read_run(self, start: int, end: int) -> None:
        tokens, words = self.tokens, [t.word for t in self.tokens]
        after_form = max((i for i in range(start, end - 1) if words[i].is_organisation and self._is_form(i)), default=None)
        if after_form is not None:
            start = after_form + 1
            if end - start < 2:
                return
        streets = [i for i in range(start, end) if words[i].is_street]
        if streets:
            at = streets[0]
            is_bare = tokens[at].text.lower() in _lexicon()["streets"]
            if not is_bare and at - start >= 2:
                self._read_run(start, at)
            if at + 2 < end:
                self._read_run(at + 1, end)
            return
        following = self._next_word(end)
        if following and following.text.lower() in _lexicon()["streets"]:
            return
        offices = [i for i in range(start, end) if words[i].is_office]
        is_office = self._is_office(start, end) or bool(offices)
        if offices and offices[0] == start:
            while start < end and words[start].is_office:
                start += 1
        elif offices:
            end = offices[0]
        if start >= end:
            return
        if self._is_organisation(start, end) or self._is_firm_of_two(start, end):
            return
        thing = self._leading_thing(start, end)
        start += thing
        found = self._by_given_name(start, end) or self._by_initial(start, end) or self._by_shape(start, end) or self._alone(start, end)
        if is_office and not self.reading.offices:
            self.office_names.update(tokens[i].text.lower() for a, b in found for i in range(a, b) if not tokens[i].word.is_initial)
            return
        self.spans.extend(found)

    def _is_form(self, i: int) -> bool:
        return self.tokens[i].text.lower() in _lexicon()["organisation_forms"] and self.tokens[i].text.isupper()

    def _next_word(self, i: int) -> Token | None:
        return self.tokens[i] if i < len(self.tokens) and self.tokens[i].text[0].isalpha() and self._joined(i) else None

    def _leading_thing(self, start: int, end: int) -> int:
        """1 when a run begins with a matter that ends like an organisation and a whole name follows ("Skoletransport Kari Moen")."""
        tokens = self.tokens
        if end - start < 3 or not THING.search(tokens[start].text.lower()) or len(tokens[start].text) < 7:
            return 0
        return int(tokens[start].word.is_organisation and tokens[start + 1].word.given == 3)

    def _is_firm_of_two(self, start: int, end: int) -> bool:
        """Whether a party field is "Kristiansen og Selmer": two family names."""
        tokens = self.tokens
        if not self.reading.is_party or len(tokens) != 3 or end - start != 1 or tokens[1].text.lower() not in ("og", "&"):
            return False
        return all(t.word.family and not t.word.given for t in (tokens[0], tokens[2]))

    def _is_organisation(self, start: int, end: int) -> bool:
        if any(t.word.is_organisation for t in self.tokens[start + self._leading_thing(start, end) : end]):
            return True
        following = self._next_word(end)
        if following is None:
            return end < len(self.tokens) and self.tokens[end].text == "&"
        lower = following.text.lower()
        if following.word.is_organisation or lower in _lexicon()["organisation_forms"] and lower in ("as", "asa", "ans"):
            return not following.word.is_office
        pair = self._next_word(end + 1)
        return lower in ("og", "&") and pair is not None and pair.text.lower() in ("sønner", "søner", "sønn", "co", "partners", "datter")

    def _is_office(self, start: int, end: int) -> bool:
        """Whether the words around a run say that it is an office-holder."""
        tokens, lists = self.tokens, _lexicon()
        i = start - 1
        if i >= 0 and tokens[i].text in (",", ":"):
            i -= 1
            # "leder i kontrollutvalget, X": an office within the same clause
            for k in range(i, max(i - 7, -1), -1):
                if tokens[k].text in (".", "-", "–", ";", ",") or "\n" in self.text[tokens[k].end : tokens[k + 1].start]:
                    break
                if tokens[k].word.is_office:
                    return not self._is_private_role(k)
        elif i >= 0 and tokens[i].word.is_office:
            return not self._is_private_role(i)
        else:
            # "leder av kontrollutvalget X", "kommunalsjef helse X": only words of the office between
            for k in range(i, max(i - 4, -1), -1):
                text = tokens[k].text
                if tokens[k].word.is_office:
                    return not self._is_private_role(k)
                if (
                    not text[0].isalpha()
                    or text.lower() in lists["person_leads"] - OFFICE_LINKS
                    or text in lists["person_verbs"]
                    or text in ("om", "og")
                ):
                    break
        if end < len(tokens):
            sign = tokens[end].text
            if sign in (",", "(") and end + 1 < len(tokens):
                code = tokens[end + 1].text
                closes = end + 2 >= len(tokens) or not tokens[end + 2].text[0].isalpha()
                if code.lower() in lists["party_codes"] and (code[0].isupper()) and closes:
                    return True
                return any(t.word.is_office and t.text[0].islower() for t in tokens[end + 1 : end + 3]) and not self._is_private_role(
                    end + 2
                )
        return False

    def _is_private_role(self, i: int) -> bool:
        """Whether the office at token i is one of private life ("daglig leder")."""
        before = self.tokens[i - 1].text.lower() if i else ""
        here = self.tokens[i].text.lower() if i < len(self.tokens) else ""
        return f"{before} {here}" in _lexicon()["private_roles"] or here in _lexicon()["private_roles"]

    def _by_given_name(self, start: int, end: int) -> list[tuple[int, int]]:
        tokens, found, i = self.tokens, [], start
        while i < end:
            word = tokens[i].word
            if not word.given or (word.is_place and word.given < 3 and not self._is_before_family(i, end)):
                i += 1
                continue
            j = i + 1
            while j < end and self._continues(i, j, end):
                j += 1
            while j > i + 1 and tokens[j - 1].word.is_particle and tokens[j - 1].text[0].islower():
                j -= 1
            if j - i >= 2 and self._is_enough(i, j):
                a = i
                if i > start and self._may_lead(i - 1, start):
                    a -= 1
                found.append((a, j))
                i = j
                continue
            if i > start and (word.given >= 2 or self.reading.is_party) and self._may_lead(i - 1, start) and j - i == 1:
                if not self.reading.shapes and (word.given < 3 or not tokens[i - 1].word.family):
                    i += 1
                    continue
                a = i - 1
                while (
                    a > start
                    and tokens[a - 1].word.may_be_family
                    and not tokens[a - 1].word.is_ordinary
                    and not tokens[a - 1].word.is_place
                ):
                    a -= 1
                found.append((a, j))
            i = max(j, i + 1)
        return [
            s for s in found if " ".join(t.text.lower() for t in tokens[s[0] : s[1]]).removesuffix("s") not in _lexicon()["never_people"]
        ]

    def _is_before_family(self, i: int, end: int) -> bool:
        following = self.tokens[i + 1].word if i + 1 < end else SIGN
        return following.may_be_family and not following.is_place and not following.is_ordinary

    def _continues(self, i: int, j: int, end: int) -> bool:
        """Whether token j goes on the name that began at i."""
        word = self.tokens[j].word
        if word.is_organisation or word.is_office or word.is_street:
            return False
        if word.given or word.family or word.is_unknown or word.is_initial or word.is_particle:
            return True
        if self.tokens[i].word.given < 3 or self.tokens[j].text.lower() in _lexicon()["never_names"]:
            return False
        goes_on = j + 1 < end and self.tokens[j + 1].word.may_be_family and not self.tokens[j + 1].word.is_ordinary
        return word.is_place or (word.is_ordinary and (self.reading.shapes or goes_on))

    def _is_enough(self, i: int, j: int) -> bool:
        first, others = self.tokens[i].word, [t.word for t in self.tokens[i + 1 : j] if not t.word.is_particle]
        if not others:
            return False
        if first.given == 3:
            return True
        if first.given == 2:
            return any(w.family or w.is_unknown or w.given >= 2 for w in others)
        return any(w.family or w.given == 3 or (w.is_unknown and self.reading.shapes) for w in others) and (
            not first.is_ordinary or any(not w.is_ordinary for w in others) or (self.reading.shapes and others[-1].family == 3)
        )

    def _may_lead(self, i: int, start: int) -> bool:
        """Whether token i, which stands before a given name, is a family name."""
        word = self.tokens[i].word
        if word.is_place and word.family < 3 or word.is_office or word.is_organisation:
            return False
        if word.is_ordinary and word.family < 3:
            return False
        at_start = i == start and (start == 0 or self.tokens[start - 1].text in DELIMITERS)
        return word.family >= 2 or ((word.is_unknown or word.family == 1) and (self.reading.shapes or not at_start))

    def _by_initial(self, start: int, end: int) -> list[tuple[int, int]]:
        tokens = self.tokens
        for i in range(start, end - 1):
            if not tokens[i].word.is_initial:
                continue
            j = i
            while j < end and tokens[j].word.is_initial:
                j += 1
            k = j
            while k < end and (tokens[k].word.may_be_family or tokens[k].word.is_particle) and not tokens[k].word.is_street:
                k += 1
            if (
                k == j
                and j < end
                and (self.reading.is_party or self._lead(i) in _lexicon()["person_leads"])
                and not tokens[j].word.is_office
            ):
                k += 1
            named = [t.word for t in tokens[j:k]]
            if not named or all(w.is_place and w.family < 3 for w in named):
                continue
            if self.reading.shapes or any(w.family >= 2 for w in named):
                a = i - 1 if i > start and tokens[i - 1].word.is_unknown and i - 1 > 0 else i
                return [(a, k)]
        return []

    def _by_shape(self, start: int, end: int) -> list[tuple[int, int]]:
        """A run that no list knows: a person by where it stands, when nothing in it is a word, a place or an organisation."""
        if not self.reading.shapes:
            return []
        tokens = self.tokens
        while end - start > 2 and tokens[start].word.is_ordinary and not tokens[start].word.family:
            start += 1
        words = [t.word for t in tokens[start:end]]
        solid = [w for w in words if not w.is_particle and not w.is_initial]
        if not 2 <= len(solid) <= 4 or any(w.is_place or w.is_organisation or w.is_office for w in solid):
            return []
        # an everyday word can be a family name, when what stands before it is built like a given name
        is_built = solid[0].is_unknown and not solid[0].is_compound and not solid[0].is_english and looks_given(tokens[start].text)
        plain = [w for w in solid if (w.is_ordinary and w.family < 3) or not (w.family or w.is_unknown or w.given)]
        if plain and not (is_built and plain == solid[-1:] and tokens[end - 1].text.lower() not in _lexicon()["never_names"]):
            return []
        if all(w.is_ordinary or w.is_compound or w.is_english for w in solid):
            return []
        if self._after_property(start) or self._after_place_lead(start):
            return []
        if (
            self.reading.is_party
            or self._is_alone_in_segment(start, end)
            or self._has_lead(start)
            or end == len(tokens)
            or self._has_verb(start, end)
        ):
            return [(start, end)]
        return []

    def _alone(self, start: int, end: int) -> list[tuple[int, int]]:
        """A single word: a person's in a party field that holds nothing else, or after "fra", "v/", "søker" in a title."""
        if end - start != 1 or not self.reading.shapes:
            return []
        word = self.tokens[start].word
        if word.is_place or word.is_ordinary and (word.given < 3 or word.family == 3) or max(word.given, word.family) < 2:
            return []
        if (
            self.reading.alone
            and self._is_alone_in_segment(start, end)
            and not (len(self.tokens[start].text) < 5 and self.tokens[start].text.isupper())
        ):
            return [(start, end)]
        before = self._lead(start)
        is_led = before in _lexicon()["person_leads_alone"] and not self._after_place_lead(start)
        return (
            [(start, end)]
            if is_led and (word.given == 3 or word.family == 2 or word.family == 3 and self.tokens[start].text.endswith("sen"))
            else []
        )

    def _is_alone_in_segment(self, start: int, end: int) -> bool:
        before = (
            start == 0
            or self.tokens[start - 1].text in DELIMITERS
            or self.tokens[start - 1].text[0].isdigit()
            or "\n" in self.text[self.tokens[start - 1].end : self.tokens[start].start]
        )
        after = (
            end == len(self.tokens)
            or self.tokens[end].text in DELIMITERS
            or self.tokens[end].text[0].isdigit()
            or self.tokens[end].text.lower() in ("m", "mfl", "og")
        )
        return before and after

    def _lead(self, start: int) -> str:
        i = start - 1
        while i >= 0 and self.tokens[i].text in (":", "/", ".", "(", '"'):
            i -= 1
        return self.tokens[i].text.lower() if i >= 0 else ""

    def _has_lead(self, start: int) -> bool:
        if self._lead(start) in _lexicon()["person_leads"]:
            return True
        # beside a person ("X Y og Z W")
        return bool(self.spans) and self.spans[-1][1] == start - 1 and self.tokens[start - 1].text.lower() in ("og", ",", "&", "/", "eller")

    def _has_verb(self, start: int, end: int) -> bool:
        """Whether the run begins its clause and does what persons do ("X Y søker om …")."""
        following = self._next_word(end)
        begins = start == 0 or self.tokens[start - 1].text in DELIMITERS or self.tokens[start - 1].text[0].isdigit()
        return begins and following is not None and following.text in _lexicon()["person_verbs"]

    def _after_property(self, start: int) -> bool:
        """Whether a number of a property (gnr 12 bnr 4) stands right before."""
        if start < 2 or not self.tokens[start - 1].text[0].isdigit() or not self._joined(start):
            return False
        back = {t.text.lower() for t in self.tokens[max(0, start - 6) : start]}
        return bool(back & {"gnr", "bnr", "gbnr", "gårdsnr", "bruksnr"}) or bool(PROPERTY.fullmatch(self.tokens[start - 1].text))

    def _after_place_lead(self, start: int) -> bool:
        """Whether a word that wants a place stands in the same clause before ("detaljregulering for …")."""
        leads = _lexicon()["place_leads"]
        for k in range(start - 1, max(start - 5, -1), -1):
            text = self.tokens[k].text
            if text in ("-", "–", "—", ";", ".") or text in (",", "/"):
                return False
            if text.lower() in ("i", "på", "ved", "mellom", "langs") and k == start - 1:
                return True
            if text.lower() in leads or (k == start - 1 and text.lower() in _lexicon()["place_leads_near"]):
                return True
        return False

    # ---- what reaches over runs

    def _read_reversed(self, runs: list[tuple[int, int]]) -> None:
        """ "Etternavn, Fornavn"."""
        tokens = self.tokens
        taken = {i for a, b in self.spans for i in range(a, b)}
        for (a, b), (c, d) in pairwise(runs):
            if c != b + 1 or tokens[b].text != "," or b - a > 2 or d - c > 3:
                continue
            while b - a == 2 and (tokens[a].word.is_ordinary or tokens[a].word.is_office):
                a += 1
            family, given = [t.word for t in tokens[a:b]], [t.word for t in tokens[c:d]]
            if any(
                not w.may_be_family or (w.is_place and w.family < 3) or (w.is_ordinary and w.family < 3) or w.is_organisation
                for w in family
            ):
                continue
            first, rest = given[0], given[1:]
            if not (first.may_be_given or first.is_initial or first.family in (1, 2)) or any(
                w.is_organisation or w.is_street for w in given
            ):
                continue
            if any(not (w.given or w.family or w.is_unknown or w.is_initial or w.is_ordinary) for w in rest):
                continue
            if first.family and not first.given and not self.reading.is_party:
                continue
            if {*range(a, b), *range(c, d)} <= taken:
                continue
            is_known = given[0].given >= 2 and (self.reading.shapes or family[0].family)
            isolated = (a == 0 or tokens[a - 1].text in DELIMITERS or tokens[a - 1].text.lower() in _lexicon()["person_leads"]) and (
                d == len(tokens) or tokens[d].text in DELIMITERS
            )
            if (
                is_known
                and (isolated or self.reading.shapes)
                or (self.reading.shapes and isolated and not (family[0].is_place and given[0].given < 2))
            ):
                self.spans = [s for s in self.spans if not (a <= s[0] < d)]
                self.spans.append((a, d))

    def _read_lower_case(self) -> None:
        """Names without capitals: a known given name and another name, alone in a party field or after "fra" in a title."""
        tokens, n = self.tokens, len(self.tokens)
        if not self.reading.shapes:
            return
        for i in range(n - 1):
            t = tokens[i]
            if not t.text[0].islower() or t.word.given < 3 or t.word.is_ordinary or not tokens[i + 1].text[0].islower():
                continue
            is_led = (self.reading.is_party and i == 0) or (i > 0 and tokens[i - 1].text.lower() in _lexicon()["person_leads"])
            j = i + 1
            while (
                j < n
                and j - i < 4
                and tokens[j].text[0].islower()
                and self._joined(j)
                and (
                    tokens[j].word.family >= 2
                    or tokens[j].word.is_unknown
                    or tokens[j].word.given >= 2
                    or (tokens[j].word.family and self.reading.is_party)
                )
            ):
                j += 1
            if is_led and j - i >= 2:
                self.spans.append((i, j))

    def _read_pairs(self, runs: list[tuple[int, int]]) -> None:
        """The first of "Kari og Ola Nordmann"."""
        starts = {a for a, _ in self.spans}
        for a, b in runs:
            if b - a != 1 or b + 1 >= len(self.tokens) or b + 1 not in starts or self.tokens[b].text.lower() not in ("og", "&", "/", ","):
                continue
            word = self.tokens[a].word
            if word.given >= 2 or (self.reading.shapes and (word.given or word.is_unknown)):
                self.spans.append((a, b))

    def _read_again(self, runs: list[tuple[int, int]]) -> None:
        """A masked person's single names further on; and an office-holder's full name without the title stays."""
        if self.office_names:
            self.spans = [s for s in self.spans if not any(t.text.lower() in self.office_names for t in self.tokens[s[0] : s[1]])]
        known = {
            t.text.lower() for a, b in self.spans if b - a > 1 for t in self.tokens[a:b]
            if len(t.text) > 3 and (not t.word.is_ordinary or t.word.given == 3) and not t.word.is_place and not t.word.is_particle
        }  # fmt: skip
        taken = {i for a, b in self.spans for i in range(a, b)}
        for a, b in runs:
            if (
                b - a == 1
                and a not in taken
                and self.tokens[a].text.lower().removesuffix("s") in known | {k.removesuffix("s") for k in known}
            ):
                following = self._next_word(b)
                if not (following and (following.word.is_organisation or following.word.is_street)):
                    self.spans.append((a, b))
