"""Which network addresses are public; everything else is refused unless a source names the host."""

from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address

# IANA IPv4 special-purpose registry. `ipaddress.is_global` is not used: it changed between patch levels of
# Python 3.11, and it calls the translation prefixes below global.
_CLOSED_4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local; cloud metadata
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
_OPEN_6 = IPv6Network(
    "2000::/3"
)  # all that IANA gives out as global unicast; so no ULA, link-local, mapped, NAT64
_CLOSED_6 = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",
        "2002::/16",  # 6to4 carries an IPv4 address inside
        "3fff::/20",
    )
)


def is_public(address: str) -> bool:
    """Return whether this IP address lies on the public internet; text that is no IP address does not."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address):
        return parsed in _OPEN_6 and not any(parsed in network for network in _CLOSED_6)
    return not any(parsed in network for network in _CLOSED_4)
