"""Elastic Load Balancing, target groups: the targets a template registers, their full name, and the health of functions.

ministack forgets the targets of a template, leaves the beginning of a target group's full name out, gives it an id of
letters where AWS's is hexadecimal, and calls every function healthy. Here one is checked where that is asked for: every half second, whatever
the target group says; its path and codes count. It gets requests all the same: it is the only target of its group.
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html#enable-health-checks-lambda
"""

import re
import secrets
import threading
import time

from ministack.core.responses import set_request_account_id, set_request_region
from ministack.services import alb, lambda_svc
from ministack.services.cloudformation import provisioners as cfn

from .alb_health import CHECK_SECONDS, codes_of

create_target_group, describe_target_health = cfn._elbv2_target_group_create, alb._describe_target_health
REASONS = {"initial": "Elb.InitialHealthChecking", "unhealthy": "Target.FailedHealthChecks"}
checked = {}  # target group -> state of its function


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
    state = checked.get(group["TargetGroupArn"], "initial")
    if group.get("HealthCheckEnabled") and state in REASONS:
        xml = xml.replace("<State>healthy</State>", f"<State>{state}</State><Reason>{REASONS[state]}</Reason>")
    if not group.get("HealthCheckEnabled"):
        xml = xml.replace("<State>healthy</State>", "<State>unavailable</State><Reason>Target.HealthCheckDisabled</Reason>")
    return status, headers, xml.encode()


def answers_well(group, function_arn):
    function, config, _ = lambda_svc._get_func_record_for_ref(function_arn)
    if not function or not config:
        return False
    asked = {"httpMethod": "GET", "path": group.get("HealthCheckPath") or "/", "headers": {"user-agent": "ELB-HealthChecker/2.0"}}
    event = {"requestContext": {"elb": {"targetGroupArn": group["TargetGroupArn"]}}, **asked, "queryStringParameters": {}, "body": "", "isBase64Encoded": False}
    result = lambda_svc._execute_function_with_config_scope(lambda_svc._execution_record_for_config(function, config), event)
    answer, _ = lambda_svc.lambda_execute_result_to_api_proxy_response(result)
    matcher = (group.get("Matcher") or {}).get("HttpCode", "200")
    return not result.get("error") and any(int(answer.get("statusCode") or 0) in codes for codes in codes_of(matcher))


def check_functions():
    for group in list(alb._tgs.all_values()):
        if group.get("TargetType") != "lambda" or not group.get("HealthCheckEnabled"):
            continue
        arn = group["TargetGroupArn"]
        _, _, _, region, account, _ = arn.split(":", 5)
        set_request_account_id(account)
        set_request_region(region)
        for target in list(alb._targets.get(arn) or []):
            checked[arn] = "healthy" if answers_well(group, target["Id"]) else "unhealthy"


def check_functions_for_ever():
    while True:
        time.sleep(CHECK_SECONDS)
        try:
            check_functions()
        except Exception:  # the next round must still come
            alb.logger.exception("functions were not checked")


cfn._RESOURCE_HANDLERS["AWS::ElasticLoadBalancingV2::TargetGroup"]["create"] = create_target_group_with_targets
alb._ACTION_MAP["DescribeTargetHealth"] = describe_function_health
# AWS: `targetgroup/<name>/<id>`, which is also what the metrics' dimension holds.
alb._target_group_full_name_from_arn = lambda arn: arn.split(":", 5)[5]
threading.Thread(target=check_functions_for_ever, daemon=True, name="local-aws-function-health").start()
