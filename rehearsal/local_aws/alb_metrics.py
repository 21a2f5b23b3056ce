"""Elastic Load Balancing, what it tells CloudWatch: requests, status codes and response times, twice a second.

Names and dimensions are AWS's: counts per load balancer, and per target group of it. A count that would be 0 is not
reported, as on AWS. There the figures are a minute's; here each half second's, so that an alarm sees them at once.
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
"""

import contextvars
import threading
import time
from collections import Counter

from ministack.core.responses import set_request_account_id, set_request_region
from ministack.services import alb
from ministack.services import cloudwatch as cw

from . import cloudwatch

NAMESPACE = "AWS/ApplicationELB"
PUSH_SECONDS = 0.5
# Response times are kept in steps this wide, so that a second's worth is a few values and percentiles still work.
TIME_STEP = 0.005
# How the load balancer words the answers it gives itself because no target could.
FUNCTION_FAILED = b'{"message": "Lambda error'
OWN_ANSWERS = (FUNCTION_FAILED, b'{"message": "Lambda function', b'{"message": "Target', b'{"message": "No registered')

chosen_target = contextvars.ContextVar("chosen_target", default=None)
waiting = {}  # (account, region, load balancer, target group or None, metric, value or None) -> count
waiting_lock = threading.Lock()

forward_to_target_group, dispatch_request = alb._forward_to_tg, alb.dispatch_request


def full_name(arn):
    """`targetgroup/name/id` of a target group's ARN, `app/name/id` of a load balancer's."""
    return arn.split(":", 5)[5].removeprefix("loadbalancer/")


async def forward_and_measure(target_group, *request):
    started = time.monotonic()
    response = await forward_to_target_group(target_group, *request)
    chosen_target.set((target_group, time.monotonic() - started))
    return response


async def dispatch_and_count(load_balancer, *request, **options):
    chosen_target.set(None)
    response = await dispatch_request(load_balancer, *request, **options)
    if chosen_target.get():
        count(load_balancer["LoadBalancerArn"], *chosen_target.get(), response[0], response[2])
    return response


def count(load_balancer_arn, target_group_arn, seconds, status, body):
    _, _, _, region, account, _ = load_balancer_arn.split(":", 5)
    load_balancer, target_group = full_name(load_balancer_arn), full_name(target_group_arn)
    own = status >= 500 and isinstance(body, bytes) and body.startswith(OWN_ANSWERS)
    with waiting_lock:
        for group in (None, target_group):
            add = waiting_counter(account, region, load_balancer, group)
            add["RequestCount", None] += 1
            if not own:
                add[f"HTTPCode_Target_{status // 100}XX_Count", None] += 1
                add["TargetResponseTime", round(seconds / TIME_STEP) * TIME_STEP] += 1
        if own:
            waiting_counter(account, region, load_balancer, None)["HTTPCode_ELB_5XX_Count", None] += 1
        if own and body.startswith(FUNCTION_FAILED):
            waiting_counter(account, region, load_balancer, target_group)["LambdaUserError", None] += 1


def waiting_counter(*where):
    return waiting.setdefault(where, Counter())


def push():
    """Hands what was counted to CloudWatch, in the load balancer's own account and region."""
    with waiting_lock:
        ready = dict(waiting)
        waiting.clear()
    now = time.time()
    for (account, region, load_balancer, group), counter in ready.items():
        set_request_account_id(account)
        set_request_region(region)
        dimensions = {"LoadBalancer": load_balancer, **({"TargetGroup": group} if group else {})}
        for (metric, value), times in counter.items():
            if value is None:
                cw._store_datum(NAMESPACE, metric, dimensions, now, "Count", times, None, None, None)
            else:
                cw._store_datum(NAMESPACE, metric, dimensions, now, "Seconds", None, [value], [times], None)


def push_for_ever():
    while True:
        time.sleep(PUSH_SECONDS)
        try:
            push()
            cloudwatch.evaluate_every_alarm()
        except Exception:  # the next second's figures must still be pushed
            alb.logger.exception("the load balancers' metrics were not pushed")


alb._forward_to_tg, alb.dispatch_request = forward_and_measure, dispatch_and_count
threading.Thread(target=push_for_ever, daemon=True, name="local-aws-alb-metrics").start()
