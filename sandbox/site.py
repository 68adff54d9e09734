"""A body's website: pages in the markup of its family, sitemaps, files, and what websites do to a crawler (WEB A.3, B.5, B.6)."""

from __future__ import annotations

import gzip
import re
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import parse_qsl, quote, urlsplit

from sandbox import days, markup, pdf
from sandbox.acos import AcosInnsyn
from sandbox.answers import NOT_FOUND, Answer, Question, html, plain, redirect
from sandbox.bodies import Body
from sandbox.datasets import slug_of
from sandbox.identifiers import guid_of, hex_of
from sandbox.judge import HostRules
from sandbox.markup import Frame, Link, Page

QUIRKS = {
    "utf8-is-1252": "header and markup say UTF-8, the bytes are windows-1252",
    "latin1-is-utf8": "the markup says ISO-8859-1, the bytes are UTF-8",
    "undeclared-1252": "nobody says anything, the bytes are windows-1252",
    "bom": "a byte order mark before the markup",
    "shell": "only scripts would fill the page",
    "error": "an error page under a status of 200",
}
SESSION = {"acos": "/(S({id})){path}", "custompublish": "{path}?PHPSESSID={id}", "optimizely": "{path};jsessionid={id}"}
PRINT_KEYS = {"acos": "print", "custompublish": "utskrift", "optimizely": ""}


@dataclass(frozen=True)
class File:
    """A linked PDF."""

    path: str
    title: str
    text: str
    modified: date


