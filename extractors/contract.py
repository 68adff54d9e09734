"""What a source, a request, a capture, a record and an extractor are.

Everything that crosses from the web into the warehouse has one of these shapes. A platform module fills in an
`Extractor`; the loop in `extractors.harvest` does the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum
from json import dumps as to_json
from typing import Any, ClassVar
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict

from catalogue.reasons import Reason


class Outcome(StrEnum):
    """How one run of one source ended. Exactly one per run; zero records is a claim that needs proof."""

    FRESH = "fresh"
    UNCHANGED = "unchanged"
    EMPTY_VERIFIED = "empty_verified"
    PARTIAL = "partial"
    BLOCKED = "blocked"
    DRIFTED = "drifted"
    FAILED = "failed"


class Whole(StrEnum):
    """What a run that went well proves of a kind of record: when an entry that we have and that lies in it was not shown, it is missing.

    `window`: the service is asked by the entry's own date (that of the journal or the meeting), so all days of the window are whole.
    `today`: it is asked by a date that moves when an entry is touched; the days are whole when the window reaches the day of the run.
    `days`: only the days it states a count for (a Claim with scope `day`) are whole, such as those of a file that is still offered.
    """

    WINDOW = "window"
    TODAY = "today"
    DAYS = "days"


class SourceSettings(BaseModel):
    """What a source entry of a platform may say. Unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True)
class Source:
    """One body on one platform at one address.

    `id` is `<platform>/<slug>`; `authority` is the organisation number, nine digits; `hosts` are the host names this source
    may be asked on; `permission` is the written permission (who, when, reference) to read a host whose robots.txt refuses us.
    """

    id: str
    authority: str
    platform: str
    url: str
    settings: Any = field(default_factory=SourceSettings)
    kinds: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    licence: str | None = None
    permission: str | None = None


@dataclass(frozen=True)
class Window:
    """The days a run asks for, both ends included."""

    since: date
    until: date


@dataclass(frozen=True)
class Known:
    """What the warehouse already holds of a source: its watermark and the identifiers seen."""

    watermark: str | None = None
    identifiers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Request:
    """One question to a server. `json` is posted as JSON, `form` as a form (application/x-www-form-urlencoded).

    `context` is small JSON that comes back on the capture (page number, case, depth).

    `role` says what the answer is for: `data` counts towards the outcome, `shell` is set-up (cookies, configuration),
    `probe` only proves that an older entry exists when the window is empty, `index` is a sitemap or feed,
    `document` is a linked file.

    `credential` is (header, name of an environment variable) for a service that wants a key: the client fills the header in as it
    sends, to the source's own host only, so that the key stands in no archive, log or batch.
    """

    url: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    json: Any = None
    form: tuple[tuple[str, str], ...] = ()
    context: Mapping[str, Any] = field(default_factory=dict)
    role: str = "data"
    credential: tuple[str, str] | None = None

    @property
    def key(self) -> str:
        """Identity of the question within a run; asked once only."""
        body = self.json if self.json is not None else self.form or None
        return f"{self.method} {self.url} {to_json(body, sort_keys=True, ensure_ascii=False) if body is not None else ''}"

    @property
    def body(self) -> bytes:
        """The bytes that are sent; none for a question without a body."""
        if self.json is not None:
            return to_json(self.json, ensure_ascii=False).encode()
        return urlencode(self.form).encode()

    @property
    def body_type(self) -> str:
        """The media type of `body`."""
        return "application/json" if self.json is not None else "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Capture:
    """One archived answer, body decoded of transfer and content encoding.

    `id` is the archive's record id; `sha256` the payload digest; `text` is decoded by rule (`fetch.charset`);
    `not_modified` is true when the server answered 304 and `body` is the archived one.
    `fetched_at` is ISO 8601 UTC. `media_type` is sniffed, not believed.
    """

    id: str
    request: Request
    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    fetched_at: str
    sha256: str
    media_type: str = "application/octet-stream"
    text: str = ""
    not_modified: bool = False

    @property
    def context(self) -> Mapping[str, Any]:
        return self.request.context

    @property
    def is_ok(self) -> bool:
        return 200 <= self.status < 300


