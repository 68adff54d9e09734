"""XML from strangers: no document type, no entities, no network."""

from __future__ import annotations

import re

from lxml import etree  # ty: ignore[missing-module-member]

from catalogue.reasons import Reason
from extractors.exceptions import Reasoned


class UnsafeXml(Reasoned, ValueError):
    """XML that is not read: it declares a document type, or is none."""


def read_xml(body: bytes) -> etree._Element:
    """The root element. Raises UnsafeXml; a document type is refused before anything is expanded, in whatever encoding it is written."""
    if re.search(rb"<!(DOCTYPE|ENTITY)", body[:5000], re.I):
        raise UnsafeXml(Reason("document_type_refused"))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnsafeXml(Reason("xml_broken")) from error
    if root.getroottree().docinfo.doctype:
        raise UnsafeXml(Reason("document_type_refused"))
    return root


def local(element: etree._Element) -> str:
    """An element's name without its namespace."""
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""
