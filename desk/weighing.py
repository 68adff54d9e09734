"""What the desk concludes from a candidate, in words: doubts, what would change the score, the draft a municipality could send.

Everything here follows from the frozen list; nothing is looked up, and what is not evidenced becomes a question.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from catalogue.authorities import whole_name
from desk.shortlist import TESTS, Body, Comparable, Counter, Item, NotReached, ScorePart, Shortlist
from desk.words import Words, local

ALL_OF, ONE_OF = TESTS[:4], TESTS[4:]
YEARS_OLD = 3
MENTIONED = 8
LINE = 110
# That the text names the practice is why it was found, and no argument for it.
NAMED = "Praksisens egne ord"
OUR_OWN_WORDS = ("template", "old")


@dataclass(frozen=True)
class DraftField:
    """One field of the draft report: what is evidenced, and what is left to ask."""

    key: str
    label: str
    evidenced: tuple[str, ...]
    question: str


def name_of(body: Body) -> str:
    """'Fjordvik kommune', 'Havland fylkeskommune', 'Heiane herad'."""
    return whole_name(body.name, body.roles, body.name_nn)


def with_body(whole: str, short: str, title: str) -> str:
    """A title with the body named in front when it does not name it."""
    return title if short in title else f"{whole}: {title}"


def status_of(item: Item, words: Words) -> str:
    return words.label("status", item.status or "none")


def date_of(item: Item, words: Words) -> str:
    """The date of the act as we read it, or the source's own words for it, or that it is not stated."""
    if item.date_of_act:
        return words.day(item.date_of_act)
    return item.date_words or words.say("sheet.not_stated")


def values_of(item: Item, words: Words) -> list[str]:
    return [words.label("ogp_value", value) for value in item.ogp_values]


def is_concrete(item: Item) -> bool:
    """Tests 1–3 and 5: who, what, which thing, and something to check it against (TAXONOMY section 2, verifiable)."""
    return all(item.check(key).answer == "yes" for key in ("actor", "action", "object")) and any(
        item.check(key).answer == "yes" for key in ("date_or_case", "access", "numbers")
    )


def unseen_tests(item: Item, words: Words) -> list[str]:
    """The names of the tests whose answer is not yes."""
    return [words.label("tests", key).lower() for key in TESTS if item.check(key).answer != "yes"]


def doubts(item: Item, shortlist: Shortlist, words: Words) -> list[str]:
    """Counter-evidence first, then what the candidate itself leaves open."""
    today = local(shortlist.created_at)
    found = [_counter(c, words) for c in item.counter_evidence]
    if item.date_of_act and item.date_of_act > today and item.status != "planned":
        found.append(words.say("doubt.future", date=words.day(item.date_of_act)))
    if item.status == "ended":
        found.append(words.say("doubt.ended"))
    latest = item.last_date or item.date_of_act
    is_told_old = any(c.kind == "old" for c in item.counter_evidence)
    if latest is None and item.check("date_or_case").answer != "yes":
        found.append(words.say("doubt.undated"))
    elif latest is not None and not is_told_old and latest < date(today.year - YEARS_OLD, today.month, min(today.day, 28)):
        found.append(words.say("doubt.old", date=words.day(latest)))
    if item.is_contribution == "no":
        found.append(words.say("doubt.not_contribution"))
    elif item.is_contribution != "yes":
        found.append(words.say("doubt.unsure"))
    if item.beyond_law == "unknown":
        found.append(words.say("doubt.law_unknown"))
    elif item.beyond_law == "no":
        found.append(words.say("doubt.floor"))
    if len(item.texts) == 1:
        found.append(words.say("doubt.one_source"))
    if item.in_national_plan:
        found.append(words.say("doubt.in_national_plan", which=in_plan(item, words)))
    if unseen := unseen_tests(item, words):
        found.append(words.say("doubt.unseen_tests", tests=words.join(unseen)))
    return found


def in_plan(item: Item, words: Words) -> str:
    """The commitments of a national plan that the initiative stands in, and what tells which."""
    return f"{item.in_national_plan.replace('; ', ', ')} ({words.label('plan_by', item.in_national_plan_by)})"


def prevalence_of(item: Item, words: Words) -> str:
    """How rare the practice is, of those who were read; "" when the list does not say."""
    found = item.prevalence
    return words.say("rarity.line", having=words.number(found.having), read=words.number(found.read)) if found and found.read else ""


def chosen_by(comparable: Comparable, words: Words) -> str:
    """What a commitment abroad has in common with the candidate when it is not of the same practice, in brackets."""
    said = words.get("chosen_by").get(comparable.chosen_by)
    return f" ({said})" if said else ""


def group_of(item: Item, words: Words) -> str:
    """The groups the body is compared within."""
    size = words.label("size", item.body.size)
    kostra = words.say("group.kostra", group=item.kostra_group) if item.kostra_group else words.say("group.no_kostra")
    return size if item.body.size == "county" else f"{size} · {kostra}"


def unobserved(item: Item, words: Words) -> str:
    """What could not be read of the body, and why; "" when all was, in whole or in part."""
    return "; ".join(f"{words.label('observed', u.kind)}: {unobserved_why(u.why, words)}" for u in item.unobserved)


def unobserved_why(why: str, words: Words) -> str:
    return words.get("unobserved").get(why) or words.label("outcome", why)


