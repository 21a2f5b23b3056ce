"""Elastic Load Balancing, what a rule or listener forwards to: the weights of its target groups, and whether a client is kept at one of them.

ministack serves an ALB's listener rules but forgets the weights of a forward action, and its stickiness.
"""

import random
import time

from ministack.services import alb
from ministack.services.cloudformation import provisioners as cfn

from . import alb_stickiness


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
    sticky = (requested.get("ForwardConfig") or {}).get("TargetGroupStickinessConfig") or {}
    if str(sticky.get("Enabled", "false")).lower() == "true":
        stored["ForwardConfig"]["TargetGroupStickinessConfig"] = {"Enabled": "true", "DurationSeconds": int(sticky["DurationSeconds"])}
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
        at = f"{prefix}.member.{position}.ForwardConfig.TargetGroupStickinessConfig."
        sticky = {"Enabled": alb._p(params, at + "Enabled", "false"), "DurationSeconds": alb._p(params, at + "DurationSeconds", "0")}
        forward = {"TargetGroups": groups, "TargetGroupStickinessConfig": sticky}
        remember_weights(action, {"ForwardConfig": forward, "TargetGroupArn": action.get("TargetGroupArn")})
    return actions


def weighted_action_xml(action):
    xml = action_xml(action)
    groups = (action.get("ForwardConfig") or {}).get("TargetGroups")
    if not groups:
        return xml
    members = "".join(
        f"<member><TargetGroupArn>{g['TargetGroupArn']}</TargetGroupArn><Weight>{g['Weight']}</Weight></member>" for g in groups
    )
    sticky = action["ForwardConfig"].get("TargetGroupStickinessConfig")
    kept = "".join(f"<{key}>{value}</{key}>" for key, value in sticky.items()) if sticky else "<Enabled>false</Enabled>"
    config = f"<TargetGroups>{members}</TargetGroups><TargetGroupStickinessConfig>{kept}</TargetGroupStickinessConfig>"
    return xml.removesuffix("</member>") + f"<ForwardConfig>{config}</ForwardConfig></member>"


def chosen_by_weight(groups):
    return random.choices([group["TargetGroupArn"] for group in groups], [group["Weight"] for group in groups])[0]


async def execute_weighted_action(action, *request):
    groups = (action.get("ForwardConfig") or {}).get("TargetGroups")
    if action.get("Type", "").lower() != "forward" or not groups:
        return await execute_action(action, *request)
    if not any(group["Weight"] for group in groups):
        return 503, {"Content-Type": "text/plain"}, b"every target group of this rule has weight 0"
    sticky = action["ForwardConfig"].get("TargetGroupStickinessConfig")
    if sticky is None:
        return await alb._forward_to_tg(chosen_by_weight(groups), *request)
    now = time.time()
    kept = alb_stickiness.kept_at(alb_stickiness.AT_GROUP, request[2], now)
    # Whatever its weight is by now, and whether or not it has a target that is healthy.
    chosen = kept if any(group["TargetGroupArn"] == kept for group in groups) else chosen_by_weight(groups)
    status, headers, body = await alb._forward_to_tg(chosen, *request)
    cookies = alb_stickiness.cookies_of(alb_stickiness.AT_GROUP, chosen, sticky["DurationSeconds"], now)
    return status, alb_stickiness.with_cookies(headers, cookies), body


alb._parse_actions, alb._action_xml, alb._execute_action = parse_weighted_actions, weighted_action_xml, execute_weighted_action

# CloudFormation: Listener, ListenerRule.
listener_actions = cfn._elbv2_listener_actions


def weighted_listener_actions(props, lb_arn, prop="DefaultActions"):
    stored = listener_actions(props, lb_arn, prop)
    for action, requested in zip(stored, [a for a in props.get(prop) or [] if isinstance(a, dict)]):
        remember_weights(action, requested)
    return stored


cfn._elbv2_listener_actions = weighted_listener_actions
