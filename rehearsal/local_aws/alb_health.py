"""Elastic Load Balancing, the health of targets with an address: checked, and drained when they go.

ministack calls every registered target healthy, and forgets one at the moment it is deregistered. Here a target is
`initial` until its health check has passed often enough, gets no request while others are healthy and it is not, and
is `draining` after it was deregistered until its last request is answered or its deregistration delay is over: then what is
still open is broken off. Where no target is healthy all of them get requests, as on AWS.
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html#http-502-issues

Checks come every half second, whatever the target group says; its path, codes and thresholds count.
"""

import asyncio
import http.client
import math
import random
import threading
import time
from collections import Counter

from ministack.core.responses import StreamingResponse, set_request_account_id, set_request_region
from ministack.services import alb

from . import alb_stickiness

CHECK_SECONDS = 0.5
# How often somebody looks whether what is still answered has had its time.
LOOK_SECONDS = 0.1
WITH_ADDRESSES = ("ip", "instance")
REASONS = {"initial": "Elb.RegistrationInProgress", "unhealthy": "Target.FailedHealthChecks", "draining": "Target.DeregistrationInProgress"}

forward_to_target_group, set_targets = alb._forward_to_tg, alb.set_targets_for_group
deregister_targets, describe_target_health = alb._deregister_targets, alb._describe_target_health

lock = threading.Lock()
checked = {}  # (target group, address, port) -> (state, answers in a row that speak against it)
draining = {}  # the same -> until when at the latest
under_way = Counter()  # the same -> requests


def key_of(arn, target):
    return arn, str(target["Id"]), int(target.get("Port") or alb._tgs[arn].get("Port") or 80)


def has_addresses(arn):
    return (alb._tgs.get(arn) or {}).get("TargetType", "instance") in WITH_ADDRESSES


def state_of(key):
    return checked.get(key, ("initial", 0))[0]


def delay_of(arn):
    attributes = {each["Key"]: each["Value"] for each in alb._tg_attrs.get(arn) or []}
    return float(attributes.get("deregistration_delay.timeout_seconds", 300))


# Deregistering.
def begin_draining(arn, before):
    """Those that were registered before and are not any more; their requests are finished."""
    left = {key_of(arn, target) for target in alb._targets.get(arn, [])}
    with lock:
        for key in before - left:
            draining[key] = time.time() + delay_of(arn)
            checked.pop(key, None)
        for key in left:
            draining.pop(key, None)


def registered(arn):
    return {key_of(arn, target) for target in alb._targets.get(arn, [])} if has_addresses(arn) else set()


def set_and_drain(arn, targets, previous_ids=()):
    before = registered(arn)
    answer = set_targets(arn, targets, previous_ids)
    begin_draining(arn, before)
    return answer


def deregister_and_drain(params):
    arn = alb._p(params, "TargetGroupArn")
    before = registered(arn)
    answer = deregister_targets(params)
    begin_draining(arn, before)
    return answer


def still_draining(key):
    return draining.get(key, 0) > time.time() and under_way[key] > 0


def wait_until_drained(address):
    """For who is about to stop what listens there."""
    while any(still_draining(key) for key in list(draining) if key[1] == address):
        time.sleep(0.05)


# Serving.
def chosen_of(keys, headers, arn, now):
    """The target that answers: the one that the client's cookie keeps it at, while that is healthy, or any that is."""
    healthy = [key for key in keys if state_of(key) == "healthy"]
    kept = alb_stickiness.kept_at(alb_stickiness.AT_TARGET, headers, now) if alb_stickiness.seconds_at_target(arn) else None
    return next((key for key in healthy if list(key) == kept), None) or random.choice(healthy or keys)


async def forward_to_healthy(arn, method, path, headers, body, query_params, raw_query_string=None, raw_path=None):
    targets = alb._targets.get(arn, [])
    if not targets or not has_addresses(arn):
        return await forward_to_target_group(arn, method, path, headers, body, query_params, raw_query_string, raw_path)
    keys = {key_of(arn, target): target for target in targets}
    now = time.time()
    key = chosen_of(list(keys), headers, arn, now)
    status, headers, answer = await answered_in_time(key, alb._proxy_http_target(
        keys[key], alb._tgs[arn], method, raw_path or path, headers, body, query_params, raw_query_string
    ))
    seconds = alb_stickiness.seconds_at_target(arn)
    if seconds:
        headers = alb_stickiness.with_cookies(headers, alb_stickiness.cookies_of(alb_stickiness.AT_TARGET, key, seconds, now))
    return status, headers, answer


