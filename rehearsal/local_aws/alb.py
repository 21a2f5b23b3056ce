"""Elastic Load Balancing: weights, targets from a template, what AWS refuses, every path, load balancers of any account.

ministack serves an ALB's listener rules but forgets the weights of a forward action and the targets a template
registers in a target group; it takes weights, target groups and priorities that AWS refuses, and calls a function
healthy that nobody checks; it answers paths like /health itself, whichever name they are asked of; and it serves only
the default account's load balancers.
"""

import random
import re

import ministack.app
from ministack.core.responses import set_request_account_id, set_request_region
from ministack.services import alb
from ministack.services.cloudformation import provisioners as cfn


def weighted_groups(action):
    """The action's target groups as [{TargetGroupArn, Weight}], weights as numbers."""
    listed = (action.get("ForwardConfig") or {}).get("TargetGroups") or []
    if not listed and action.get("TargetGroupArn"):
        listed = [{"TargetGroupArn": action["TargetGroupArn"]}]
    return [{"TargetGroupArn": g["TargetGroupArn"], "Weight": int(g.get("Weight", 1))} for g in listed]


def remember_weights(stored, requested):
    groups = weighted_groups(requested)
    if stored["Type"] != "forward" or not groups:
        return
    stored["ForwardConfig"] = {"TargetGroups": groups}
    stored.pop("TargetGroupArn", None)
    if len(groups) == 1:
        stored["TargetGroupArn"] = groups[0]["TargetGroupArn"]


# The API: CreateRule, ModifyRule, CreateListener, ModifyListener, Describe*.
parse_actions, action_xml, execute_action = alb._parse_actions, alb._action_xml, alb._execute_action


def parse_weighted_actions(params, prefix="DefaultActions"):
    actions = parse_actions(params, prefix)
    for position, action in enumerate(actions, 1):
        groups, member = [], 1
        while True:
            at = f"{prefix}.member.{position}.ForwardConfig.TargetGroups.member.{member}."
            arn = alb._p(params, at + "TargetGroupArn")
            if not arn:
                break
            groups.append({"TargetGroupArn": arn, "Weight": alb._p(params, at + "Weight", "1")})
            member += 1
        remember_weights(action, {"ForwardConfig": {"TargetGroups": groups}, "TargetGroupArn": action.get("TargetGroupArn")})
    return actions


def weighted_action_xml(action):
    xml = action_xml(action)
    groups = (action.get("ForwardConfig") or {}).get("TargetGroups")
    if not groups:
        return xml
    members = "".join(
        f"<member><TargetGroupArn>{g['TargetGroupArn']}</TargetGroupArn><Weight>{g['Weight']}</Weight></member>" for g in groups
    )
    return xml.removesuffix("</member>") + f"<ForwardConfig><TargetGroups>{members}</TargetGroups></ForwardConfig></member>"


async def execute_weighted_action(action, *request):
    groups = (action.get("ForwardConfig") or {}).get("TargetGroups")
    if action.get("Type", "").lower() != "forward" or not groups:
        return await execute_action(action, *request)
    serving = [g for g in groups if g["Weight"] > 0]
    if not serving:
        return 503, {"Content-Type": "text/plain"}, b"every target group of this rule has weight 0"
    chosen = random.choices(serving, [g["Weight"] for g in serving])[0]
    return await alb._forward_to_tg(chosen["TargetGroupArn"], *request)


alb._parse_actions, alb._action_xml, alb._execute_action = parse_weighted_actions, weighted_action_xml, execute_weighted_action

# What AWS refuses. https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ModifyRule.html
def refusal(params):
    """The error for a rule's actions that AWS would not take, or None."""
    for action in parse_weighted_actions(params, "Actions"):
        groups = weighted_groups(action) if action["Type"] == "forward" else []
        if len(groups) > 5:
            return alb._error("TooManyTargetGroups", "A forward action takes at most 5 target groups")
        for group in groups:
            if not 0 <= group["Weight"] <= 999:
                return alb._error("ValidationError", f"Weight {group['Weight']} is not in the range 0-999")
            if group["TargetGroupArn"] not in alb._tgs:
                return alb._error("TargetGroupNotFound", f"Target group '{group['TargetGroupArn']}' not found")
    return None


