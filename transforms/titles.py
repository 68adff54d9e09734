"""The sentence a candidate is known by: who did what, and when, in words of its texts.

A sentence of the evidence is taken when it can stand alone: its actor is the body, it says that something is done, and it refers to nothing
before it. "Kommunen" and "vi" give way to the body's own name, a council without a place gets it; no other word is changed. When no
sentence can stand alone, the title is put together of the body's name, a verb, the practice and the name the text gives itself; that the
body has the practice is said only of a text that shows it doing something, else only where the text stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from transforms import linking, matching

LONGEST, SHORTEST, COMFORTABLE, LEAST_BEFORE_COLON, FARTHEST = 200, 30, 140, 70, 60
LEAST = 2.4
BARE = 2  # a heading of so few words ("Kommunestyret", "Kontakt oss") says nothing of what its page tells
VERBS = {
    "nb": {"planned": "planlegger", "adopted": "har vedtatt", "in operation": "har", "ended": "har avviklet"},
    "nn": {"planned": "planlegg", "adopted": "har vedteke", "in operation": "har", "ended": "har avvikla"},
}
# What a text shows by standing where it stands.
TELLS = {
    "nb": {"journal_entries": "har journalført", "agenda_items": "har på sakslisten", "datasets": "har registrert datasettet",
           "notices": "har kunngjort"},
    "nn": {"journal_entries": "har journalført", "agenda_items": "har på sakslista", "datasets": "har registrert datasettet",
           "notices": "har kunngjort"},
}  # fmt: skip


def _one_of(words: str) -> str:
    """An expression for any of the words; "_" is a blank inside one."""
    return "(?:" + "|".join(words.split()).replace("_", " ") + ")"


TRAILER = re.compile(r"\s*[(\[](?:pdf|docx?|xlsx?|odt|csv|zip)\b[^)\]]*[)\]]", re.IGNORECASE)
_DECIDES = _one_of(
    r"vedtok vedtatt vedtatte vedteke bestemte bestemt besluttet beslutta innfør\w* åpn(?:et|er|a) opn(?:a|ar) lanser\w+"
    r" løyvde løyver bevil(?:get|ger)"
    r" publiser\w* inngå\w* inngjekk inngikk opprett\w+ offentliggj\w+ offentleggj\w+ deler delte delt fører førte sende?r?"
    r" sendte laget laga gav ga"
    r" arranger\w+ legger_ut legg_ut la_ut lagt_ut samlet samla skanna skannet"
)
_DOES = _one_of(
    r"start(?:et|a|er|ar) legge?r? la lagt gjev gir lager lagar holdt held holder gjennomfør\w+ viser? synte krev(?:er|de)?"
    r" bruk(?:er|te|ar) tok tar tek har"
    r" strøym\w+ strømmer byr tilbyr tilbyd kartla invitert\w* trakk trekk\w* svarer svarar skriv skriver skrev sjekker"
    r" sjekkar kontroller\w+ rapporter\w+"
    r" endret endra spør spurte fordel\w+ lever\w+ sa gjorde samler samlar"
)
STRONG, ACTS = (re.compile(rf"\b{verbs}\b", re.IGNORECASE) for verbs in (_DECIDES, f"(?:{_DECIDES}|{_DOES})"))
_ORGAN = _one_of(
    "Kommunestyret Bystyret Formannskapet Fylkestinget Fylkesutvalget Fylkesutvalet Kontrollutvalget Kontrollutvalet Byrådet Ungdomsrådet"
    " Ungdommens_kommunestyre Kommunedirektøren Fylkesdirektøren Ordføreren Ordføraren"
)
ORGAN = re.compile(rf"\b{_ORGAN}\b(?! (?:i|og|for) [A-ZÆØÅ])", re.IGNORECASE)
BODY_ITSELF = re.compile(r"\b(?:kommunen|fylkeskommunen|heradet)\b", re.IGNORECASE)
# After these the body is not the one who acts.
NOT_SUBJECT = re.compile(
    rf"\b{_one_of('i for av til på hele heile fra frå med om hos ved mot mellom og eller enn gir gav ga både samt utenfor under')}\s$",
    re.IGNORECASE,
)
FRONTED = re.compile(rf"(?:{_one_of('Siden Sidan Fra Frå I Den Hver Kvar Hvert Kvart Etter Med Som Da Då Ved På')}|\d)\b")
# Masked names, and who holds an office: a title names nobody.
NAMES_SOMEBODY = re.compile(r"\[\w+\]|\*\*|\bfylkesordfør\w+\b|\bordfør\w+\b|\brådmann\w*\b", re.IGNORECASE)
FIGURE = re.compile(r"\d\d|\b[1-9]\d* \w")
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
WE, OURS = re.compile(r"\b[Vv]i\b"), re.compile(r"\b(?:oss|vår|vårt|våre|våra|du|deg|din|ditt|dine)\b", re.IGNORECASE)
_PRONOUN_ALONE = (
    r"\b(?:det|den|de|dei|dem|han|ho|hun|deira)(?=\s*(?:[.,;:!?)]|$)|\s(?:"
    + _one_of(
        "i på til av for med om fra frå ved er var ble blir vart vert har hadde skal skulle kan kunne må vil ville ikke ikkje"
        " også òg når da då"
        " etter sist siden sidan igjen att selv sjølv"
    )
    + rf"|\d{{1,2}}\. ?(?:{'|'.join(linking.MONTHS)}))\b)"
)
_FIRST_WORDS = _one_of(
    "Det De Dei Dette Denne Disse Desse Der Her Slik Sånn Så Han Hun Ho Også Men Og Eller Begge Samtidig Samstundes Resultatet Siste Neste"
    " Etterpå Deretter Nå No Utvalget Utvalet Ordningen Ordninga Både"
)
_POINTING = _one_of(
    r"dette denne disse desse derfra derifrå herfra slik slike samm?e(?!_dag|_kveld) nedenfor nedanfor difor derfor dermed likevel her"
    r" de_andre dei_andre det_andre"
)
_TAKEN_UP = _one_of(
    "vedtok vedtatte gjorde gjort bestemte bestemt behandlet handsama fulgte følge følgde følgje godkjente godkjende vedteke"
    " vedtatt stod_bak står_bak"
    " laget laga ført fører tok"
)
_KNOWN_THING = _one_of(
    "ordningen ordninga avgjørelsen avgjerda vedtaket programmet rammen ramma rapporten saken saka forslaget framlegget"
    " planen vilkåret vilkårene"
    " vilkåra kravene krava rådene råda avtalen avtala reglene reglane strategien listen lista anbefalingene tilrådingane"
    " løsningen løysinga registeret"
    " portalen rutinen tiltaket stillingen stillinga retningslinjene retningslinene erklæringen erklæringa oversikten"
    " oversynet tallene tala"
)
_SEVERAL = _one_of("anbefalingene tilrådingane rådene råda kravene krava punktene punkta tallene tala navnene namna")
# Also what says that something is not done, and money for what is not said.
REFERS_BACK = re.compile(
    rf"^(?:{_FIRST_WORDS}|Den(?! \d))\b|\b{_POINTING}\b|\b(?:under|over)\.|{_PRONOUN_ALONE}|\b(?:har|er|kan|vil|skal) ikk(?:e|je)\b"
    rf"|\b{_TAKEN_UP}\s+(?:alle\s+|å følge alle\s+|nylig\s+)?{_KNOWN_THING}\b"
    rf"|\b(?:alle|begge|ført|lest inn|lese inn)\s+(?:\w+\s+)?{_SEVERAL}\b"
    r"|\b(?:bevilget|løyvde|satt? av|sett av|sette av)\s+[\d, ]+(?:millioner |millionar )?kroner(?!\s+(?:\w+\s+)?(?:til|for|på)\b)",
    re.IGNORECASE,
)
_STARTS_SMALL = re.compile(r"(?<![.!?:\n])[ \t]*\n(?=[a-zæøå\d])")
_BEFORE_NUMBER = re.compile(r"(?<=[a-zæøå)][.!])(?<!\bnr\.)(?<!\bkl\.)(?<!\bca\.)(?<!\bpkt\.)(?<!\bkap\.) (?=\d)")


@dataclass(frozen=True)
class Text:
    """One document of the candidate: its own title, its text, the words of the practice that were found in the text, and the passages that
    show the practice. `kind` is the table it stands in."""

    title: str
    body: str
    terms: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    kind: str = "pages"


def of(
    texts: Iterable[Text], *, name: str, practice: str, status: str, date_words: str, language: str = "nb",
    is_shown: bool = True,
) -> str:  # fmt: skip
    """The title. `texts` has the main document first; `name` is the body's whole name ("Fjordvik kommune", "" when it is not known).

    `practice` is what the practice is called in the language of the text; `is_shown`: the texts show that the body does something of it.
    """
    listed = list(texts)
    best, chosen = 0.0, ""
    for rank, text in enumerate(listed):
        for sentence in _sentences(text):
            told = named(sentence, name)
            points = _points(told, name, text, date_words) - 1.2 * (rank > 0) if told else 0.0
            if points > best:
                best, chosen = points, told
    if best >= LEAST:
        return chosen if _is_dated(chosen) or YEAR.search(chosen) or not date_words else f"{chosen[:-1]} ({date_words}){chosen[-1]}"
    return _put_together(listed[0], name, practice if is_shown else "", status, date_words, language)


def plain(title: str) -> str:
    """A document's title without the kind and size of its file, and without a full stop."""
    return " ".join(TRAILER.sub("", title).split()).rstrip(".:")


