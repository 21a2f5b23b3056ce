"""Elastic Load Balancing, what AWS refuses: weights out of range, target groups that are not there, priorities that are taken.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ModifyRule.html
"""

from ministack.services import alb
from ministack.services.cloudformation import provisioners as cfn

from . import alb_weights

create_rule, modify_rule, set_rule_priorities = alb._create_rule, alb._modify_rule, alb._set_rule_priorities
create_listener_rule = cfn._elbv2_listener_rule_create


def refusal(params):
    """The error for a rule's actions that AWS would not take, or None."""
    for action in alb_weights.parse_weighted_actions(params, "Actions"):
        groups = alb_weights.weighted_groups(action) if action["Type"] == "forward" else []
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


def create_rule_of_stack(logical_id, props, stack_name):
    if priority_in_use(props.get("ListenerArn"), [str(props.get("Priority"))]):
        raise ValueError(f"Priority '{props.get('Priority')}' is currently in use")
    return create_listener_rule(logical_id, props, stack_name)


alb._ACTION_MAP.update(
    CreateRule=create_checked_rule,
    ModifyRule=lambda params: refusal(params) or modify_rule(params),
    SetRulePriorities=set_checked_priorities,
)
cfn._RESOURCE_HANDLERS["AWS::ElasticLoadBalancingV2::ListenerRule"]["create"] = create_rule_of_stack