@dataclass(frozen=True, kw_only=True)
class Record:
    """What a source said. Parts with one `key` are merged in transforms; None means this part did not say.

    `key` is the source's own stable identifier; `locator` is where in the capture (JSON pointer, CSS path, row).
    `leftovers` names the fields of the answer that nobody consumed.
    """

    kind: ClassVar[str] = ""
    key: str
    capture: str = ""
    locator: str = ""
    leftovers: tuple[str, ...] = ()

    def as_row(self) -> dict[str, Any]:
        return {f.name: getattr(self, f.name) for f in fields(self)}


@dataclass(frozen=True, kw_only=True)
class File:
    """A document that hangs on a record; `is_open` False means it must be asked for."""

    title: str | None = None
    url: str | None = None
    media_type: str | None = None
    is_open: bool | None = None


@dataclass(frozen=True, kw_only=True)
class JournalEntry(Record):
    """A journal entry (journalpost), ATLAS 1.1. Dates are as the source wrote them; `document_type` likewise."""

    kind: ClassVar[str] = "journal_entry"
    case_number: str | None = None
    document_number: str | None = None
    serial: str | None = None
    journal_date: str | None = None
    document_date: str | None = None
    published_at: str | None = None
    document_type: str | None = None
    title: str | None = None
    case_title: str | None = None
    case_key: str | None = None
    senders: tuple[str, ...] | None = None
    recipients: tuple[str, ...] | None = None
    access: str | None = None
    legal_basis: str | None = None
    case_worker: str | None = None
    unit: str | None = None
    class_code: str | None = None
    files: tuple[File, ...] | None = None
    source_url: str | None = None


@dataclass(frozen=True, kw_only=True)
class CaseFile(Record):
    """A case (saksmappe)."""

    kind: ClassVar[str] = "case"
    case_number: str | None = None
    title: str | None = None
    case_date: str | None = None
    status: str | None = None
    case_type: str | None = None
    unit: str | None = None
    source_url: str | None = None


@dataclass(frozen=True, kw_only=True)
class Meeting(Record):
    """A meeting (møte) of a committee."""

    kind: ClassVar[str] = "meeting"
    committee: str | None = None
    start: str | None = None
    place: str | None = None
    status: str | None = None
    video_url: str | None = None
    files: tuple[File, ...] | None = None
    source_url: str | None = None


@dataclass(frozen=True, kw_only=True)
class AgendaItem(Record):
    """An agenda item (møtesak); `text` is the case presentation or decision when the source publishes it as text."""

    kind: ClassVar[str] = "agenda_item"
    meeting_key: str | None = None
    number: str | None = None
    title: str | None = None
    item_type: str | None = None
    case_number: str | None = None
    text: str | None = None
    decision: str | None = None
    files: tuple[File, ...] | None = None
    source_url: str | None = None


@dataclass(frozen=True, kw_only=True)
class Distribution:
    """A distribution of a dataset, PORTALS 2.11. The last two: whether the source says it at all; None when that is not read."""

    access_url: str | None = None
    download_url: str | None = None
    format: str | None = None
    media_type: str | None = None
    size_bytes: int | None = None
    licence: str | None = None
    modified: str | None = None
    issued_present: bool | None = None
    rights_present: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Dataset(Record):
    """A dataset as a portal describes it, PORTALS 2.11. `publisher` is an organisation number where the source has one.

    `modified` is what the description says, `modified_kind` of what: `data`, `metadata`, or `harvest` when only a harvester's date is
    known; `harvested` is when a catalogue's own harvester last saw a change, also when the description has a date.
    """

    kind: ClassVar[str] = "dataset"
    uri: str | None = None
    publisher: str | None = None
    publisher_name: str | None = None
    title: str | None = None
    description: str | None = None
    keywords: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    access_rights: str | None = None
    licence: str | None = None
    issued: str | None = None
    modified: str | None = None
    modified_kind: str | None = None
    frequency: str | None = None
    spatial: str | None = None
    contact_present: bool | None = None
    temporal_present: bool | None = None
    harvested: str | None = None
    landing_page: str | None = None
    distributions: tuple[Distribution, ...] = ()
    source_url: str | None = None


