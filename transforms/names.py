"""Finding the names of private persons in Norwegian administrative text.

A text is read as words (`transforms.words`); words with capitals that stand together make a run. A run is a person when a given name says
so, or when its shape and place say so and nothing says organisation, place or office. How much is needed is the reading's matter: `party`
fields hold persons unless shown otherwise, a `title` needs a given name or a telling place, a `text` needs a known given name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from transforms.words import LETTER, ORDINARY_ENDING, Word, given_likeness, lexicon, look

WORD = re.compile(rf"(?:{LETTER}\.)+(?:{LETTER}\b\.?)?|{LETTER}+(?:['’´`\-‑]{LETTER}+)*|\d+(?:[./-]\d+)*|[^\s\w]|\S")
AL_NAME = re.compile(r"^(?:al|el|as|ad|an|bin|ibn|abu|d|o|mc|mac)['’\-][^\W\d_]{2,}", re.I)
PROPERTY = re.compile(r"(?!(?:19|20)\d\d/)\d{1,4}/\d{1,4}(?:/\d+)*")
SPACE = re.compile(r"^[ \u00a0]{1,3}$")


SIGN = Word()
# Likeness to given names (`words.given_likeness`) of an unlisted word that is taken for one: anywhere, and where a person is expected.
LIKE_GIVEN, PERHAPS_GIVEN = 0.1, -0.3
THING = re.compile(
    r"(?:drift|utvikling|transport|prosjekt|bygg|energi|nett|kraft|service|miljø|handel|eiendom|anlegg|teknikk|forsikring|tjenesten|tenesta|"
    r"grunnlag|forslag|avslag|anslag|utslag|overslag|bilag|oppslag|innslag|underlag|tillegg|verk|samband|revisjon)$"
)
PLACE_LINKS = frozenset({"i", "på", "ved", "nær", "mellom"})
MEMORIALS = frozenset({"hus", "fond", "legat", "minne", "minnefond", "galleri", "venner", "samling"})
OFFICE_LINKS = frozenset({"av", "ved", "for"})
DELIMITERS = frozenset('-–—/:;()|,.•\n"«»“”[]')


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


def tokens_of(text: str) -> list[Token]:
    """The words, numbers and signs of a text, each with what is known about it."""
    return [Token(m.start(), m.end(), m[0], look(m[0]) if m[0][0].isalpha() else SIGN) for m in WORD.finditer(text)]


def _reads_as_family(word: Word) -> bool:
    is_other = word.is_place or word.is_ordinary
    return word.may_be_family and not word.is_organisation and (word.family == 3 or not is_other)


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

    def _read_run(self, start: int, end: int) -> None:
        tokens, words = self.tokens, [t.word for t in self.tokens]
        if " ".join(t.text.lower() for t in tokens[start:end]).removesuffix("s") in lexicon()["never_people"]:
            return
        after_form = max((i for i in range(start, end - 1) if words[i].is_organisation and self._is_form(i)), default=None)
        if after_form is not None:
            start = after_form + 1
            if end - start < 2:
                return
        streets = [i for i in range(start, end) if words[i].is_street]
        if streets:
            at = streets[0]
            is_bare = tokens[at].text.lower() in lexicon()["streets"]
            if not is_bare and at - start >= 2:
                self._read_run(start, at)
            if at + 2 < end:
                self._read_run(at + 1, end)
            return
        following = self._next_word(end)
        if following and following.text.lower() in lexicon()["streets"]:
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
        return self.tokens[i].text.lower() in lexicon()["organisation_forms"] and self.tokens[i].text.isupper()

    def _next_word(self, i: int) -> Token | None:
        return self.tokens[i] if i < len(self.tokens) and self.tokens[i].text[0].isalpha() and self._joined(i) else None

    def _leading_thing(self, start: int, end: int) -> int:
        """1 when a run begins with a matter that ends like an organisation and a whole name follows ("Skoletransport Kari Moen")."""
        tokens = self.tokens
        if end - start < 3 or not THING.search(tokens[start].text.lower()) or len(tokens[start].text) < 7:
            return 0
        return int(tokens[start].word.is_organisation and tokens[start + 1].word.given == 3)

    def _ends_in_trade(self, start: int, end: int) -> bool:
        """Whether an everyday word follows a whole name: "Kjetil Østbø Graving"."""
        words = [t.word for t in self.tokens[start:end]]
        if len(words) >= 3 and self.tokens[end - 1].text.lower() in MEMORIALS and self.tokens[end - 2].text.endswith("s"):
            return True
        if len(words) < 3 or words[-1].family or words[-1].given or len(self.tokens[end - 1].text) < 5:
            return False
        is_trade = words[-1].is_ordinary or words[-1].is_compound or words[-1].is_english
        return is_trade and bool(words[-2].family) and not words[-2].given and bool(words[-3].given)

    def _is_firm_of_two(self, start: int, end: int) -> bool:
        """Whether a party field is "Kristiansen og Selmer": two family names."""
        tokens = self.tokens
        if not self.reading.is_party or len(tokens) != 3 or end - start != 1 or tokens[1].text.lower() not in ("og", "&"):
            return False
        return all(t.word.family and not t.word.given for t in (tokens[0], tokens[2]))

    def _is_organisation(self, start: int, end: int) -> bool:
        if any(t.word.is_organisation for t in self.tokens[start + self._leading_thing(start, end) : end]):
            return True
        if self._ends_in_trade(start, end):
            return True
        following = self._next_word(end)
        if following is None:
            return end < len(self.tokens) and self.tokens[end].text == "&"
        lower = following.text.lower()
        if following.word.is_organisation or (lower in lexicon()["organisation_forms"] and lower in ("as", "asa", "ans")):
            return not following.word.is_office
        pair = self._next_word(end + 1)
        return lower in ("og", "&") and pair is not None and pair.text.lower() in ("sønner", "søner", "sønn", "co", "partners", "datter")

    def _is_office(self, start: int, end: int) -> bool:
        """Whether the words around a run say that it is an office-holder."""
        tokens, lists = self.tokens, lexicon()
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
        return f"{before} {here}" in lexicon()["private_roles"] or here in lexicon()["private_roles"]

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
                if i > start and self._may_lead(i - 1, start) and not self._is_plain_beginning(i - 1):
                    a -= 1
                found.append((a, j))
                i = j
                continue
            if i > start and j - i == 1 and self._is_reversed(i, start):
                a = i - 1
                while a > start and self._may_precede(a - 1):
                    a -= 1
                found.append((a, j))
            i = max(j, i + 1)
        return found

    def _is_reversed(self, i: int, start: int) -> bool:
        """Whether the given name at i follows its family name ("Moen Kari")."""
        word, family = self.tokens[i].word, self.tokens[i - 1].word
        if not self._may_lead(i - 1, start):
            return False
        if self.reading.is_party or (self.reading.shapes and word.given >= 2):
            return True
        if self.reading.shapes or not family.family:
            return False
        return word.given == 3 or (word.given == 1 and not family.is_ordinary and not self._after_place_lead(start))

    def _may_precede(self, i: int) -> bool:
        word = self.tokens[i].word
        return word.may_be_family and not word.is_ordinary and not word.is_place

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
        if max(t.word.given for t in self.tokens[i:j]) < 3 or self.tokens[j].text.lower() in lexicon()["never_names"]:
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
            return any(w.family or (w.is_unknown and not w.is_english) or w.given >= 2 for w in others)
        takes_unknown = self.reading.shapes or not self._begins_sentence(i)
        return any(w.family or w.given == 3 or (w.is_unknown and not w.is_english and takes_unknown) for w in others) and (
            not first.is_ordinary or any(not w.is_ordinary for w in others) or (self.reading.shapes and others[-1].family == 3)
        )

    def _may_be_surname_of(self, i: int, start: int) -> bool:
        """Whether an everyday word or a place is the family name of the sure given name after it, for it stands where persons do."""
        text = self.tokens[i].text.lower()
        if not self.reading.shapes or self.tokens[i + 1].word.given < 3 or i != start or len(text) > 10:
            return False
        if text in lexicon()["never_names"] or text in lexicon()["place_words"] or ORDINARY_ENDING.search(text):
            return False
        return self.reading.is_party or self._has_lead(i) or self._is_alone_in_segment(i, i + 2)

    def _is_plain_beginning(self, i: int) -> bool:
        """Whether token i is an everyday word that begins its sentence: no family name before a whole name ("Ring Kari Moen")."""
        is_plain = self.tokens[i].word.is_ordinary and not self.tokens[i].text.lower().endswith("sen")
        return is_plain and self._begins_sentence(i) and not self.reading.is_party

    def _begins_sentence(self, i: int) -> bool:
        return (
            i == 0
            or self.tokens[i - 1].text in (".", "!", "?", ":", "•", "-", "–")
            or "\n" in self.text[self.tokens[i - 1].end : self.tokens[i].start]
        )

    def _may_lead(self, i: int, start: int) -> bool:
        """Whether token i, which stands before a given name, is a family name."""
        word = self.tokens[i].word
        if word.is_office or word.is_organisation:
            return False
        if (word.is_place or word.is_ordinary) and word.family < 3:
            return self._may_be_surname_of(i, start)
        if self.tokens[i + 1].word.given == 1 and not word.family:
            return False
        at_start = i == start and (start == 0 or self.tokens[start - 1].text in DELIMITERS)
        return word.family >= 1 or (word.is_unknown and (self.reading.shapes or not at_start))

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
                and (self.reading.is_party or self._lead(i) in lexicon()["person_leads"])
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
        places = [w for w in solid if w.is_place]
        if places and self._is_before_surname(start, end, places):
            places = []
        if not 2 <= len(solid) <= 4 or places or any(w.is_organisation or w.is_office for w in solid):
            return []
        is_wordy = any(w.is_compound or w.is_english for w in solid)
        if is_wordy and not any(
            w.family or w.given or (w.is_unknown and given_likeness(t.text) > LIKE_GIVEN)
            for w, t in zip(words, tokens[start:end], strict=True)
        ):
            return []
        last = solid[-1]
        is_trade = (last.is_english or last.is_compound) and not last.family and not last.given
        if is_trade and not solid[0].given and given_likeness(tokens[start].text) <= LIKE_GIVEN:
            return []
        is_expected = self.reading.is_party or self._has_lead(start)
        floor = PERHAPS_GIVEN if is_expected else LIKE_GIVEN
        # an everyday word can be a family name, when what stands before it is built like a given name
        is_built = (
            solid[0].is_unknown and not solid[0].is_compound and not solid[0].is_english and given_likeness(tokens[start].text) > floor
        )
        plain = [w for w in solid if (w.is_ordinary and w.family < 3 and not w.given) or not (w.family or w.is_unknown or w.given)]
        if plain and not (is_built and plain == solid[-1:] and tokens[end - 1].text.lower() not in lexicon()["never_names"]):
            return []
        if all(w.is_ordinary or (w.is_compound and not w.family) or w.is_english for w in solid):
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

    def _is_before_surname(self, start: int, end: int, places: list[Word]) -> bool:
        """Whether the one place in a run is its last word, can be a family name, and follows what is built like a given name."""
        first, last = self.tokens[start].word, self.tokens[end - 1].word
        return (
            places == [last] and bool(last.family or last.is_farm) and first.is_unknown and not first.is_compound and not first.is_english
            and given_likeness(self.tokens[start].text) > LIKE_GIVEN
        )  # fmt: skip

    def _alone(self, start: int, end: int) -> list[tuple[int, int]]:
        """A single word: a person's in a party field that holds nothing else, or after "fra", "v/", "søker" in a title."""
        if end - start != 1 or not self.reading.shapes:
            return []
        word = self.tokens[start].word
        if word.is_place or (word.is_ordinary and (word.given < 3 or word.family == 3)) or max(word.given, word.family) < 2:
            return []
        if (
            self.reading.alone
            and self._is_alone_in_segment(start, end)
            and not (len(self.tokens[start].text) < 5 and self.tokens[start].text.isupper())
        ):
            return [(start, end)]
        before = self._lead(start)
        is_led = before in lexicon()["person_leads_alone"] and not self._after_place_lead(start)
        return (
            [(start, end)]
            if is_led and (word.given == 3 or word.family == 2 or (word.family == 3 and self.tokens[start].text.endswith("sen")))
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
        if self._lead(start) in lexicon()["person_leads"]:
            return True
        # beside a person ("X Y og Z W")
        return bool(self.spans) and self.spans[-1][1] == start - 1 and self.tokens[start - 1].text.lower() in ("og", ",", "&", "/", "eller")

    def _has_verb(self, start: int, end: int) -> bool:
        """Whether the run begins its clause and does what persons do ("X Y søker om …")."""
        following = self._next_word(end)
        begins = start == 0 or self.tokens[start - 1].text in DELIMITERS or self.tokens[start - 1].text[0].isdigit()
        return begins and following is not None and following.text in lexicon()["person_verbs"]

    def _after_property(self, start: int) -> bool:
        """Whether a number of a property (gnr 12 bnr 4) stands right before."""
        if start < 2 or not self.tokens[start - 1].text[0].isdigit() or not self._joined(start):
            return False
        back = {t.text.lower() for t in self.tokens[max(0, start - 6) : start]}
        return bool(back & {"gnr", "bnr", "gbnr", "gårdsnr", "bruksnr"}) or bool(PROPERTY.fullmatch(self.tokens[start - 1].text))

    def _after_place_lead(self, start: int) -> bool:
        """Whether a word that wants a place stands in the same clause before ("detaljregulering for …")."""
        leads = lexicon()["place_leads"]
        for k in range(start - 1, max(start - 5, -1), -1):
            text = self.tokens[k].text
            if text in ("-", "–", "—", ";", ".") or text in (",", "/"):
                return False
            if text.lower() in ("i", "på", "ved", "mellom", "langs") and k == start - 1:
                return True
            if text.lower() in leads or (k == start - 1 and text.lower() in lexicon()["place_leads_near"]):
                return True
        return False

    def _read_reversed(self, runs: list[tuple[int, int]]) -> None:
        """ "Etternavn, Fornavn"."""
        tokens = self.tokens
        for (a, b), (c, d) in pairwise(runs):
            if c != b + 1 or tokens[b].text != "," or b - a > 2 or d - c > 3:
                continue
            while b - a == 2 and (tokens[a].word.is_ordinary or tokens[a].word.is_office):
                a += 1
            family, given = [t.word for t in tokens[a:b]], [t.word for t in tokens[c:d]]
            if not all(map(_reads_as_family, family)) or not self._reads_as_given(given) or self._is_taken(a, d):
                continue
            before = tokens[a - 1].text.lower() if a else ""
            begins = not before or before in DELIMITERS or before in lexicon()["person_leads"]
            ends = d == len(tokens) or tokens[d].text in DELIMITERS or tokens[d].text.lower().rstrip(".") in ("m", "mfl")
            sureness = max(w.given for w in given)
            is_sure = sureness in (1, 3) and before not in PLACE_LINKS and all(w.given or w.is_initial for w in given)
            if self.reading.shapes:
                is_person = sureness >= 2 or (begins and (ends or bool(before)) and not (family[0].is_place and sureness < 2))
            else:
                is_person = bool(is_sure and self._stands_apart(c) and (family[0].family or not family[0].is_compound))
            if is_person:
                self.spans = [s for s in self.spans if not (a <= s[0] < d)]
                self.spans.append((a, d))

    def _stands_apart(self, i: int) -> bool:
        return self.tokens[i - 1].end < self.tokens[i].start

    def _is_taken(self, start: int, end: int) -> bool:
        """Whether one span covers all of it already."""
        return any(a <= start and end <= b for a, b in self.spans)

    def _reads_as_given(self, words: list[Word]) -> bool:
        """Whether words after a comma can be given names (the first) and middle names (the others)."""
        first, rest = words[0], words[1:]
        if any(w.is_organisation or w.is_street for w in words):
            return False
        if not (first.may_be_given or first.is_initial or (self.reading.is_party and first.family in (1, 2))):
            return False
        return all(w.given or w.family or w.is_unknown or w.is_initial or w.is_ordinary for w in rest)

    def _read_lower_case(self) -> None:
        """Names without capitals: a known given name and another name, alone in a party field or after "fra" in a title."""
        tokens, n = self.tokens, len(self.tokens)
        if not self.reading.shapes:
            return
        for i in range(n - 1):
            t = tokens[i]
            if not t.text[0].islower() or t.word.given < 3 or t.word.is_ordinary or not tokens[i + 1].text[0].islower():
                continue
            is_led = (self.reading.is_party and i == 0) or (i > 0 and tokens[i - 1].text.lower() in lexicon()["person_leads"])
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