def short_of(name: str) -> str:
    """'Fjordvik' of 'Fjordvik kommune'."""
    return re.sub(r" (?:fylkes)?(?:kommune|herad)$", "", name)


def named(sentence: str, name: str) -> str:
    """The sentence with the body's name for "kommunen" and "vi", and its place after a council's; "" when it cannot stand alone."""
    if REFERS_BACK.search(sentence) or not name:
        return ""
    short = short_of(name)
    if len(WE.findall(sentence)) == 1 and not OURS.search(sentence):
        itself = "fylkeskommunen" if name.endswith("fylkeskommune") else "heradet" if name.endswith("herad") else "kommunen"
        return WE.sub(itself if name in sentence else name, sentence)
    if WE.search(sentence):
        return ""
    itself = BODY_ITSELF.search(sentence)
    if itself and not NOT_SUBJECT.search(sentence[: itself.start()]):
        sentence = sentence[: itself.start()] + name + sentence[itself.end() :]
    organ = ORGAN.search(sentence)
    if organ and not re.search(rf"\b{re.escape(short)}", sentence):
        sentence = f"{sentence[: organ.end()]} i {short}{sentence[organ.end() :]}"
    return sentence


def _sentences(text: Text) -> Iterator[str]:
    """Whole sentences of the text; lines that a file's page broke are one."""
    heading = plain(text.title).casefold()
    whole = (" ".join(sentence.split()) for sentence in matching.sentences(_STARTS_SMALL.sub(" ", text.body)))
    for told in (_shorter(piece) for sentence in whole for piece in _BEFORE_NUMBER.split(sentence)):
        if SHORTEST <= len(told) <= LONGEST and told[-1] in ".!" and told[0].isupper() and told.rstrip(".!").casefold() != heading:
            yield told


