"""Frozen shortlists of invented bodies, of the shape `warehouse.shortlists.freeze` gives, and the texts their quotes stand in."""

from __future__ import annotations

import hashlib
from typing import Any

BODIES: dict[str, dict[str, Any]] = {
    "fjordvik": {
        "orgnr": "800000005", "name": "Fjordvik", "number": "9001", "county": "91", "county_name": "Vestre", "population": 11840,
        "roles": "kommune", "language_form": "bokmål", "homepage": "https://www.fjordvik.kommune.no/", "postmottak": "post@fjordvik.kommune.no",
    },
    "heiane": {
        "orgnr": "800000013", "name": "Heiane", "number": "9002", "county": "91", "county_name": "Vestre", "population": 3120,
        "roles": "kommune", "language_form": "nynorsk", "homepage": "https://www.heiane.kommune.no/", "postmottak": "post@heiane.kommune.no",
    },
    "storhavn": {
        "orgnr": "800000021", "name": "Storhavn", "number": "9101", "county": "92", "county_name": "Østre", "population": 84200,
        "roles": "kommune", "language_form": "nøytral", "homepage": "https://www.storhavn.kommune.no/", "postmottak": None,
    },
    "vestre": {
        "orgnr": "800000048", "name": "Vestre fylkeskommune", "number": "", "county": "91", "county_name": "Vestre", "population": 250000,
        "roles": "fylkeskommune", "language_form": "nynorsk", "homepage": "https://www.vestrefylke.no/", "postmottak": "post@vestrefylke.no",
    },
}  # fmt: skip
HOSTILE = 'Register over gaver <script>alert(1)</script><img src=x onerror="alert(2)"> & {name} *vedtatt* i sak 14/2026'
TEXTS = {
    "gaver": "Gaveregister for folkevalgte\n\nKommunestyret vedtok 3. mars 2026 å opprette et åpent gaveregister. Registeret ligger på nettsiden "
    "og oppdateres hvert kvartal. Så langt er 42 gaver registrert, og alle kan søke i listen uten innlogging.",
    "sak": "Åpent gaveregister – sak 14/2026\n\nKommunestyret slutter seg til forslaget om et åpent register over gaver til folkevalgte.",
    "data": "Opne data frå Heiane\n\nKommunestyret vedtok 12. januar 2025 at alle måledata frå vassverket skal liggje ope. "
    "Datasetta kan lastast ned i fem format med lisensen NLOD, og 31 sett er publiserte.",
    "budsjett": "Borgerbudsjett i Storhavn\n\nSiden 2021 har innbyggerne i fire bydeler bestemt over 6 millioner kroner i året. "
    "Resultatet av avstemningen er publisert, og 8 400 innbyggere deltok i fjor.",
    "mote": f'{HOSTILE}\n\n=HYPERLINK("http://ond.example") {HOSTILE}',
    "kontrakt": "Avtalebok på nett\n\nFylkestinget vedtok 9. juni 2022 å leggje ut alle rammeavtalar. Avtaleboka er open for alle.",
}
_AT = "2026-10-14T09:30:00"


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def document(key: str, source_type: str, body: str, *, role: str = "main", table: str = "pages", language: str = "nb") -> dict[str, Any]:
    return {
        "document_id": _sha(key)[:16], "document_table": table, "source": f"website/{body}", "source_type": source_type, "role": role,
        "title": TEXTS[key].split("\n")[0], "url": f"https://www.{body}.kommune.no/{key}", "capture": f"5d1c0a52-0000-4000-8000-{_sha(key)[:12]}",
        "locator": "html", "captured_at": _AT, "sha256": _sha(f"body {key}"), "text_hash": _sha(TEXTS[key]), "language": language,
        "licence": "åndsverkloven § 14",
    }  # fmt: skip


def checks(**answers: tuple[str, str]) -> list[dict[str, Any]]:
    keys = ("actor", "action", "object", "own", "date_or_case", "access", "numbers")
    return [
        {"key": k, "answer": answers.get(k, ("unknown", ""))[0], "words": answers.get(k, ("unknown", ""))[1], "document_id": None}
        for k in keys
    ]