def priority_in_use(listener_arn, priorities, besides=()):
    taken = {r["Priority"] for r in alb._rules.values() if r["ListenerArn"] == listener_arn and r["RuleArn"] not in besides}
    clash = next((p for p in priorities if p in taken), None)
    return alb._error("PriorityInUse", f"Priority '{clash}' is currently in use") if clash else None


def create_checked_rule(params):
    listener, priority = alb._p(params, "ListenerArn"), alb._p(params, "Priority")
    return refusal(params) or priority_in_use(listener, [priority]) or create_rule(params)


def set_checked_priorities(params):
    pairs = {}
    while rule := alb._p(params, f"RulePriorities.member.{len(pairs) + 1}.RuleArn"):
        pairs[rule] = alb._p(params, f"RulePriorities.member.{len(pairs) + 1}.Priority")
    listeners = {alb._rules[rule]["ListenerArn"] for rule in pairs if rule in alb._rules}
    clash = next(filter(None, (priority_in_use(arn, pairs.values(), besides=pairs) for arn in listeners)), None)
    return clash or set_rule_priorities(params)


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


create_rule, modify_rule = alb._create_rule, alb._modify_rule
set_rule_priorities, describe_target_health = alb._set_rule_priorities, alb._describe_target_health
alb._ACTION_MAP.update(
    CreateRule=create_checked_rule,
    ModifyRule=lambda params: refusal(params) or modify_rule(params),
    SetRulePriorities=set_checked_priorities,
    DescribeTargetHealth=describe_function_health,
)

# CloudFormation: Listener, ListenerRule, TargetGroup.
listener_actions, create_target_group = cfn._elbv2_listener_actions, cfn._elbv2_target_group_create
create_listener_rule = cfn._elbv2_listener_rule_create


def weighted_listener_actions(props, lb_arn, prop="DefaultActions"):
    stored = listener_actions(props, lb_arn, prop)
    for action, requested in zip(stored, [a for a in props.get(prop) or [] if isinstance(a, dict)]):
        remember_weights(action, requested)
    return stored


def create_target_group_with_targets(logical_id, props, stack_name):
    arn, attributes = create_target_group(logical_id, props, stack_name)
    alb._targets[arn] = [{key: target[key] for key in ("Id", "Port") if key in target} for target in props.get("Targets") or []]
    if alb._tgs[arn].get("TargetType") == "lambda":  # a function is checked only where that is asked for
        alb._tgs[arn]["HealthCheckEnabled"] = str(props.get("HealthCheckEnabled", "")).lower() == "true"
    return arn, attributes


def create_rule_of_stack(logical_id, props, stack_name):
    if priority_in_use(props.get("ListenerArn"), [str(props.get("Priority"))]):
        raise ValueError(f"Priority '{props.get('Priority')}' is currently in use")
    return create_listener_rule(logical_id, props, stack_name)


cfn._elbv2_listener_actions = weighted_listener_actions
cfn._RESOURCE_HANDLERS["AWS::ElasticLoadBalancingV2::TargetGroup"]["create"] = create_target_group_with_targets
cfn._RESOURCE_HANDLERS["AWS::ElasticLoadBalancingV2::ListenerRule"]["create"] = create_rule_of_stack
# AWS: `targetgroup/<name>/<id>`, which is also what the metrics' dimension holds.
alb._target_group_full_name_from_arn = lambda arn: arn.split(":", 5)[5]


# The data plane: a load balancer answers on its DNS name whatever account owns it.
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


# The data plane: on a load balancer's name, every path is the application's.
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