async def answered_in_time(key, answering):
    """A request is under way until the last of its answer is with the client, or the time to drain is over."""
    under_way_more(key, 1)
    try:
        status, headers, answer = await until_drained(key, answering)
    except TimeoutError:
        under_way_more(key, -1)
        return 502, {"Content-Type": "text/html"}, b"the deregistration delay of the target is over"
    except BaseException:
        under_way_more(key, -1)
        raise
    if not isinstance(answer, StreamingResponse):
        under_way_more(key, -1)
        return status, headers, answer

    async def stream(send, receive):
        try:
            await until_drained(key, answer.runner(send, receive))
        except TimeoutError:
            pass  # the client sees that the end is missing
        finally:
            under_way_more(key, -1)

    return status, headers, StreamingResponse(stream)


async def until_drained(key, serving):
    """What it comes to. Raises TimeoutError, and breaks the connection off, when its target is deregistered and has had its time."""
    task = asyncio.ensure_future(serving)
    try:
        while not task.done():
            await asyncio.wait({task}, timeout=LOOK_SECONDS)
            if not task.done() and draining.get(key, math.inf) <= time.time():
                raise TimeoutError
        return task.result()
    finally:
        task.cancel()


def under_way_more(key, more):
    with lock:
        under_way[key] += more


# Checking.
def codes_of(matcher):
    """`200`, `200,202` or `200-299`."""
    for part in str(matcher).split(","):
        first, _, last = part.strip().partition("-")
        yield range(int(first), int(last or first) + 1)


def answers_well(group, address, port):
    connection = http.client.HTTPConnection(address, port, timeout=2)
    try:
        connection.request("GET", group.get("HealthCheckPath") or "/", headers={"User-Agent": "ELB-HealthChecker/2.0"})
        status = connection.getresponse().status
        return any(status in codes for codes in codes_of((group.get("Matcher") or {}).get("HttpCode", "200")))
    except OSError:
        return False
    finally:
        connection.close()


def check(key, group):
    good = answers_well(group, *key[1:])
    with lock:
        state, against = checked.get(key, ("initial", 0))
        if good == (state == "healthy"):
            checked[key] = (state, 0)
            return
        needed = int(group.get("HealthyThresholdCount", 5) if good else group.get("UnhealthyThresholdCount", 2))
        changed = "healthy" if good else "unhealthy"
        checked[key] = (state, against + 1) if against + 1 < needed else (changed, 0)


def check_all():
    due = {}
    for group in list(alb._tgs.all_values()):
        arn = group["TargetGroupArn"]
        _, _, _, region, account, _ = arn.split(":", 5)
        set_request_account_id(account)
        set_request_region(region)
        due.update({key: group for key in registered(arn)})
    checks = [threading.Thread(target=check, args=each, daemon=True) for each in due.items()]
    for each in checks:
        each.start()
    for each in checks:
        each.join()
    with lock:
        for gone in [key for key in checked if key not in due]:
            del checked[gone]


def check_for_ever():
    while True:
        time.sleep(CHECK_SECONDS)
        try:
            check_all()
        except Exception:  # the next round must still come
            alb.logger.exception("targets were not checked")


# Telling.
def described(key, state):
    reason = f"<Reason>{REASONS[state]}</Reason>" if state in REASONS else ""
    target = f"<Target><Id>{key[1]}</Id><Port>{key[2]}</Port></Target>"
    return f"<member>{target}<TargetHealth><State>{state}</State>{reason}</TargetHealth></member>"


def describe_checked_health(params):
    arn = alb._p(params, "TargetGroupArn")
    if not has_addresses(arn) or arn not in alb._tgs:
        return describe_target_health(params)
    wanted = {target["Id"] for target in alb._parse_targets_param(params)}
    states = {key: "draining" for key in list(draining) if key[0] == arn and still_draining(key)}
    states.update({key: state_of(key) for key in registered(arn)})
    members = "".join(described(key, state) for key, state in states.items() if not wanted or key[1] in wanted)
    return alb._xml(200, "DescribeTargetHealth", f"<TargetHealthDescriptions>{members}</TargetHealthDescriptions>")


alb._forward_to_tg, alb.set_targets_for_group = forward_to_healthy, set_and_drain
alb._describe_target_health = describe_checked_health
alb._ACTION_MAP["DeregisterTargets"] = deregister_and_drain
threading.Thread(target=check_for_ever, daemon=True, name="local-aws-target-health").start()
