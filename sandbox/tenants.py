"""The further platforms of the sandbox: what a tenant of a journal, meeting or streaming system is, and which there are.

A tenant is made from a body's journal and meetings and answers as its platform does. Where many tenants share a host, each answers the
questions that are its own and `stranger` answers for the rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import ClassVar, Protocol

from sandbox.answers import Answer, Question
from sandbox.bergen import Bergen
from sandbox.bodies import Body
from sandbox.custompublish import CustomPublish
from sandbox.digdem import Digdem
from sandbox.digdem_rails import DigdemRails
from sandbox.elements import Elements
from sandbox.elements_einnsyn import ElementsEInnsyn
from sandbox.firstagenda import FirstAgenda
from sandbox.innsynsportal import Innsynsportal
from sandbox.journal import Journal
from sandbox.judge import HostRules
from sandbox.kommunetv import KommuneTv
from sandbox.living import AcosInnsyn, EInnsyn
from sandbox.meetings import Meeting
from sandbox.noark4_journal import Noark4Journal
from sandbox.noark5_journal import Noark5Journal
from sandbox.opengov import OpenGovCases, OpenGovMeetings
from sandbox.p360 import P360
from sandbox.pdf_journal import PdfJournal
from sandbox.postliste_json import PostlisteJson
from sandbox.wfinnsyn import WfInnsyn


class Tenant(Protocol):
    """One body on one platform. `host` may be shared; `home` is the address a source entry names; `settings` what it must say.

    A platform that differs from the others says so with what the month then heeds: `lacks`, the columns it does not carry (`document_date`);
    `carries(index)`, whether it publishes an entry at all; `says_type(index)`, whether it says the type of an entry; `case_number(case)`, how it
    writes the number of a case.
    """

    platform: ClassVar[str]
    kinds: ClassVar[tuple[str, ...]]
    host: str
    home: str

    def __init__(self, body: Body, seed: int, day: date, journal: Journal, meetings: Sequence[Meeting]) -> None: ...

    def answers(self, question: Question) -> bool:
        """Is the question this tenant's? On a host of its own: always."""
        ...

    def respond(self, question: Question) -> Answer: ...

    @staticmethod
    def stranger(question: Question) -> Answer:
        """What the host answers when the question is no tenant's (robots.txt included, on a shared host)."""
        ...

    def rules(self) -> HostRules: ...

    def settings(self) -> Mapping[str, object]: ...

    def entry_key(self, index: int) -> str:
        """The source's own identifier of a journal entry, as the extractor gives it as `key`."""
        ...

    def item_key(self, meeting: int, item: int) -> str: ...

    def counts(self, since: date, until: date) -> Mapping[str, int]:
        """How many records of each kind a harvest of the window should bring (meetings 30 days further both ways)."""
        ...


TENANTS: dict[str, type[Tenant]] = {
    AcosInnsyn.platform: AcosInnsyn,
    EInnsyn.platform: EInnsyn,
    Elements.platform: Elements,
    ElementsEInnsyn.platform: ElementsEInnsyn,
    P360.platform: P360,
    OpenGovMeetings.platform: OpenGovMeetings,
    OpenGovCases.platform: OpenGovCases,
    WfInnsyn.platform: WfInnsyn,
    Innsynsportal.platform: Innsynsportal,
    Digdem.platform: Digdem,
    DigdemRails.platform: DigdemRails,
    PostlisteJson.platform: PostlisteJson,
    CustomPublish.platform: CustomPublish,
    Bergen.platform: Bergen,
    FirstAgenda.platform: FirstAgenda,
    KommuneTv.platform: KommuneTv,
    Noark5Journal.platform: Noark5Journal,
    Noark4Journal.platform: Noark4Journal,
    PdfJournal.platform: PdfJournal,
}
"""By platform. A module of the sandbox for a platform is entered here; `bodies.FURTHER` says which body uses which."""
