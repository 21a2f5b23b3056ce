"""Elastic Load Balancing, what belongs together: the VPC of a load balancer, and the target groups its listeners use.

ministack puts every load balancer into one made-up VPC, tells of a target group only whether it is a listener's default,
and deletes one that a rule still forwards to. Its ids are of all letters, where AWS's are hexadecimal.
"""

import secrets

from ministack.services import alb, ec2
from ministack.services.cloudformation import provisioners as cfn

from . import alb_weights

load_balancer_xml, target_group_xml, delete_target_group = alb._lb_xml, alb._tg_xml, alb._delete_tg
delete_target_group_of_stack = cfn._elbv2_target_group_delete


def vpc_of(load_balancer):
    """The VPC of its subnets; a load balancer without any keeps the one it was given."""
    subnets = (ec2._subnets.get(subnet) for subnet in load_balancer.get("Subnets") or [])
    return next((subnet["VpcId"] for subnet in subnets if subnet), load_balancer.get("VpcId", ""))


def load_balancers_of(target_group_arn):
    """The load balancers that forward to a target group, by a rule or a listener's default."""
    found = set()
    for rule in alb._rules.values():
        listener = alb._listeners.get(rule["ListenerArn"])
        actions = [*rule["Actions"], *(listener or {}).get("DefaultActions", [])]
        groups = [group for action in actions for group in alb_weights.weighted_groups(action)]
        if listener and any(group["TargetGroupArn"] == target_group_arn for group in groups):
            found.add(listener["LoadBalancerArn"])
    return sorted(found)


def delete_unused(params):
    arn = alb._p(params, "TargetGroupArn")
    if load_balancers_of(arn):
        return alb._error("ResourceInUse", f"Target group '{arn}' is currently in use by a listener or a rule")
    return delete_target_group(params)


def delete_unused_of_stack(physical_id, props):
    if load_balancers_of(physical_id):
        raise ValueError(f"Target group '{physical_id}' is currently in use by a listener or a rule (ResourceInUse)")
    delete_target_group_of_stack(physical_id, props)


alb._lb_xml = lambda lb: load_balancer_xml({**lb, "VpcId": vpc_of(lb)})
alb._tg_xml = lambda tg: target_group_xml({**tg, "LoadBalancerArns": load_balancers_of(tg["TargetGroupArn"])})
alb._ACTION_MAP["DeleteTargetGroup"] = delete_unused
cfn._RESOURCE_HANDLERS["AWS::ElasticLoadBalancingV2::TargetGroup"]["delete"] = delete_unused_of_stack
alb._short_id = lambda: secrets.token_hex(8)
