"""Is this an address we may connect to? Only public web addresses, in every form they can be written (WEB B.8)."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable

import ada_url

from catalogue.reasons import Reason
from extractors.exceptions import AddressRefused, HostUnknown, InvalidURL
from extractors.fetch.urls import parse

Resolver = Callable[[str], Iterable[str]]
PORTS = {"", "80", "443"}
NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
V4_COMPATIBLE = ipaddress.ip_network("::/96")


def embedded_ipv4(address: ipaddress.IPv6Address) -> list[ipaddress.IPv4Address]:
    """Every IPv4 address hidden in an IPv6 one: mapped, 6to4, Teredo, NAT64 and v4-compatible."""
    found = [a for a in (address.ipv4_mapped, address.sixtofour, *(address.teredo or ())) if a is not None]
    if any(address in network for network in (*NAT64, V4_COMPATIBLE)):
        found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return found


def is_public(text: str) -> bool:
    """True when the address, and every IPv4 address embedded in it, is global unicast.

    `ipaddress.is_global` alone is not enough: it calls NAT64 and 6to4 forms of loopback global.
    """
    address = ipaddress.ip_address(text.split("%", 1)[0])
    forms = [address, *(embedded_ipv4(address) if isinstance(address, ipaddress.IPv6Address) else [])]
    return all(form.is_global and not form.is_multicast and not form.is_reserved for form in forms)


def check_shape(url: str) -> tuple[str, str | None]:
    """Scheme, userinfo and port of a URL. Returns (host name, literal address or None). Raises AddressRefused."""
    try:
        parts = ada_url.URL(parse(url))
    except InvalidURL as error:
        raise AddressRefused(error.reason) from error
    if parts.protocol not in ("http:", "https:"):
        raise AddressRefused(Reason("scheme_refused", scheme=parts.protocol.rstrip(":")))
    if parts.username or parts.password:
        raise AddressRefused(Reason("user_name_refused"))
    if parts.port not in PORTS:
        raise AddressRefused(Reason("port_refused", port=parts.port))
    host = parts.hostname
    if not host:
        raise AddressRefused(Reason("no_host"))
    try:
        literal = str(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        literal = None
    if literal is None and (host.rstrip(".") == "localhost" or host.rstrip(".").endswith((".localhost", ".local", ".internal"))):
        raise AddressRefused(Reason("local_name", host=host))
    return host, literal


def check_url(url: str, resolve: Resolver) -> list[str]:
    """The public addresses to connect to for this URL; the caller must use one of these and no other look-up.

    `resolve(host)` gives the addresses of a host name. The name is looked up twice, so that one that answers differently
    (rebinding) is refused as soon as either answer is not public. Raises AddressRefused, HostUnknown (one of its kind).
    """
    host, literal = check_shape(url)
    if literal is not None:
        if not is_public(literal):
            raise AddressRefused(Reason("not_public", host=host))
        return [literal]
    try:
        first, second = list(resolve(host)), list(resolve(host))
    except (OSError, UnicodeError) as error:
        raise HostUnknown(Reason("host_unknown", host=host)) from error
    if not first:
        raise HostUnknown(Reason("host_unknown", host=host))
    for address in (*first, *second):
        if not is_public(address):
            raise AddressRefused(Reason("resolves_not_public", host=host, address=address))
    return first
