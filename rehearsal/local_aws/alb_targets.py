"""Elastic Load Balancing, target groups: the targets a template registers, their full name, and the health of functions.

ministack forgets the targets of a template, leaves the beginning of a target group's full name out, gives it an id of
letters where AWS's is hexadecimal, and calls a function healthy that nobody checks.
"""

import re
import secrets

from ministack.services import alb
from ministack.services.cloudformation import provisioners as cfn

create_target_group, describe_target_health = cfn._elbv2_target_group_create, alb._describe_target_health


def with_hexadecimal_id(made, attributes):
    arn = f"{made.rpartition('/')[0]}/{secrets.token_hex(8)}"
    for store in (alb._tgs, alb._targets, alb._tags, alb._tg_attrs):
        store[arn] = store.pop(made)
    alb._tgs[arn]["TargetGroupArn"] = arn
    return arn, {**attributes, "TargetGroupArn": arn, "TargetGroupFullName": alb._target_group_full_name_from_arn(arn)}


def create_target_group_with_targets(logical_id, props, stack_name):
    arn, attributes = with_hexadecimal_id(*create_target_group(logical_id, props, stack_name))
    alb._targets[arn] = [{key: target[key] for key in ("Id", "Port") if key in target} for target in props.get("Targets") or []]
    if alb._tgs[arn].get("TargetType") == "lambda":  # a function is checked only where that is asked for
        alb._tgs[arn]["HealthCheckEnabled"] = str(props.get("HealthCheckEnabled", "")).lower() == "true"
    return arn, attributes


def describe_function_health(params):
    """A function has no port; without a health check its state is `unavailable`, which still takes requests."""
    status, headers, body = describe_target_health(params)
    group = alb._tgs.get(alb._p(params, "TargetGroupArn")) or {}
    if status != 200 or group.get("TargetType") != "lambda":
        return status, headers, body
    xml = re.sub(r"<Port>[^<]*</Port>", "", body.decode())
    if not group.get("HealthCheckEnabled"):
        xml = xml.replace("<State>healthy</State>", "<State>unavailable</State><Reason>Target.HealthCheckDisabled</Reason>")
    return status, headers, xml.encode()


cfn._RESOURCE_HANDLERS["AWS::ElasticLoadBalancingV2::TargetGroup"]["create"] = create_target_group_with_targets
alb._ACTION_MAP["DescribeTargetHealth"] = describe_function_health
# AWS: `targetgroup/<name>/<id>`, which is also what the metrics' dimension holds.
alb._target_group_full_name_from_arn = lambda arn: arn.split(":", 5)[5]
