"""HTML as three families of municipal CMS write it: dates, breadcrumbs, menus and file links each in its own way (WEB A.2, A.5)."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sandbox import days
from sandbox.bodies import Body

Link = tuple[str, str]
"""(text, address)"""

WORDS = {
    "nb": {"skip": "Hopp til hovedinnhold", "home": "Forsiden", "here": "Du er her", "published": "Publisert", "changed": "Sist endret", "print": "Skriv ut", "found": "Fant du det du lette etter?",
           "search": "Søk", "login": "Logg inn", "top": "Til toppen", "read": "Les mer", "access": "Tilgjengelighetserklæring", "document": "Dokument", "date": "Dato"},
    "nn": {"skip": "Hopp til hovudinnhald", "home": "Heim", "here": "Du er her", "published": "Publisert", "changed": "Sist endra", "print": "Skriv ut", "found": "Fann du det du leita etter?",
           "search": "Søk", "login": "Logg inn", "top": "Til toppen", "read": "Les meir", "access": "Tilgjengeerklæring", "document": "Dokument", "date": "Dato"},
}  # fmt: skip


@dataclass(frozen=True)
class Page:
    """One page of a website. `quirk` names what is odd about it, see `site.QUIRKS`; `lists` are links with their text in the main part;
    `extra` is markup put in as it is."""

    path: str
    title: str
    paragraphs: tuple[str, ...]
    language: str = "nb"
    published: date | None = None
    modified: date | None = None
    trail: tuple[Link, ...] = ()
    lists: tuple[Link, ...] = ()
    files: tuple[tuple[str, str, date], ...] = ()
    quirk: str = ""
    extra: str = ""


@dataclass(frozen=True)
class Frame:
    """What stands around every page of a site."""

    body: Body
    menu: Sequence[Link]
    footer: Sequence[Link]
    search: str
    print_key: str

    @property
    def words(self) -> dict[str, str]:
        return WORDS["nn" if self.body.language == "nn" else "nb"]


def render(frame: Frame, page: Page, charset: str = "utf-8") -> str:
    """The page as its family writes it; `charset` is what the markup claims, "" for no claim."""
    return {"acos": _acos, "custompublish": _custompublish, "optimizely": _optimizely}[frame.body.style](frame, page, charset)


def shell(body: Body, title: str) -> str:
    """A page that only scripts would fill."""
    return (f'<!doctype html><html lang="{body.language}"><head><meta charset="utf-8"><title>{e(title)}</title>'
            '<script type="module" src="/assets/index-4f1c.js"></script></head><body><div id="root"></div>'
            "<noscript>You need to enable JavaScript to run this app.</noscript></body></html>")  # fmt: skip


def error_page(frame: Frame) -> str:
    """What some sites answer with status 200."""
    title = "Siden finnes ikke" if frame.body.language == "nb" else "Sida finst ikkje"
    return (f'<!doctype html><html lang="{frame.body.language}"><head><meta charset="utf-8"><title>{title} - {e(frame.body.full_name)}</title></head>'
            f"<body><main><h1>{title}</h1><p>Adressen er endret eller slettet.</p></main></body></html>")  # fmt: skip


def e(text: str) -> str:
    return html.escape(text, quote=True)


def _meta(charset: str) -> str:
    return f'<meta charset="{charset}">' if charset else ""


def _paragraphs(page: Page) -> str:
    parts = []
    for paragraph in page.paragraphs:
        lines = paragraph.split("\n")
        if len(lines) > 1 and all(line.startswith("- ") for line in lines):
            parts.append("<ul>" + "".join(f"<li>{e(line[2:])}</li>" for line in lines) + "</ul>")
        else:
            parts.append(f"<p>{'<br>'.join(e(line) for line in lines)}</p>")
    return "\n".join(parts)


def _links(links: Sequence[Link], kind: str) -> str:
    return f'<ul class="{kind}">' + "".join(f'<li><a href="{e(address)}">{e(text)}</a></li>' for text, address in links) + "</ul>" if links else ""


def _print(frame: Frame, page: Page) -> str:
    return f'<a class="print" rel="nofollow" href="{e(page.path)}?{frame.print_key}=1">{frame.words["print"]}</a>' if frame.print_key else ""


def _acos(frame: Frame, page: Page, charset: str) -> str:
    w = frame.words
    trail = "".join(f'<li><a href="{e(a)}">{e(t)}</a></li>' for t, a in page.trail) + f"<li><span>{e(page.title)}</span></li>"
    dates = ""
    if page.published:
        dates += f"<span>{w['published']}: {days.dotted(page.published)} 08:15:05</span> "
    if page.modified:
        dates += f"<span>{w['changed']}: {days.dotted(page.modified)} 13:40</span>"
    files = "".join(f'<li><a href="{e(a)}">{e(t)} (PDF, 385 kB)</a></li>' for t, a, _ in page.files)
    return f"""<!DOCTYPE html>
