"""One page that a person knows of: read like any page of a website, and nothing is followed from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from extractors.contract import Capture, Known, Page, Record, Request, Source, SourceGuess, Window
from extractors.websites.site import Website


class ByHand(Website):
    """
    vendor       any
    recognise    never: a person gives the address
    endpoints    the address itself
    set-up       none
    paging       none
    windows      none
    limits       one page
    quirks       as for websites; links are not followed
    yields       the page, or the document (PDF as text)
    licence      as for websites
    facts from   whoever added it; the decision log says who and why
    """

    platform = "by-hand"
    yields = (Page,)

    def start(self, source: Source, window: Window, known: Known) -> Iterable[Request]:
        yield Request(url=source.url, context={"step": "page", "depth": 0, "rank": 0})

    def parse(self, source: Source, window: Window, capture: Capture) -> Iterator[Record | Request]:
        yield from (item for item in super().parse(source, window, capture) if not isinstance(item, Request))

    @classmethod
    def detect(cls, capture: Capture) -> SourceGuess | None:
        return None
