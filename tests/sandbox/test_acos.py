"""The ACOS tenants: what the shell page gives away, what a call must carry, and what goes wrong in silence."""

from __future__ import annotations

import re
from typing import Any

import pytest

from sandbox.acos import API, AcosInnsyn
from tests.sandbox.serving import Reply, Served


class Tenant:
    """A tenant as a client meets it: the shell page read, cookies kept, headers filled in."""

    def __init__(self, served: Served, slug: str, part: str = "postliste/") -> None:
        self.served = served
        home = next(s.url for s in served.world.sources if s.id == f"acos-innsyn/{slug}")
        self.shell_url = home.replace("postliste/", part)
        self.root = "/".join(home.split("/")[:3])
        self.shell = served.ask(self.shell_url)
        context = re.search(r'acos-cmscontext" content="w(\d+)\$o-?\d+\$m(\d+)\$', self.shell.text)
        portal = re.search(r"portalID=(\d+)&sprakID=(\d+)", self.shell.text)
        assert context and portal
        self.headers = {"Cookie": self.shell.cookies, "Referer": self.shell_url, "PortalID": portal[1], "MenypunktID": context[2], "SprakID": portal[2], "X_ANTI_CSRF": "1"}

    def call(self, path: str, body: Any = None, method: str = "POST", **changed: str) -> Reply:
        return self.served.ask(f"{self.root}{API}/{path}", method, ({} if body is None else body) if method == "POST" else None, **(self.headers | changed))

    def overview(self, page: int = 1, size: int = 100, kind: int | None = 0, call: str = "", **pairs: str) -> dict[str, Any]:
        values = [{"key": k, "value": v} for k, v in ({"Dato": "AllCases", "FilterContent": "DocOnly", **pairs, "page": str(page), "pageSize": str(size)}).items()]
        body = {"keyValues": values} | ({} if kind is None else {"type": kind})
        return self.call(call or ("overviewInit" if page == 1 else "overview"), body).json()["content"]


def keys(content: dict[str, Any]) -> list[str]:
    return [i["identifier"] for i in content["searchItems"]["items"]]


def test_the_shell_says_what_calls_must_carry(served):
    tenant = Tenant(served, "fjordvik")
    assert "noindex, nofollow" in tenant.shell.text and 'data-mode="0"' in tenant.shell.text
    assert "ASP.NET_SessionId=" in tenant.shell.cookies and ".ASPXANONYMOUS=" in tenant.shell.cookies
    assert 'data-mode="1"' in Tenant(served, "fjordvik", "moter/").shell.text


def test_the_journal_comes_newest_first_in_pages_of_at_most_a_hundred(served):
    tenant = Tenant(served, "fjordvik")
    first = tenant.overview(size=500)
    listing = first["searchItems"]
    assert len(listing["items"]) == 100 == listing["pageSize"] and not listing["isLastPage"]
    second = tenant.overview(page=2)
    assert len(set(keys(first) + keys(second))) == listing["totalItemCount"] and second["searchItems"]["isLastPage"]
    days = ["-".join(reversed(i["properties"]["dato"].split("."))) for i in listing["items"]]
    assert days == sorted(days, reverse=True)
    assert re.fullmatch(r"d-[0-9a-f]{8}__[0-9a-f]{4}__[0-9a-f]{4}__[0-9a-f]{4}__[0-9a-f]{12}-2026\d{6}!\w{6}", keys(first)[0])