def _shorter(sentence: str) -> str:
    """A long sentence without the list or the explanation after its colon."""
    head = sentence.partition(": ")[0]
    return f"{head}." if len(sentence) > COMFORTABLE and LEAST_BEFORE_COLON <= len(head) < len(sentence) else sentence


def _points(sentence: str, name: str, text: Text, date_words: str) -> float:
    """How well a sentence tells who did what and when; 0 when the body is not the one who acts."""
    where, end = _actor_at(sentence, name)
    if where < 0 or len(sentence) > LONGEST or not ACTS.search(sentence) or sentence[end : end + 1] == ",":
        return 0.0
    before = sentence[:where].split()
    if where and not (FRONTED.match(sentence) and where <= FARTHEST):
        return 0.0
    first = 2.0 if not where else 1.8 if ACTS.fullmatch(before[-1]) else 1.2
    is_told = any(term in sentence.casefold() for term in text.terms)
    is_shown = not text.terms and any(sentence[len(name) :] in passage or passage in sentence for passage in text.shown)
    dated = 1.5 if date_words and date_words in sentence else 1.2 if _is_dated(sentence) else 0.5 if YEAR.search(sentence) else 0.0
    if not dated and not is_told and not is_shown:
        return 0.0
    return (
        first
        + dated
        + 0.6 * (is_shown and bool(FIGURE.search(sentence)))
        + 0.8 * bool(STRONG.search(sentence))
        + 0.9 * is_told
        - max(0, len(sentence) - COMFORTABLE) / 60
        - 0.5 * bool(OURS.search(sentence))
    )


def _actor_at(sentence: str, name: str) -> tuple[int, int]:
    """Where the body or one of its councils stands as the one who acts; (-1, -1) when it does not."""
    short = re.escape(short_of(name))
    kind = _one_of("fylkeskommune kommune herad kommunestyre bystyre formannskap fylkesting")
    place = rf"(?<![Ii] )(?<!for )(?<!av )\b{short}(?: {kind})?\b|\b{_ORGAN}"
    found = re.search(place, sentence, re.IGNORECASE)
    return found.span() if found else (-1, -1)


def _first_shown(text: Text) -> str:
    """The first passage of a text that shows the practice and can stand alone; "" when none can."""
    whole = [p for p in text.shown if SHORTEST <= len(p) <= COMFORTABLE and p[0].isupper() and p.endswith(".") and "«" not in p]
    alone = [p for p in whole if p in text.body and not REFERS_BACK.search(p) and not NAMES_SOMEBODY.search(p)]
    return min(alone, key=text.body.index, default="")


def _is_dated(sentence: str) -> bool:
    return bool(linking.FULL_DATE.search(sentence) or linking.MONTH_YEAR.search(sentence) or linking.CASE.search(sentence))


def _put_together(text: Text, name: str, practice: str, status: str, date_words: str, language: str) -> str:
    """A text whose heading does not name the practice is only told of: that the body has the practice is our reading and not its claim."""
    verbs, tells = VERBS[language], TELLS[language].get(text.kind, "opplyser om")
    dated = f" ({date_words})" if date_words else ""
    actor, subject = name or "Kommunen", plain(text.title)
    if not practice or not any(term in subject.casefold() for term in text.terms):
        shown = _first_shown(text) if text.kind == "pages" and len(subject.split()) <= BARE else ""
        return f"{actor} opplyser under «{subject}»: «{shown}»" if shown else f"{actor} {tells} «{subject}»{dated}."
    thing = next(part for part in practice.split(" / ") if not part.endswith("-"))
    thing = thing if thing[:2].isupper() else thing[0].lower() + thing[1:]
    return f"{actor} {verbs[status]} {thing}: «{subject}»{dated}."
