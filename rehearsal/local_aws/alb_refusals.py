"""Elastic Load Balancing, what AWS refuses: weights out of range, target groups that are not there, or in another network or
behind another load balancer, several of which one is sticky where the rule is not, priorities that are taken, more rules than the quota or values than a rule takes.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html; what AWS says of another VPC or load balancer is in
https://github.com/kubernetes-sigs/aws-load-balancer-controller/issues/1045 and https://github.com/hashicorp/terraform-provider-aws/issues/7581
"""

from ministack.services import alb
from ministack.services.cloudformation import provisioners as cfn

from . import alb_attachments, alb_stickiness, alb_weights

# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
MOST_RULES, MOST_VALUES = 100, 5

create_rule, modify_rule, set_rule_priorities = alb._create_rule, alb._modify_rule, alb._set_rule_priorities
create_listener_rule = cfn._elbv2_listener_rule_create


def refusal(params, listener_arn):
    """The error for a rule's actions that AWS would not take, or None."""
    load_balancer = alb._lbs.get((alb._listeners.get(listener_arn) or {}).get("LoadBalancerArn"))
    for action in alb_weights.parse_weighted_actions(params, "Actions"):
        groups = alb_weights.weighted_groups(action) if action["Type"] == "forward" else []
        if len(groups) > 5:
            return alb._error("TooManyTargetGroups", "A forward action takes at most 5 target groups")
        for group in groups:
            if not 0 <= group["Weight"] <= 999:
                return alb._error("ValidationError", f"Weight {group['Weight']} is not in the range 0-999")
            if group["TargetGroupArn"] not in alb._tgs:
                return alb._error("TargetGroupNotFound", f"Target group '{group['TargetGroupArn']}' not found")
            problem = load_balancer and unfit(group["TargetGroupArn"], load_balancer)
            if problem:
                return alb._error(*problem)
        if unkept(action, groups):
            message = "You must enable group stickiness on a rule if you enabled target stickiness on one of its target groups"
            return alb._error("InvalidConfigurationRequest", message)
    return too_many_values(params)


def unfit(target_group_arn, load_balancer):
    """Code and message when the load balancer cannot forward to the target group, or None."""
    group, arn = alb._tgs[target_group_arn], load_balancer["LoadBalancerArn"]
    vpc = group.get("VpcId")
    if group.get("TargetType") != "lambda" and vpc and vpc != alb_attachments.vpc_of(load_balancer):
        return "InvalidConfigurationRequest", f"Target group '{target_group_arn}' is in a different VPC than load balancer '{arn}'"
    if [other for other in alb_attachments.load_balancers_of(target_group_arn) if other != arn]:
        return "TargetGroupAssociationLimit", f"Target group '{target_group_arn}' cannot be associated with more than one load balancer"
    return None


def unkept(action, groups):
    """Whether a client would be kept at a target of one of several groups, but at none of these."""
    sticky = (action.get("ForwardConfig") or {}).get("TargetGroupStickinessConfig")
    return len(groups) > 1 and sticky is None and any(alb_stickiness.seconds_at_target(group["TargetGroupArn"]) for group in groups)


def too_many_values(params):
    values = sum(len(condition.get("Values") or []) for condition in alb._parse_conditions(params))
    return alb._error("ValidationError", f"A rule takes at most {MOST_VALUES} condition values") if values > MOST_VALUES else None


def too_many_rules(listener_arn):
    load_balancer = (alb._listeners.get(listener_arn) or {}).get("LoadBalancerArn")
    listeners = [arn for arn, listener in alb._listeners.items() if listener["LoadBalancerArn"] == load_balancer]
    rules = [rule for rule in alb._rules.values() if rule["ListenerArn"] in listeners and not rule["IsDefault"]]
    full = load_balancer and len(rules) >= MOST_RULES
    return alb._error("TooManyRules", f"The load balancer has {MOST_RULES} rules already") if full else None


def priority_in_use(listener_arn, priorities, besides=()):
    taken = {r["Priority"] for r in alb._rules.values() if r["ListenerArn"] == listener_arn and r["RuleArn"] not in besides}
    clash = next((p for p in priorities if p in taken), None)
    return alb._error("PriorityInUse", f"Priority '{clash}' is currently in use") if clash else None


def create_checked_rule(params):
    listener, priority = alb._p(params, "ListenerArn"), alb._p(params, "Priority")
    return refusal(params, listener) or priority_in_use(listener, [priority]) or too_many_rules(listener) or create_rule(params)


def modify_checked_rule(params):
    listener = (alb._rules.get(alb._p(params, "RuleArn")) or {}).get("ListenerArn")
    return refusal(params, listener) or modify_rule(params)


def set_checked_priorities(params):
    pairs = {}
    while rule := alb._p(params, f"RulePriorities.member.{len(pairs) + 1}.RuleArn"):
        pairs[rule] = alb._p(params, f"RulePriorities.member.{len(pairs) + 1}.Priority")
    listeners = {alb._rules[rule]["ListenerArn"] for rule in pairs if rule in alb._rules}
    clash = next(filter(None, (priority_in_use(arn, pairs.values(), besides=pairs) for arn in listeners)), None)
    return clash or set_rule_priorities(params)


def create_rule_of_stack(logical_id, props, stack_name):
    if too_many_rules(props.get("ListenerArn")):
        raise ValueError("The load balancer has as many rules as it can have (TooManyRules)")
    if priority_in_use(props.get("ListenerArn"), [str(props.get("Priority"))]):
        raise ValueError(f"Priority '{props.get('Priority')}' is currently in use")
    return create_listener_rule(logical_id, props, stack_name)


alb._ACTION_MAP.update(
    CreateRule=create_checked_rule,
    ModifyRule=modify_checked_rule,
    SetRulePriorities=set_checked_priorities,
)
cfn._RESOURCE_HANDLERS["AWS::ElasticLoadBalancingV2::ListenerRule"]["create"] = create_rule_of_stack
