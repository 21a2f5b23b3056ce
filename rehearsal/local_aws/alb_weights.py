"""Elastic Load Balancing, what a rule or listener forwards to: the weights of its target groups.

ministack serves an ALB's listener rules but forgets the weights of a forward action.
"""

import random

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

# CloudFormation: Listener, ListenerRule.
listener_actions = cfn._elbv2_listener_actions


def weighted_listener_actions(props, lb_arn, prop="DefaultActions"):
    stored = listener_actions(props, lb_arn, prop)
    for action, requested in zip(stored, [a for a in props.get(prop) or [] if isinstance(a, dict)]):
        remember_weights(action, requested)
    return stored


cfn._elbv2_listener_actions = weighted_listener_actions