<html lang="{page.language}">
<head>{_meta(charset)}<base href="/">
<title>{e(page.title)} - {e(frame.body.full_name)}</title>
<link rel="stylesheet" href="/kunde/grensesnitt/css/hoved.css"><script src="/api/presentation/vis.js" defer></script>
<meta name="acos-cmscontext" content="w20$o2$m15$sl0"><meta name="generator" content="ACOS CMS"></head>
<body>
<a class="skip-link" href="{e(page.path)}#innhold">{w["skip"]}</a>
<header role="banner"><a href="/">{e(frame.body.full_name)}</a><form role="search" action="{frame.search}"><input name="q"><button>{w["search"]}</button></form></header>
<nav aria-label="Hovedmeny">{_links(frame.menu, "hovedmeny")}</nav>
<nav aria-label="Brødsmulesti"><ol>{trail}</ol></nav>
<main id="innhold"><article><h1>{e(page.title)}</h1>
{_paragraphs(page)}
{_links(page.lists, "ac-listing")}{f'<ul class="vedlegg">{files}</ul>' if files else ""}{page.extra}
</article>
<div class="artikkelinfo">{dates} {_print(frame, page)}</div>
<div class="feedback">{w["found"]}</div></main>
<footer role="contentinfo">{_links(frame.footer, "bunn")}</footer>
<div class="chatbot">Spør meg</div>
</body></html>"""


def _custompublish(frame: Frame, page: Page, charset: str) -> str:
    w = frame.words
    trail = " &gt; ".join([f'<a href="{e(a)}">{e(t)}</a>' for t, a in page.trail] + [f"<span>{e(page.title)}</span>"])
    rows = "".join(f'<tr><td>{e(t)}</td><td>{days.dotted(d)}</td><td><a href="{e(a)}">klikk her</a></td></tr>' for t, a, d in page.files)
    table = f'<table><tr><th>{w["document"]}</th><th>{w["date"]}</th><th></th></tr>{rows}</table>' if rows else ""
    stamp = f'<p class="stamp">{w["changed"]} {days.dotted(page.modified)}</p>' if page.modified else ""
    claim = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">' if charset else ""
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" lang="{"no" if page.language == "nb" else page.language}">
<head>{claim}<title>{e(page.title)} | {e(frame.body.full_name)}</title></head>
<body>
<div id="header"><a href="/">{e(frame.body.full_name)}</a></div>
<div id="menu" role="navigation">{_links(frame.menu, "menu")}<form action="{frame.search}"><input name="q"></form></div>
<div class="breadcrumb">{w["here"]}: {trail}</div>
<div id="content"><h1>{e(page.title)}</h1>
{_paragraphs(page)}
{_links(page.lists, "articles")}{table}{page.extra}
{stamp}{_print(frame, page)}</div>
<div id="footer" role="contentinfo">{_links(frame.footer, "footer")} <a href="#">{w["top"]}</a></div>
</body></html>"""


def _optimizely(frame: Frame, page: Page, charset: str) -> str:
    w = frame.words
    steps = [{"@type": "ListItem", "position": n, "item": {"@id": a, "name": t}} for n, (t, a) in enumerate([*page.trail, (page.title, page.path)], 1)]
    linked = json.dumps({"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": steps}, ensure_ascii=False).replace("</", "<\\/")
    metas = f'<meta property="og:title" content="{e(page.title)}">'
    if page.published:
        metas += f'<meta property="article:published_time" content="{page.published}T08:00:00+02:00">'
    time = f'<p class="dato">{w["changed"]} <time datetime="{page.modified}">{days.long(page.modified)}</time></p>' if page.modified else ""
    files = "".join(f'<li class="fil"><h3>{e(t)}</h3><a href="{e(a)}">{e(t)} (PDF, 450 kB)</a></li>' for t, a, _ in page.files)
    return f"""<!doctype html>
<html lang="{"nb-NO" if page.language == "nb" else page.language}">
<head>{_meta(charset)}<title>{e(page.title)} - {e(frame.body.full_name)}</title>{metas}
<link rel="stylesheet" href="/siteassets/stil.css"><script type="application/ld+json">{linked}</script></head>
<body>
<header><a class="skip-link" href="#main">{w["skip"]}</a><nav aria-label="Meny">{_links(frame.menu, "nav")}</nav>
<form action="{frame.search}" role="search"><input name="q" type="search"></form></header>
<main id="main"><h1>{e(page.title)}</h1>
{_paragraphs(page)}
{_links(page.lists, "cards")}{f'<ul class="filer">{files}</ul>' if files else ""}{page.extra}
{time}<div class="share">Del på Facebook</div></main>
<aside role="complementary"><p>{e(frame.body.full_name)}</p></aside>
<footer>{_links(frame.footer, "bunnlenker")}</footer>
</body></html>"""