def item(number: int, body: str, documents: list[dict[str, Any]], quote: str, **columns: Any) -> dict[str, Any]:
    return {
        "position": number, "practice_name_nn": "", "id": f"K{_sha(str(number))[:10]}", "body": BODIES[body], "documents": documents, "quote": quote,
        "quote_document": documents[0]["document_id"], "status": "in operation", "status_basis": "", "date_of_act": None, "date_words": "",
        "case_number": None, "is_contribution": "yes", "score": 61.5, "score_low": 50.0, "score_high": 70.0, "reasons": ["Handling: «vedtok»"],
        "score_parts": [{"name": "Handling", "points": 10.0, "why": "«vedtok»"}], "checks": checks(action=("yes", "vedtok")),
        "beyond_law": "yes", "beyond_law_words": "", "legal_floor": "Voluntary", "counter_evidence": [],
        "ogp_values": ["access to information"], "policy_areas": ["Right to Information"], "commitments": [], "first_date": None,
        "last_date": "2026-03-03", "by_hand": False, "evidence": [], "review": None, "rubric": "a1b2c3d4e5f6", "model": "0f1e2d3c4b5a",
        "practice_name": None, "comparable": [], **columns,
    }  # fmt: skip


def items() -> list[dict[str, Any]]:
    gift = "Kommunestyret vedtok 3. mars 2026 å opprette et åpent gaveregister."
    return [
        item(
            1, "fjordvik", [document("gaver", "own_page", "fjordvik"), document("sak", "council_case", "fjordvik", role="supporting", table="agenda_items")],
            gift, pillar="integrity", practice="gaveregister", practice_name="Gaveregister",
            title="Fjordvik kommune har gaveregister: Gaveregister for folkevalgte (3. mars 2026).",
            date_of_act="2026-03-03", date_words="3. mars 2026", case_number="14/2026", status_basis="oppdateres hvert kvartal",
            checks=checks(actor=("yes", "Kommunestyret"), action=("yes", "vedtok"), object=("yes", "gaveregister"), own=("yes", ""),
                          date_or_case=("yes", "3. mars 2026"), access=("yes", "uten innlogging"), numbers=("yes", "42 gaver")),
            score=78.5, score_low=66.0, score_high=78.5,
            score_parts=[{"name": "Mer enn lovens minstekrav", "points": 14.0, "why": "ingenting i teksten taler imot"},
                         {"name": "Handling", "points": 10.0, "why": "«vedtok»"}, {"name": "Tall", "points": 9.0, "why": "«42 gaver»"},
                         {"name": "Flere kilder", "points": 5.0, "why": "egen nettside, politisk sak"},
                         {"name": "Verdiord", "points": -4.0, "why": "«åpen»"}],
            evidence=[{"document_id": _sha("gaver")[:16], "quote": gift, "rule": "term:gaveregister", "weight": 1.25},
                      {"document_id": _sha("gaver")[:16], "quote": "gaveregister", "rule": "term:gaveregister", "weight": 1.25}],
            review={"decision": "accept", "reason": "", "note": "", "reviewer": "analytiker 1", "at": "2026-10-15T08:00:00"},
        ),
        item(
            2, "heiane", [document("data", "portal", "heiane", table="datasets", language="nn")],
            "Datasetta kan lastast ned i fem format med lisensen NLOD, og 31 sett er publiserte.", pillar="open_data", practice="åpne_data_api",
            practice_name="Åpne data og API", title="Heiane kommune har opne data: Opne data frå Heiane (12. januar 2025).", date_of_act="2025-01-12",
            legal_floor="PSI rules in offentleglova on reuse (*ikke kontrollert*)", commitments=[{"id": "NO0057", "title": "Open Cultural Data", "confirmed": False}],
            checks=checks(actor=("yes", "Kommunestyret"), action=("yes", "vedtok"), object=("yes", "Datasetta"), own=("yes", "NLOD"),
                          date_or_case=("yes", "12. januar 2025"), access=("yes", "lastast ned"), numbers=("yes", "31 sett")),
            comparable=[{"title": "Open Data DK", "where": "Denmark", "reference": "DK0054", "url": "https://www.opengovpartnership.org/x", "result": "marginal"}],
            ogp_values=["access to information", "technology"],
            review={"decision": "accept", "reason": "", "note": "", "reviewer": "analytiker 1", "at": "2026-10-15T08:05:00"},
        ),
        item(
            3, "storhavn", [document("budsjett", "own_page", "storhavn")],
            "Siden 2021 har innbyggerne i fire bydeler bestemt over 6 millioner kroner i året.", pillar="participation", practice="deltakende_budsjett",
            practice_name="Deltakende budsjett", title="Storhavn kommune har deltakende budsjett: Borgerbudsjett i Storhavn.", last_date="2021-05-01",
            ogp_values=["civic participation", "public accountability"], is_contribution="unsure", beyond_law="unknown",
            counter_evidence=[{"kind": "criticism", "words": "fikk kritikk i 2023", "document_id": None}],
            review={"decision": "accept", "reason": "", "note": "", "reviewer": "analytiker 2", "at": "2026-10-15T08:07:00"},
        ),
        item(
            4, "fjordvik", [document("mote", "council_case", "fjordvik", table="agenda_items")], HOSTILE, pillar="integrity", practice="gaveregister",
            practice_name="Gaveregister", title=f"=Kommunen har vedtatt gaveregister: {HOSTILE[:60]}.", status="adopted", status_basis="+vedtatt",
            counter_evidence=[{"kind": "slogan", "words": "@<b>åpen</b>", "document_id": None}], beyond_law="partly", beyond_law_words="-<i>mer</i>",
            review={"decision": "accept", "reason": "", "note": "", "reviewer": "analytiker 2", "at": "2026-10-15T08:09:00"},
        ),
        item(
            5, "vestre", [document("kontrakt", "own_page", "vestre", language="nn")], "Fylkestinget vedtok 9. juni 2022 å leggje ut alle rammeavtalar.",
            pillar="procurement_anticorruption", practice="åpne_kontrakter", practice_name="Åpne kontrakter",
            title="Vestre fylkeskommune har vedteke opne kontraktar: Avtalebok på nett (9. juni 2022).", date_of_act="2022-06-09",
            last_date="2022-06-09", status="adopted", beyond_law="no", is_contribution="no",
            review={"decision": "accept", "reason": "", "note": "", "reviewer": "analytiker 1", "at": "2026-10-15T08:11:00"},
        ),
    ]  # fmt: skip


def frozen(source: str = "accepted", lang: str = "nb", **more: Any) -> dict[str, Any]:
    listed = items()
    if source == "top":
        listed = [{**one, "review": None} for one in listed]
    return {
        "id": "2026-001", "name": "Høsten 2026", "lang": lang, "source": source, "pillar": None, "created_at": "2026-10-15T10:00:00+00:00",
        "content_hash": _sha("list"), "rubric": "a1b2c3d4e5f6", "model": "0f1e2d3c4b5a", "items": listed,
        "coverage": {
            "since": "2026-09-15", "until": "2026-10-15", "bodies": 16, "bodies_reached": 13, "bodies_not_asked": 340, "sources": 20,
            "sources_by_outcome": {"fresh": 14, "unchanged": 1, "partial": 2, "blocked": 2, "failed": 1}, "pages": 2310, "documents": 14210,
            "quarantined": 37, "candidates": 212, "rejected": 41, "not_reached": [{"name": "Nordneset", "reason": "robots.txt"}],
            "bodies_by_size": {"under_5000": 5, "5000_19999": 5, "20000_49999": 2, "50000_up": 2, "county": 2},
            "bodies_by_county": {"Vestre": 9, "Østre": 7},
        },
        **more,
    }  # fmt: skip
