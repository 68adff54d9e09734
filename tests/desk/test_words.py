"""The texts: both languages say the same things, and nothing the other rooms write is left unsaid."""

from __future__ import annotations

import ast
import inspect
import re
from datetime import UTC, date, datetime
from string import Formatter

import pytest

from catalogue import authorities, labels, rubric
from desk import explain, seal
from desk.blocks import fill, prose, text_of
from desk.shortlist import Body
from desk.weighing import name_of
from desk.words import words, year_later
from extractors.contract import Outcome
from extractors.fetch import archive
from transforms import candidates, documents


def flat(table, path=""):
    for key, value in table.items():
        if isinstance(value, dict):
            yield from flat(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", value


def slots(text) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name} if isinstance(text, str) else set()


def test_bokmaal_and_nynorsk_have_the_same_texts_with_the_same_values():
    nb, nn = dict(flat(words("nb").texts)), {k: v for k, v in flat(words("nn").texts) if not k.startswith(("part.", "why."))}
    assert nb.keys() == nn.keys()
    assert {k for k in nb if slots(nb[k]) != slots(nn[k])} == set()
    assert {k for k, _ in flat(words("en").texts) if not k.startswith(("part.", "why."))} <= nb.keys()


def said_of_a_document():
    """Every sentence that says why a document could not be made again from the archive."""
    for module in (explain, seal, archive):
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("_Lost", "ArchiveDamaged", "ArchiveErased"):
                yield from sentences(node.args[0])
            for keyword in getattr(node, "keywords", ()):
                if keyword.arg == "differences" and isinstance(keyword.value, ast.Tuple):
                    yield from (text for each in keyword.value.elts for text in sentences(each))
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "said":
                yield from sentences(node.value)


def test_why_a_document_is_another_is_said_in_both_languages():
    said = set(said_of_a_document())
    assert len(said) > 10
    assert said == set(words("nb").get("difference")) == set(words("nn").get("difference"))
    assert words("nb").difference("no run is known for batch b{1}") == "ingen kjøring er kjent for bunken b{1}"


def test_every_practice_has_its_legal_floor_in_both_languages():
    slugs = {p.slug for p in rubric.load().practices}
    assert set(words("nb").get("floor")) == set(words("nn").get("floor")) == slugs


def sentences(node):
    """The texts an expression can be, with `{}` for what is filled in."""
    match node:
        case ast.IfExp():
            yield from (*sentences(node.body), *sentences(node.orelse))
        case ast.JoinedStr():
            yield "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
        case ast.Constant():
            yield node.value