def own_plans(item: Item, words: Words) -> str:
    """What the body itself says of OGP, each thing once with its words; "" when nothing was seen."""
    told: dict[str, str] = {}
    for plan in item.own_plans:
        told.setdefault(words.label("mention", f"{plan.kind}_{plan.claim}"), plan.quote)
    return "; ".join(f"{what} («{quote}»)" if quote else what for what, quote in told.items())


def same_text(item: Item, words: Words) -> str:
    """On how many pages the text stands, and which other bodies have any of it; "" when nobody else has."""
    told = [words.say("same_text.pages", n=words.number(item.copies))] if item.copies and item.copies > 1 else []
    if item.shared_with and item.shared_share:
        named = item.shared_with[:MENTIONED]
        more = len(item.shared_with) - len(named)
        names = words.join([*named, words.say("same_text.more", n=words.number(more))] if more else named)
        told.append(words.say("same_text.bodies", share=words.number(100 * item.shared_share), names=names))
    return " ".join(told)


def _counter(counter: Counter, words: Words) -> str:
    kind = words.label("counter", counter.kind)
    if not counter.words:
        return f"{kind}."
    if counter.kind in OUR_OWN_WORDS:
        return f"{kind}: {words.retold(counter.words)}."
    return f"{kind}: «{counter.words}»"


def changes(item: Item, words: Words) -> list[str]:
    """What would lift the score."""
    found = [words.label("change", key) for key in TESTS if item.check(key).answer != "yes"]
    return found + ([words.label("change", "sources")] if len(item.texts) == 1 else [])


def part_name(part: ScorePart, words: Words) -> str:
    return words.translated("part", part.name)


def part_why(part: ScorePart, words: Words) -> str:
    """Why the part has its points."""
    return words.retold(part.why)


def reasons_for(item: Item, words: Words) -> list[str]:
    """The three parts of the score that speak most for the candidate; the reasons it came with when it has no parts."""
    best = sorted((p for p in item.score_parts if p.points > 0 and p.name != NAMED), key=lambda p: (-p.points, p.name))[:3]
    return [f"{part_name(p, words)}: {part_why(p, words)}" for p in best] or list(item.reasons[:3])


def shortened(text: str) -> str:
    """A reason that fits a line; what is cut off is told by "…", and stands in full on the ark."""
    if len(text) <= LINE:
        return text
    return f"{text[:LINE].rpartition(' ')[0].rstrip(',;:–-')}…{'»' if '«' in text else ''}"


def draft_report(item: Item, words: Words, *, is_beside_tests: bool = False) -> list[DraftField]:
    """The draft report (HANDOVER section 4): problem, status quo, action, value, milestones, contact.

    `is_beside_tests`: the reader has quote and tests on the same page, and is sent there instead of reading their words again.
    """
    access, numbers = item.check("access"), item.check("numbers")
    title = item.title if item.title.endswith((".", "!", "?")) else f"{item.title}."
    basis = words.say("draft.status_basis", basis=item.status_basis) if item.status and item.status_basis else ""
    value = [
        words.say("draft.value_access", words=access.words) if access.answer == "yes" and access.words else "",
        words.say("draft.value_numbers", words=numbers.words) if numbers.answer == "yes" and numbers.words else "",
    ]
    action = [title, words.say("draft.action_quote", quote=item.quote)]
    if is_beside_tests:
        basis, action, value = "", [title], [words.say("draft.value_tests")] if any(value) else []
    evidenced: dict[str, list[str]] = {
        "problem": [],
        "status_quo": [words.say("draft.status_line", status=status_of(item, words)) if item.status else "", basis],
        "action": action,
        "value": [words.say("draft.value_line", values=words.join(values_of(item, words))) if item.ogp_values else "", *value],
        "milestones": [
            words.say("draft.milestone_date", date=date_of(item, words)) if item.date_of_act or item.date_words else "",
            words.say("draft.milestone_case", case=item.case_number) if item.case_number else "",
        ],
        "contact": [words.say("draft.contact_line", postmottak=item.body.postmottak) if item.body.postmottak else ""],
    }
    return [
        DraftField(key, words.say(f"draft.{key}"), tuple(e for e in lines if e), words.say(f"draft.ask_{key}"))
        for key, lines in evidenced.items()
    ]


def why_not_reached(missed: NotReached, words: Words) -> str:
    """How the last attempt ended; the reason as it was written when the list does not say how."""
    return words.label("outcome", missed.outcome) if missed.outcome else missed.reason


def archived_documents(shortlist: Shortlist) -> list[tuple[Item, int]]:
    """(candidate, index of its document) for every archived page, each capture and locator once."""
    seen: set[tuple[str, str]] = set()
    found = []
    for item in shortlist.items:
        for index, document in enumerate(item.documents):
            if (document.capture, document.url or "") not in seen:
                seen.add((document.capture, document.url or ""))
                found.append((item, index))
    return found


def names_of(shortlist: Shortlist, words: Words) -> str:
    """The bodies by name, or how many when they are many."""
    bodies = shortlist.bodies
    if len(bodies) > MENTIONED:
        return words.say("proposal.bodies_in_annex", count=words.number(len(bodies)))
    return words.join(name_of(b) for b in bodies)
