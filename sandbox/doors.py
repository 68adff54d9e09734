"""How a body's website leads to its journal, its meetings and its data: where the links stand, what they are called, and what others list.

Menus and footers stand around the text of a page, so a link there changes nothing of what the page says. Some bodies hide the way: in a page
that only the sitemap knows, behind an old address, in a catalogue that others keep. Some links are traps: a neighbour's journal, a tenant
whose number is somebody else's, the national service for a body that does not deliver to it.
"""

from __future__ import annotations

import html as markup
from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.answers import NOT_FOUND, Answer, Question, html, plain
from sandbox.bodies import Body
from sandbox.judge import HostRules
from sandbox.markup import Link

CATALOGUE_HOST = "norske-postlister.no"
CATALOGUE_SYSTEMS = {"acos-innsyn": "ACOS", "acos-wfinnsyn": "ACOS", "einnsyn": "eInnsyn", "360-pj": "360", "elements-publikum": "Elements", "innsynsportal": "Innsynsportalen"}
ONLY_IN_SITEMAP = ("kjerringvag",)
"""Bodies whose journal is linked from a page that stands in no menu."""
BY_OLD_ADDRESS = ("hellevang",)
"""Bodies that still link to an address of their own that sends on to the vendor's."""
LISTED_ONLY = ("rustelv", "skjenes")
"""Bodies whose website does not lead to the journal: only the catalogue of others does."""
DEEP = {"halvnes": "/dataset/", "rustelv": "/dataset/"}
"""Where a link to a portal leads when it is not its front page."""
WORDS = {
    "nb": {"journal": "Postliste", "meetings": "Politiske møter", "both": "Innsyn", "cases": "Byggesaker", "tv": "Kommune-TV", "data": "Åpne data", "catalogue": "Datakatalog"},
    "nn": {"journal": "Postliste", "meetings": "Politiske møte", "both": "Innsyn", "cases": "Byggesaker", "tv": "Kommune-TV", "data": "Opne data", "catalogue": "Datakatalog"},
}  # fmt: skip
OWN_NAMES = {"opengov-cases": "cases", "kommunetv": "tv", "ckan": "data", "dcat": "catalogue"}
WITHOUT_HOME = {"bergen-custom": "/innsynplanogbyggesak/"}
"""Platforms whose source begins at an interface: people are sent to the application that uses it."""


@dataclass(frozen=True)
class Door:
    """A link from a website to a source: its text and address, and whether it stands in the `menu`, the `footer`, a `page` that only the sitemap
    knows, or `nowhere`."""

    text: str
    url: str
    where: str

    @property
    def link(self) -> Link:
        return self.text, self.url


def door_of(body: Body, platform: str, kinds: Sequence[str], home: str) -> Door:
    """How a body's website leads to one of its sources."""
    words = WORDS["nn" if body.language == "nn" else "nb"]
    is_data, is_journal, is_meeting = "dataset" in kinds, "journal_entry" in kinds, "meeting" in kinds
    text = words[OWN_NAMES.get(platform, "both" if is_journal and is_meeting else "journal" if is_journal else "meetings")]
    root = "/".join(home.split("/", 3)[:3])
    url = f"{root}{WITHOUT_HOME[platform]}" if platform in WITHOUT_HOME else home
    url = f"{root}{DEEP[body.slug]}" if platform == "ckan" and body.slug in DEEP else url
    if body.slug in LISTED_ONLY:
        return Door(text, url, "nowhere")
    if body.slug in ONLY_IN_SITEMAP:
        return Door(text, url, "page")
    if body.slug in BY_OLD_ADDRESS and is_journal:
        return Door(text, f"https://innsyn.{body.domain}/", "menu")
    return Door(text, url, "footer" if is_data else "menu")


class NorskePostlister:
    """A list of journals with the system and address of each, kept by volunteers: not every body, and not every line right."""

    host = CATALOGUE_HOST

    def __init__(self) -> None:
        self.rows: list[tuple[str, str, str]] = []

    def add(self, body: Body, platform: str, url: str) -> None:
        self.rows.append((body.name, CATALOGUE_SYSTEMS.get(platform, "annet"), url))

    def rules(self) -> HostRules:
        return HostRules(closed=("/api/", "/journalpost/"))

    def respond(self, question: Question) -> Answer:
        if question.path == "/robots.txt":
            return plain("User-agent: *\nDisallow: /api/\nDisallow: /journalpost/\n")
        if question.path != "/postlister":
            return NOT_FOUND
        rows = "".join(
            f'<tr><td>{markup.escape(name)}</td><td>{system}</td><td><a href="{markup.escape(url)}">Postliste</a></td></tr>' for name, system, url in sorted(self.rows)
        )
        return html(
            '<!doctype html><html lang="nb"><head><meta charset="utf-8"><title>Postlister</title></head><body><h1>Postlister</h1>'
            f"<table><tr><th>Kommune</th><th>System</th><th>Lenke</th></tr>{rows}</table></body></html>"
        )