def said_of_a_score():
    """(names of parts, reasons) that `transforms.candidates` can write: those of its tables and those that stand in its code."""
    names, reasons = {candidates.ANY_NAME, *candidates.TEST_NAMES.values(), *candidates.COUNTER_NAMES.values()}, set()
    for node in ast.walk(ast.parse(inspect.getsource(candidates))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "add":
            names.update(sentences(node.args[0]))
            reasons.update(sentences(node.args[2]))
        elif isinstance(node, ast.Dict):
            told = dict(zip([k.value if isinstance(k, ast.Constant) else "" for k in node.keys], node.values, strict=True))
            reasons.update(sentences(told["words"]) if {"kind", "words"} <= told.keys() else ())
    return names, {r for r in reasons if re.search(r"[a-zæøå]", re.sub(r"«.*?»", "", r)) or "«" in r.replace("«{}»", "")}


@pytest.mark.parametrize("lang", ["nn", "en"])
def test_what_the_score_says_in_bokmaal_can_be_said_in_nynorsk_and_english(lang):
    names, reasons = said_of_a_score()
    assert "Bare en tittel" in names and {"treff på {}", "samme tekst hos {} andre: {}"} <= reasons
    assert names == set(words(lang).get("part")) and reasons == set(words(lang).get("why"))
    assert {r: said for r, said in words(lang).get("why").items() if r.count("{}") != said.count("{}")} == {}
    assert set(candidates.COUNTER_NAMES) <= set(words("nb").get("counter")) & set(words("en").get("counter"))
    assert all(words("nb").label("source_type", kind) == name for kind, name in candidates.SOURCE_NAMES.items())
    assert all("en" in labels.groups()["source_type"][kind] for kind in candidates.SOURCE_NAMES)


def test_a_reason_is_retold_and_the_words_of_a_source_stay():
    nn, en = words("nn"), words("en")
    assert nn.retold("egen nettside, postliste") == "eiga nettside, postliste"
    assert en.reason("Flere kilder: egen nettside, postliste") == "Several sources: own web page, mail journal"
    assert en.reason("Handling: «postliste: vedtok»") == "Action: «postliste: vedtok»"
    assert en.reason("Konkret: 2 tall og 1 datoer eller saksnumre i hoveddokumentet").endswith(
        "2 numbers and 1 dates or case numbers in the main document"
    )
    nearest = "Praksisen er ikke nevnt ved navn: nærmeste praksis er Tall {og} presse, mer, etter feltets vanlige ord"
    assert en.reason(nearest) == "The practice is not named: the nearest practice is Tall {og} presse, mer, by the usual words of its field"
    assert words("nb").reason(nearest) == nearest


def test_every_kind_of_source_and_every_outcome_has_a_name():
    kinds = {*documents.SOURCE_TYPES.values(), *documents.TYPE_OF_PLATFORM.values()}
    for lang in ("nb", "nn"):
        assert kinds <= set(words(lang).get("source_type")) and {o.value for o in Outcome} <= set(words(lang).get("outcome"))


def test_nothing_is_said_of_what_was_not_seen():
    for lang in ("nb", "nn"):
        texts = [v for _, v in flat(words(lang).texts) if isinstance(v, str)]
        assert not [t for t in texts if "kommunen har ikke" in t.lower() or "kommunen har ikkje" in t.lower()]


def test_only_our_own_words_are_read_for_italics_and_slots():
    assert [r.italic for r in prose("fri (*ikke kontrollert*)")] == [False, True, False]
    assert text_of(fill("«{quote}» *sagt*", quote="{name} *stjerner*")) == "«{name} *stjerner*» sagt"
    with pytest.raises(KeyError):
        fill("{missing}")


def test_numbers_and_days_are_written_the_norwegian_way():
    w = words("nb")
    assert (w.number(9999), w.number(12500), w.points(61.5), w.points(-4.0, signed=True)) == ("9999", "12\u202f500", "61,5", "−4")
    assert w.period(date(2026, 9, 15), date(2026, 10, 15)) == "15. september–15. oktober 2026"
    assert w.moment("2026-10-14T22:30:00") == "15. oktober 2026 klokka 00.30"
    assert w.day(datetime(2026, 10, 14, 22, 30, tzinfo=UTC)) == "15. oktober 2026"
    assert year_later(date(2028, 2, 29)) == date(2029, 2, 28)
    assert (w.join([]), w.join(["a"]), w.join(["a", "b", "c"])) == ("", "a", "a, b og c")


def test_a_body_is_called_by_its_name():
    assert name_of(Body(orgnr="1", name="Fjordvik", roles=("kommune",))) == "Fjordvik kommune"
    assert name_of(Body(orgnr="2", name="Vestre fylkeskommune", roles=("fylkeskommune",))) == "Vestre fylkeskommune"
    assert name_of(Body(orgnr="4", name="Heiane", name_nn="Heiane herad", roles=("kommune",))) == "Heiane herad"
    bodies = {a.orgnr: name_of(Body(orgnr=a.orgnr, name=a.name, name_nn=a.name_nn, roles=a.roles)) for a in authorities.load().current}
    assert [bodies[o] for o in ("971159928", "960510542", "944233199", "864338712")] == [
        "Ulvik herad",
        "Voss herad",
        "Kvam herad",
        "Osterøy kommune",
    ]
    assert name_of(Body(orgnr="3", name="Storby", roles=("kommune", "fylkeskommune"))) == "Storby kommune"
