"""Where a request came from, as limits count it: an address, or of IPv6 the network one customer is given."""

from ipaddress import IPv6Address, ip_address, ip_network


def network_of(host: str) -> str:
    """Return the address of a host; of IPv6 its /64, as one customer has all of that; else "unknown"."""
    try:
        ip = ip_address(host)
    except ValueError:
        return "unknown"
    if isinstance(ip, IPv6Address):
        return str(ip_network((int(ip), 64), strict=False))
    return str(ip)
