"""The platforms we can read, by key."""

from __future__ import annotations

from catalogue.sources import SourceEntry
from extractors.contract import Extractor, Source
from extractors.exceptions import PlatformError
from extractors.fetch import urls
from extractors.innsyn.acos import AcosInnsyn
from extractors.innsyn.bergen import Bergen
from extractors.innsyn.custompublish import CustomPublish
from extractors.innsyn.digdem import Digdem
from extractors.innsyn.digdem_rails import DigdemRails
from extractors.innsyn.einnsyn import EInnsyn
from extractors.innsyn.elements import Elements
from extractors.innsyn.elements_einnsyn import ElementsEInnsyn
from extractors.innsyn.firstagenda import FirstAgenda
from extractors.innsyn.innsynsportal import Innsynsportal
from extractors.innsyn.kommunetv import KommuneTv
from extractors.innsyn.noark4_journal import Noark4Journal
from extractors.innsyn.noark5_journal import Noark5Journal
from extractors.innsyn.opengov import OpenGovCases, OpenGovMeetings
from extractors.innsyn.p360 import P360Journal
from extractors.innsyn.pdf_journal import PdfJournal
from extractors.innsyn.postliste_json import PostlisteJson
from extractors.innsyn.wfinnsyn import WfInnsyn
from extractors.portals.arcgis_hub import ArcgisHub
from extractors.portals.ckan import Ckan
from extractors.portals.csw import Csw
from extractors.portals.datajson import DcatUs
from extractors.portals.datanorge import DataNorge
from extractors.portals.dcat import Dcat
from extractors.portals.geonorge import Geonorge
from extractors.portals.oai import DcatOai
from extractors.portals.opendatasoft import Opendatasoft
from extractors.portals.socrata import Socrata
from extractors.portals.sparql import DcatSparql
from extractors.portals.udata import Udata
from extractors.registers.brreg import Brreg
from extractors.registers.doffin import Doffin
from extractors.registers.kommuneinfo import Kommuneinfo
from extractors.registers.mimesbronn import MimesBronn
from extractors.registers.ssb_klass import SsbKlass
from extractors.registers.ssb_kostra import SsbKostra
from extractors.websites.by_hand import ByHand
from extractors.websites.site import Website

EXTRACTORS: dict[str, type[Extractor]] = {
    e.platform: e
    for e in (
        AcosInnsyn,
        EInnsyn,
        Elements,
        ElementsEInnsyn,
        WfInnsyn,
        P360Journal,
        OpenGovMeetings,
        OpenGovCases,
        Innsynsportal,
        Digdem,
        DigdemRails,
        PostlisteJson,
        CustomPublish,
        Bergen,
        FirstAgenda,
        KommuneTv,
        Noark5Journal,
        Noark4Journal,
        PdfJournal,
        Ckan,
        Dcat,
        DcatUs,
        DcatOai,
        DcatSparql,
        DataNorge,
        ArcgisHub,
        Opendatasoft,
        Socrata,
        Udata,
        Csw,
        Geonorge,
        Brreg,
        SsbKlass,
        SsbKostra,
        Kommuneinfo,
        Doffin,
        MimesBronn,
        Website,
        ByHand,
    )
}


def source_from_entry(entry: SourceEntry) -> Source:
    """The source a catalogue entry describes, its settings checked by its platform. Raises PlatformError naming entry and field."""
    if entry.platform not in EXTRACTORS:
        raise PlatformError(f"{entry.id}: no extractor reads {entry.platform}; known are {', '.join(EXTRACTORS)}")
    try:
        settings = EXTRACTORS[entry.platform].Settings.model_validate(entry.settings)
    except ValueError as error:
        raise PlatformError(f"{entry.id}: settings do not fit {entry.platform}: {error}") from error
    permission = "; ".join(f"{k}: {v}" for k, v in dict(entry.permission).items()) if entry.permission else None
    return Source(
        id=entry.id, authority=entry.authority, platform=entry.platform, url=urls.parse(entry.url), settings=settings,
        kinds=tuple(entry.kinds), hosts=tuple(entry.hosts), licence=entry.licence, permission=permission,
    )  # fmt: skip
