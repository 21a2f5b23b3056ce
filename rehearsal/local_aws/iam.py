"""IAM with AUTH=true: loopback counts as TLS, SendTask* acts on the state machine that owns the token, or did,
aws:PrincipalArn is the role, calls on listener rules, alarms, ECS services and parameters by path name them as AWS does,
with the tags of load balancers, listeners, rules and target groups, and calls on one item of a table carry its partition
key.

The bootstrap bucket denies requests without TLS, and the emulator is plain HTTP on 127.0.0.1; a grant on one state
machine, right on AWS, would be refused here, where the resource of SendTask* is read as `*`; and so would a trust
policy that names a role by aws:PrincipalArn, which is read as the ARN of the session; and a grant on one listener rule,
or on one partition of a table.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
"""

import json

import ministack.app
from ministack.core import iam_actions, iam_evaluator
from ministack.services import alb, dynamodb, iam, tagging

from . import step_functions

pin_request_origin, extract_resource_arn = iam_evaluator.pin_request_origin, iam_actions.extract_resource_arn
dynamodb_service_context = iam_actions.dynamodb_service_context
resolve_condition_key, resource_tags = iam_evaluator._resolve_condition_key, tagging.resource_tags


def pin_as_tls(ip, secure):
    return pin_request_origin(ip, True)


def load_balancing_resource(query_params):
    """The rule, listener or target group a call changes; what only describes has no resource of its own."""

    def parameter(name):
        values = query_params.get(name) or [""]
        return values[0] if isinstance(values, list) else values

    if parameter("Action").startswith("Describe"):
        return "*"
    names = ("RuleArn", "RulePriorities.member.1.RuleArn", "ResourceArns.member.1", "ListenerArn", "TargetGroupArn", "LoadBalancerArn")
    return next(filter(None, map(parameter, names)), "*")


def ecs_service(asked, region, account_id):
    """The one service a call names, by its name or its ARN."""
    name = asked.get("service") or next(iter(asked.get("services") or []), "")
    cluster = (asked.get("cluster") or "default").rsplit("/", 1)[-1]
    return f"arn:aws:ecs:{region}:{account_id}:service/{cluster}/{name.rsplit('/', 1)[-1]}"


def resource_of(service, method, path, headers, body, query_params, region, account_id):
    if service == "elasticloadbalancing":
        return load_balancing_resource(query_params)
    if service == "monitoring" and iam_actions.extract_iam_action(service, method, path, headers, body, query_params) == "cloudwatch:DescribeAlarms":
        return f"arn:aws:cloudwatch:{region}:{account_id}:alarm:*"
    if service == "ssm" and headers.get("x-amz-target", "").endswith(".GetParametersByPath"):
        return f"arn:aws:ssm:{region}:{account_id}:parameter{json.loads(body).get('Path', '')}"
    if service == "ecs" and headers.get("x-amz-target", "").endswith((".DescribeServices", ".UpdateService")):
        return ecs_service(json.loads(body), region, account_id)
    if service == "states" and ".SendTask" in headers.get("x-amz-target", ""):
        try:
            machine = step_functions.machine_of.get(json.loads(body).get("taskToken"))
        except ValueError:
            machine = None
        if machine:
            return machine
    return extract_resource_arn(service, method, path, headers, body, query_params, region, account_id)


def leading_keys(body):
    """Partition keys of the items a call is about: of a whole transaction for each of its items, which is stricter than AWS."""
    call = json.loads(body or b"{}")
    parts = [part for item in call.get("TransactItems") or [] for part in item.values()] or [call]
    keys = []
    for part in parts:
        table = dynamodb._tables.get(part.get("TableName")) or {}
        name = next((key["AttributeName"] for key in table.get("KeySchema", []) if key["KeyType"] == "HASH"), None)
        value = (part.get("Key") or part.get("Item") or {}).get(name)
        keys += value.values() if value else []
    return keys


def context_with_leading_keys(body):
    context, keys = dynamodb_service_context(body), leading_keys(body)
    return {**context, "dynamodb:LeadingKeys": keys} if keys else context


def role_of(principal_arn):
    """The role's ARN, path and all, where the principal is a session of it; any other principal as it is."""
    if ":assumed-role/" not in principal_arn:
        return principal_arn
    _, partition, _, _, account, resource = principal_arn.split(":", 5)
    name = resource.split("/")[1]
    role = iam._roles.get_scoped(account, None, name) or {}
    return role.get("Arn") or f"arn:{partition}:iam::{account}:role/{name}"


def resolve_with_role(key, context):
    if key.lower() == "aws:principalarn":
        return role_of(context.principal_arn)
    return resolve_condition_key(key, context)


def tags_of(resource_arn):
    """Load balancing's too, so that a grant on a rule by its tags is one on that rule."""
    if ":elasticloadbalancing:" in resource_arn:
        return {tag["Key"]: tag["Value"] for tag in alb._tags.get(resource_arn) or []}
    return resource_tags(resource_arn)


iam_evaluator._resolve_condition_key = resolve_with_role
tagging.resource_tags = tags_of
iam_evaluator.pin_request_origin = pin_as_tls
if hasattr(ministack.app, "pin_request_origin"):
    ministack.app.pin_request_origin = pin_as_tls
iam_actions.extract_resource_arn = resource_of
iam_actions.dynamodb_service_context = context_with_leading_keys