def test_asked_beyond_the_end_the_last_page_comes_again_and_some_never_say_last(served):
    honest, vague = Tenant(served, "fjordvik"), Tenant(served, "steinvag")
    assert keys(honest.overview(page=9)) == keys(honest.overview(page=2))
    pages = -(-vague.overview()["searchItems"]["totalItemCount"] // 100)
    assert keys(vague.overview(page=pages)) == keys(vague.overview(page=pages + 1))
    assert not vague.overview(page=pages)["searchItems"]["isLastPage"]


def test_without_a_cookie_a_call_is_sent_to_a_login_except_where_none_is_asked_for(served):
    answer = Tenant(served, "fjordvik").call("overviewInit", {"type": 0, "keyValues": []}, Cookie="")
    assert answer.status == 302 and answer.headers["Location"].startswith("/login")
    assert Tenant(served, "tverrelv").call("overviewInit", {"type": 0, "keyValues": []}, Cookie="").status == 200


def test_the_shared_host_knows_its_tenant_by_the_referer(served):
    tenant = Tenant(served, "sjursund")
    assert tenant.root == "https://innsynpluss.onacos.no"
    assert tenant.call("overviewInit", {"type": 0, "keyValues": []}).status == 200
    assert tenant.call("overviewInit", {"type": 0, "keyValues": []}, Referer="").status == 302


@pytest.mark.parametrize(("changed", "status"), [({"X_ANTI_CSRF": ""}, 403), ({"PortalID": "1"}, 400), ({"MenypunktID": ""}, 400), ({"User_Agent": "dagslys/0.1"}, 403)])
def test_a_call_without_its_headers_is_refused(served, changed, status):
    assert Tenant(served, "fjordvik").call("overviewInit", {"type": 0, "keyValues": []}, **changed).status == status


def test_a_get_on_a_post_endpoint_is_405_or_a_login(served):
    assert Tenant(served, "fjordvik").call("overview", method="GET").status == 405
    assert Tenant(served, "steinvag").call("overview", method="GET").status == 302


def test_an_escaped_exclamation_mark_is_405_and_a_made_up_identifier_404(served):
    tenant = Tenant(served, "fjordvik")
    case = tenant.overview()["searchItems"]["items"][0]["parentIdentifier"]
    assert tenant.call(f"details/{case}", method="GET").status == 200
    assert tenant.call(f"details/{case.replace('!', '%21')}", method="GET").status == 405
    assert tenant.call(f"details/{case[:-6]}AAAAAA", method="GET").status == 404


def test_a_missing_type_gives_the_wrong_overview(served):
    assert keys(Tenant(served, "fjordvik").overview(kind=None))[0].startswith("m-")


def test_dates_and_committees_are_ignored_in_silence_by_some(served):
    deaf, hearing = Tenant(served, "fjordvik"), Tenant(served, "kvitnes")
    window = {"FromDate": "2026-11-01", "ToDate": "2026-11-10"}
    assert keys(deaf.overview(**window)) == keys(deaf.overview())
    narrowed = hearing.overview(**window)["searchItems"]
    assert 0 < narrowed["totalItemCount"] < hearing.overview()["searchItems"]["totalItemCount"]
    committee = hearing.overview(kind=1, Dato="HeldMeetings")["searchOptions"]["searchFilters"][0]["options"][0]["value"]
    assert {i["title"] for i in hearing.overview(kind=1, Dato="HeldMeetings", UtvalgID=committee)["searchItems"]["items"]} == {"Kommunestyret"}
    assert len({i["title"] for i in deaf.overview(kind=1, Dato="HeldMeetings", UtvalgID=committee)["searchItems"]["items"]}) > 1


def test_the_list_misses_documents_that_the_case_has(served):
    tenant = Tenant(served, "fjordvik")
    rows = [r for page in (1, 2) for r in tenant.overview(page=page)["searchItems"]["items"]]
    listed = {r["identifier"] for r in rows}
    found = set()
    for case in {r["parentIdentifier"] for r in rows}:
        answer = tenant.call(f"details/{case}", method="GET").json()["content"]["sak"]
        found |= {d["identifikator"] for d in answer["dokumenter"]}
    assert listed < found


def test_a_meeting_leads_to_its_items_and_their_files(served):
    tenant = Tenant(served, "fjordvik", "moter/")
    held = tenant.overview(kind=1, Dato="HeldMeetings")["searchItems"]["items"]
    coming = tenant.overview(kind=1, Dato="ComingMeetings")["searchItems"]["items"]
    assert len(held) == 7 and len(coming) == 1 and set(held[0]["properties"]) == {"dato", "tid", "sted"}
    blocks = {b["key"]: b["b"] for b in tenant.call(f"mote/{held[1]['identifier']}").json()["content"]["b"]}
    items = blocks["MEETING_CASES"]
    texts = [b for i in items for b in tenant.call(f"mote/saksfremlegg/{i['identifier']}").json()["content"]["b"]]
    url = next(f["url"] for b in texts if b["type"] == "FileList" for f in b["b"])
    answer = served.ask(f"{tenant.root}{url}")
    assert answer.body.startswith(b"%PDF-") and served.ask(f"{tenant.root}{url}".replace("_1_A!", "_2_A!")).status == 404


def test_details_may_be_asked_conditionally(served):
    tenant = Tenant(served, "kvitnes")
    case = tenant.overview()["searchItems"]["items"][0]["parentIdentifier"]
    tag = tenant.call(f"details/{case}", method="GET").headers["ETag"]
    assert tenant.call(f"details/{case}", method="GET", If_None_Match=tag).status == 304
    tree = tenant.call(f"sak/{case}", method="GET").json()["content"]["body"]["b"]
    assert [b["type"] for b in tree] == ["Metadata", "DocumentList"]


def test_files_of_a_document_come_by_get_or_by_post(served):
    usual, other = Tenant(served, "fjordvik"), Tenant(served, "hogfoss")
    assert usual.call(f"dokument/{keys(usual.overview())[0]}?fromMeeting=false", method="GET").json()["content"]["model"]["vedleggGruppe"]
    assert other.call(f"dokument/{keys(other.overview())[0]}").json()["content"]["b"][0]["type"] == "FileList"


def test_the_troubled_tenants(served):
    login = next(s.url for s in served.world.sources if s.id == "acos-innsyn/takeholmen")
    assert served.ask(login).status == 302
    assert "content" not in Tenant(served, "rustelv").call("overviewInit", {"type": 0, "keyValues": []}).json()
    halfway = Tenant(served, "halvnes")
    assert len(keys(halfway.overview())) == 100
    assert halfway.call("overview", {"type": 0, "keyValues": [{"key": "page", "value": "2"}]}).status == 500


def test_identifiers_read_like_identity_numbers_to_whoever_looks_in_addresses(served):
    first = keys(Tenant(served, "fjordvik").overview())[0]
    born, number = first.split("__")[-1].split("!")[0].split("-")
    digits = [int(c) for c in born[-6:] + number[:5]]
    assert sum(d * w for d, w in zip(digits, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1), strict=True)) % 11 == 0
    assert isinstance(served.world.sites["fjordvik"].innsyn, AcosInnsyn)