class Site:
    """One website. Pages and files are added, then it answers. `trouble`: robots, halfway, shell."""

    def __init__(self, body: Body, seed: int, day: date, *, trouble: str = "", innsyn: AcosInnsyn | None = None) -> None:
        self.body, self.seed, self.day, self.trouble, self.innsyn = body, seed, day, trouble, innsyn
        self.pages: dict[str, Page] = {}
        self.files: dict[str, File] = {}
        self.redirects: dict[str, str] = {}
        self.orphans: set[str] = set()
        self.menu: list[Link] = []
        self.doors: list[Link] = []
        self.footer: list[Link] = []
        self._number = 1000
        self._asked = 0
        self._has_rested = False
        self._lock = threading.Lock()

    # --- building

    def address_of(self, title: str, section: str, *, is_news: bool = False) -> str:
        """The path of a new page, as the family of its CMS would call it."""
        self._number += 7
        slug = slug_of(title)
        if self.body.style == "custompublish":
            return f"/{slug}.{self._number}.{'nn' if self.body.language == 'nn' else 'no'}.html"
        if self.body.style == "acos" and is_news:
            return f"{section}{slug}.{self._number}.aspx"
        path = f"{section}{slug}/"
        return path if path not in self.pages else f"{section}{slug}-{self._number}/"

    def add(self, page: Page) -> Page:
        self.pages[page.path] = page
        return page

    def change(self, path: str, **values: object) -> None:
        self.pages[path] = replace(self.pages[path], **values)  # type: ignore[arg-type]

    def add_file(self, title: str, text: str, modified: date, *, has_suffix: bool = True) -> File:
        slug = slug_of(title)
        guid = guid_of("file", self.seed, self.body.slug, title, len(self.files))
        path = {
            "acos": f"/_f/p2/i{guid}/{slug}.pdf",
            "custompublish": f"/getfile.php/{4_000_000 + len(self.files)}.{900 + len(self.body.slug)}.{guid[:10]}/{quote(title[:40])}.pdf",
            "optimizely": f"/globalassets/dokumenter/{slug}.pdf" if has_suffix else f"/contentassets/{guid.replace('-', '')}/{slug}",
        }[self.body.style]  # fmt: skip
        if path in self.files:
            head, dot, ending = path.rpartition(".") if path.endswith(".pdf") else (path, "", "")
            path = f"{head}-{len(self.files)}{dot}{ending}"
        self.files[path] = File(path, title, text, modified)
        return self.files[path]

    @property
    def has_error_page(self) -> bool:
        """Whether a page is an error page under a status of 200: what should stand there cannot be known."""
        return any(page.quirk == "error" for page in self.pages.values())

    def url(self, path: str) -> str:
        return f"https://{self.body.host}{path}"

    # --- what others must know of it

    @property
    def hosts(self) -> tuple[str, str]:
        return self.body.host, self.body.domain

    def rules(self) -> HostRules:
        """Written by hand, not read from robots.txt: what each family of sites has closed, and where its traps are."""
        own = {
            "acos": HostRules(closed=("/kunde/", "/admin/", "/login", "/api/"), opened=("/api/presentation/v2/",), traps=(r"^/kalender/\d{4}/", r"^/sok/?\?", r"\(S\(", r"[?&]print=")),
            "custompublish": HostRules(closed=("/admin/", "/cgi-bin/", "/login"), closed_patterns=(r"[?&]utskrift=",), traps=(r"[?&]year=\d+&month=", r"^/sok.*\?", r"PHPSESSID=")),
            "optimizely": HostRules(closed=("/episerver/", "/util/", "/intern/", "/login"), opened=("/intern/apent/",), closed_patterns=(r"^/[^?]*\?.*sort=",),
                                    traps=(r"^/kalender/\d{4}/", r"^/sok/?\?", r";jsessionid=")),
        }[self.body.style]  # fmt: skip
        if self.trouble == "robots":
            own = replace(own, closed=("/",), opened=())
        own = replace(own, schemes=("https", "http"))
        if self.innsyn is not None:
            other = self.innsyn.rules()
            own = replace(own, posts=other.posts, cookies=other.cookies, sessions=other.sessions)
        return own

    def robots(self) -> str:
        family = {
            "acos": "User-agent: *\nDisallow: /kunde/\nDisallow: /admin/\nDisallow: /login\nDisallow: /api/\nAllow: /api/presentation/v2/\n",
            "custompublish": "User-agent: *\nDisallow: /admin/\nDisallow: /cgi-bin/\nDisallow: /login\nDisallow: /*?utskrift=\n",
            "optimizely": "User-agent: *\nDisallow: /episerver/\nDisallow: /util/\nDisallow: /intern/\nAllow: /intern/apent/\nDisallow: /*?*sort=\nDisallow: /login\n",
        }[self.body.style]  # fmt: skip
        if self.trouble == "robots":
            return "User-agent: *\nDisallow: /\n"
        if self.body.slug == "myrlandet":
            # A group of our own: the one for everybody is not ours to read.
            family = "User-agent: *\nDisallow: /\n\n" + family.replace("User-agent: *", "User-agent: Dagslys\nUser-agent: SnillRobot")
        if self.body.slug == "hogfoss":
            family += f"\nSitemap: {self.url('/nettstedskart/kart.xml')}\n"
        elif self.body.style == "optimizely":
            family += f"\nSitemap: {self.url('/sitemap.xml')}\n"
        return family

    def readable(self) -> dict[str, str]:
        """Path to shape (page, shell, document) of everything a patient reader finds."""
        if self.trouble == "shell":
            return {"/": "shell"}
        found = {path: "shell" if page.quirk == "shell" else "page" for path, page in self.pages.items() if page.quirk != "error"}
        found |= dict.fromkeys(self.files, "document")
        if self.innsyn is not None and self.innsyn.host == self.body.host:
            found |= dict.fromkeys(self.innsyn.shells(), "shell")
        return found

    # --- answers

    def respond(self, question: Question) -> Answer:
        if question.scheme == "http" or question.host != self.body.host:
            return redirect(self.url(question.target), 301)
        path, query = question.path, dict(parse_qsl(urlsplit(question.target).query, keep_blank_values=True))
        if self.trouble == "shell":
            return html(markup.shell(self.body, self.body.full_name), modified=days.http_date(self.day - timedelta(days=3)))
        if path == "/robots.txt":
            return plain(self.robots(), modified=days.http_date(self.day - timedelta(days=200)))
        if self.innsyn is not None and self.innsyn.host == self.body.host and self.innsyn.answers(path):
            return self.innsyn.respond(question)
        if strained := self._strained(path):
            return strained
        path = re.sub(r"^/\(S\([^/]*\)\)|;jsessionid=[^/]*$", "", path) or "/"
        if path in self.redirects:
            return redirect(self.redirects[path], 301)
        if sitemap := self._sitemap(path):
            return sitemap
        if trap := self._trap(path, query):
            return trap
        if path in self.pages:
            return self._page(self.pages[path], is_print=bool(self.body.style != "optimizely" and PRINT_KEYS[self.body.style] in query))
        if path in self.files:
            file = self.files[path]
            kind = "application/octet-stream" if path.startswith("/contentassets/") else "application/pdf"
            return Answer(200, pdf.write(file.title, file.text), kind, (), days.http_date(file.modified))
        return NOT_FOUND

    def _strained(self, path: str) -> Answer | None:
        """One site is tired once and says for how long; one breaks down halfway through its pages."""
        if self.body.slug == "brattlia" and not self._has_rested and path not in ("/", "/sitemap.xml"):
            with self._lock:
                self._asked += 1
                if self._asked == 5:
                    self._has_rested = True
                    return Answer(429, b"", "text/plain", (("Retry-After", "1"),))
        if self.trouble == "halfway" and path in self.pages and list(self.pages).index(path) >= len(self.pages) // 2:
            return html("<html><body><h1>Server Error in '/' Application.</h1></body></html>", status=500)
        return None

    @property
    def frame(self) -> Frame:
        """Menu and footer, with the doors to what stands on other hosts; the footer leads to traps and closed doors too."""
        calendar, search = self._calendar(), self._search_path()
        footer = [("Kontakt oss", path) for path in self.pages if "kontakt" in path][:1]
        footer += [(markup.WORDS["nn" if self.body.language == "nn" else "nb"]["access"], f"https://uustatus.no/nb/erklaringer/publisert/{guid_of('uu', self.body.slug)}")]
        footer += [("Logg inn", "/login?retur=%2F"), ("Søk" if search in self.pages else "", search), ("Kalender" if calendar in self.pages else "", calendar)]
        footer += self.footer
        return Frame(self.body, [*self.menu, *self.doors], [f for f in footer if f[0]], search, PRINT_KEYS[self.body.style])

    def _calendar(self) -> str:
        return "/kalender.2003.no.html" if self.body.style == "custompublish" else "/kalender/"

    def _search_path(self) -> str:
        return "/sok.2004.no.html" if self.body.style == "custompublish" else "/sok/"

    def _page(self, page: Page, *, is_print: bool = False) -> Answer:
        modified = days.http_date(page.modified or page.published or self.day - timedelta(days=40))
        if page.quirk == "shell":
            return html(markup.shell(self.body, page.title), modified=modified)
        if page.quirk == "error":
            return html(markup.error_page(self.frame))
        if is_print:
            page = replace(page, lists=(), extra="<script>window.print()</script>")
        claim = {"undeclared-1252": "", "latin1-is-utf8": "iso-8859-1"}.get(page.quirk, "utf-8")
        text = markup.render(self.frame, page, claim)
        if page.quirk in ("utf8-is-1252", "undeclared-1252"):
            body = text.encode("cp1252", "xmlcharrefreplace")
        else:
            body = (b"\xef\xbb\xbf" if page.quirk == "bom" else b"") + text.encode("utf-8")
        kind = "text/html" if page.quirk in ("undeclared-1252", "latin1-is-utf8", "bom") else "text/html; charset=utf-8"
        return Answer(200, body, kind, (), modified)

    # --- traps

    def twin(self, path: str) -> str:
        """The address of a page with somebody's session in it."""
        return SESSION[self.body.style].format(id=hex_of(24, "twin", self.body.slug, path), path=path)

    def _trap(self, path: str, query: Mapping[str, str]) -> Answer | None:
        if match := re.fullmatch(r"/kalender/(\d{4})/(\d{1,2})/(?:(\d{1,2})/)?", path):
            return self._month(int(match[1]), int(match[2]), lambda y, m: f"/kalender/{y}/{m}/")
        if path == self._calendar() and "year" in query and "month" in query:
            year, month = query["year"], query["month"]
            if year.isdigit() and month.isdigit():
                return self._month(int(year), int(month), lambda y, m: f"{path}?year={y}&month={m}")
        if path == self._search_path() and "q" in query:
            side = int(query.get("side", "1")) if query.get("side", "1").isdigit() else 1
            again = f"{path}?q={quote(query['q'])}&side={side + 1}"
            listed = list(self.pages.values())[side % 7 :: 7]
            return html(markup.render(self.frame, Page(path, "Søkeresultat", (), lists=(*((p.title, p.path) for p in listed), ("Neste", again)))))
        return None

    def _month(self, year: int, month: int, address: Callable[[int, int], str]) -> Answer:
        """A month with links to the one before and the one after, for ever."""
        month, year = (month - 1) % 12 + 1, min(max(year, 1900), 9000)
        before, after = (year - (month == 1), (month - 2) % 12 + 1), (year + (month == 12), month % 12 + 1)
        links = [("Forrige måned", address(*before)), ("Neste måned", address(*after))]
        return html(markup.render(self.frame, Page(self._calendar(), f"{days.MONTHS[month - 1]} {year}", ("Ingen arrangementer denne måneden.",), lists=tuple(links))))

    # --- sitemaps

    def _sitemap(self, path: str) -> Answer | None:
        style, slug = self.body.style, self.body.slug
        modified = days.http_date(self.day - timedelta(days=1))
        if slug == "hogfoss":
            return self._xml(self._urlset(self.pages), modified) if path == "/nettstedskart/kart.xml" else None
        if style == "acos":
            return html(markup.error_page(self.frame)) if path == "/sitemap.xml" and slug == "lauvmark" else None
        if style == "custompublish":
            # Only half of what there is.
            return self._xml(self._urlset(list(self.pages)[::2]), modified) if path == "/sitemap.xml" else None
        if path == "/sitemap.xml" and slug == "steinvag":
            rows = "".join(f"<url><loc>{p}</loc></url>" for p in self.pages)
            return self._xml(f"<urlset>{rows}</urlset>", modified)
        if path == "/sitemap.xml":
            parts = "".join(f"<sitemap><loc>{self.url(p)}</loc><lastmod>{self.day - timedelta(days=1)}</lastmod></sitemap>" for p in ("/sitemap-sider.xml", "/sitemap-filer.xml.gz"))
            return self._xml(f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{parts}</sitemapindex>', modified)
        if path == "/sitemap-sider.xml":
            return self._xml(self._urlset(self.pages), modified)
        if path == "/sitemap-filer.xml.gz":
            return Answer(200, gzip.compress(f'<?xml version="1.0" encoding="UTF-8"?>{self._urlset(self.files)}'.encode(), mtime=0), "application/gzip", (), modified)
        return None

    def _urlset(self, paths: Iterable[str]) -> str:
        rows = "".join(f"<url><loc>{markup.e(self.url(p))}</loc>{self._lastmod(p)}</url>" for p in paths)
        return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'

    def _lastmod(self, path: str) -> str:
        changed = self.pages[path].modified if path in self.pages else self.files[path].modified
        return f"<lastmod>{changed}</lastmod>" if changed else ""

    @staticmethod
    def _xml(text: str, modified: str) -> Answer:
        return plain(f'<?xml version="1.0" encoding="UTF-8"?>{text}', modified=modified, media_type="application/xml; charset=utf-8")
