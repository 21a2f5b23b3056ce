"""Elastic Load Balancing, which rule a request meets: source-ip conditions, and host names without regard to case.

ministack lets every source-ip condition match, so an allow list would let everybody in.
"""

import fnmatch
import ipaddress

from ministack.core.responses import get_request_client_ip
from ministack.services import alb

match_condition = alb._match_condition


def within(address, ranges):
    """Whether the address lies in one of the CIDR ranges; an address or range that is none lies nowhere."""
    try:
        return any(ipaddress.ip_address(address) in ipaddress.ip_network(cidr) for cidr in ranges)
    except ValueError:
        return False


def match_any_condition(condition, method, path, headers, query_params):
    values = condition.get("Values", [])
    if condition.get("Field") == "source-ip":
        return within(get_request_client_ip(), values)
    if condition.get("Field") == "host-header":
        host = headers.get("host", "").split(":")[0].lower()
        return any(fnmatch.fnmatchcase(host, value.lower()) for value in values)
    return match_condition(condition, method, path, headers, query_params)


alb._match_condition = match_any_condition
