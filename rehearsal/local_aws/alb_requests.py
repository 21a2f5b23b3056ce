"""Elastic Load Balancing, which load balancer and which rule a request meets.

ministack serves only the default account's load balancers, answers paths like /health itself whichever name they are
asked of, and lets every source-ip condition match, so that an allow list would let everybody in.
"""

import fnmatch
import ipaddress

import ministack.app
from ministack.core.responses import get_request_client_ip, set_request_account_id, set_request_region
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

# A load balancer answers on its DNS name whatever account owns it.
find_own_load_balancer = alb.find_lb_for_host


def find_load_balancer(host):
    found = find_own_load_balancer(host)
    if found:
        return found
    name = host.split(":")[0].lower()
    found = next((lb for lb in alb._lbs.all_values() if lb["DNSName"].lower() == name), None)
    if found:
        _, _, _, region, account, *_ = found["LoadBalancerArn"].split(":")
        set_request_account_id(account)
        set_request_region(region)
    return found


alb.find_lb_for_host = find_load_balancer

# On that name, every path is the application's.
DATA_PLANE = "_handle_special_data_plane_request"
take_special = getattr(ministack.app, DATA_PLANE)


def is_load_balancer(headers):
    return headers.get("host", "").split(":")[0].lower().endswith(".elb.amazonaws.com")


def leave_to_load_balancer(shortcut, headers_at):
    async def take(*request):
        return None if is_load_balancer(request[headers_at]) else await shortcut(*request)

    return take


async def take_special_or_load_balancer(method, path, headers, body, query_params, request_id, **raw):
    if is_load_balancer(headers):
        return await ministack.app._handle_alb_request(
            headers["host"], path, method, headers, body, query_params, raw.get("raw_query_string"), raw.get("raw_path")
        )
    return await take_special(method, path, headers, body, query_params, request_id, **raw)


for name in ("_handle_pre_body_request", "_handle_post_body_shortcuts"):
    setattr(ministack.app, name, leave_to_load_balancer(getattr(ministack.app, name), headers_at=2))
setattr(ministack.app, DATA_PLANE, take_special_or_load_balancer)