@dataclass(frozen=True, kw_only=True)
class Notice(Record):
    """A notice of procurement (kunngjøring). `publisher` is the buyer's organisation number where the notice has one.

    `case_number` is the buyer's own reference (often its case number); `winners` are organisations by name; `tenders` counts those
    received; `amount` is the value the notice states (of the contract, else estimated). Contact persons are never taken.
    """

    kind: ClassVar[str] = "notice"
    publisher: str | None = None
    publisher_name: str | None = None
    title: str | None = None
    text: str | None = None
    notice_type: str | None = None
    subtype: str | None = None
    procedure: str | None = None
    status: str | None = None
    result: str | None = None
    case_number: str | None = None
    issued: str | None = None
    deadline: str | None = None
    awarded: str | None = None
    amount: str | None = None
    currency: str | None = None
    tenders: str | None = None
    winners: tuple[str, ...] | None = None
    cpv: tuple[str, ...] | None = None
    places: tuple[str, ...] | None = None
    language: str | None = None
    source_url: str | None = None


@dataclass(frozen=True, kw_only=True)
class RegisterFact(Record):
    """One statement of a register about one subject: a unit's name, a municipality's successor, a figure of a year.

    `subject` is an organisation number (nine digits), a municipality's number (four), a county's (two) or a code of the register;
    `property` says what is stated (`catalogue/labels.toml`, or a table and its contents for a figure); `label` is what a coded value is
    called; a fact with a `unit` is a figure; `status` is the register's mark of a value it does not give; `since` and `until` are the days
    it holds for, as far as the register says. A `value` of None says that the register has none.
    """

    kind: ClassVar[str] = "register_fact"
    subject: str
    property: str
    value: str | None = None
    label: str | None = None
    unit: str | None = None
    status: str | None = None
    since: str | None = None
    until: str | None = None
    source_url: str | None = None


@dataclass(frozen=True, kw_only=True)
class Page(Record):
    """A web page or a linked document. `key` is the canonical URL. `text` is the main text, blocks parted by blank lines.

    `shape` is `page`, `shell` (under 300 characters of main text: nothing may be concluded from it), `document` or `unreadable`.
    """

    kind: ClassVar[str] = "page"
    title: str | None = None
    text: str | None = None
    language: str | None = None
    published: str | None = None
    modified: str | None = None
    breadcrumb: tuple[str, ...] = ()
    shape: str = "page"
    media_type: str | None = None
    linked_from: str | None = None
    link_text: str | None = None
    source_url: str | None = None


@dataclass(frozen=True, kw_only=True)
class Claim(Record):
    """What the source states about itself: how many it has in all or in the window (`count`), or that an older entry exists.

    `about` is the record kind counted; `scope` is `window`, `total`, `probe` or `day` (then `day` says which, YYYY-MM-DD); `answer` counts
    nothing and only carries the leftovers of an answer's envelope.
    """

    kind: ClassVar[str] = "claim"
    about: str = ""
    scope: str = "window"
    count: int = 0
    day: str | None = None


@dataclass(frozen=True, kw_only=True)
class Trouble(Record):
    """An answer, or a part of one, that could not be read: it goes to quarantine with its reason.

    `outcome` is what it means for the run: `drifted` (structure broken), `blocked` (login, refusal), `partial`, `failed`.
    `reason` is a code with values (`catalogue.reasons`) and never quotes text of the source.
    """

    kind: ClassVar[str] = "trouble"
    outcome: Outcome = Outcome.DRIFTED
    reason: Reason


@dataclass(frozen=True)
class SourceGuess:
    """What a page lets us conclude about the platform behind it. `kinds` says which record kinds stand there when it is not all of them."""

    platform: str
    url: str
    settings: Mapping[str, Any]
    evidence: str
    confidence: float
    kinds: tuple[str, ...] = ()


class Extractor:
    """A platform. A subclass is a filled-in form: a data sheet as docstring, then these attributes, then three methods.

    `parse` is a pure function of the capture: no clock, no network, no memory. `whole` says of which kinds a window is read whole, and in
    what sense; a platform without windows names none, and nothing of it is ever taken for withdrawn.
    """

    platform: ClassVar[str]
    yields: ClassVar[tuple[type[Record], ...]]
    whole: ClassVar[Mapping[str, Whole]] = {}
    Settings: type[SourceSettings] = SourceSettings

    def start(self, source: Source, window: Window, known: Known) -> Iterable[Request]:
        raise NotImplementedError

    def parse(self, source: Source, window: Window, capture: Capture) -> Iterator[Record | Request]:
        raise NotImplementedError

    @classmethod
    def detect(cls, capture: Capture) -> SourceGuess | None:
        return None
