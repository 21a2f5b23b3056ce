"""Simple Notification Service between accounts and regions: where a subscription is made, who may, and which function hears of what.

ministack looks for the topic of a stack's subscription in the stack's own account and region, makes none without a word where it is elsewhere, hands
notices only to functions of the topic's account, and asks neither policy. Here a subscription is made where its `Region` says, if the topic's policy lets the
subscriber; it waits for a confirmation, which a function cannot give, where the function is not the subscriber's own; and a function is called only if its policy lets the topic.
https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html, https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-sns-subscription.html
"""

from ministack.core.arn import parse_arn
from ministack.core.iam_evaluator import EvalContext, evaluate_resource_policy, resource_policy_allows
from ministack.core.responses import get_account_id, get_region, request_scope
from ministack.services import lambda_svc, sns
from ministack.services.cloudformation import provisioners as cfn

handlers = cfn._RESOURCE_HANDLERS["AWS::SNS::Subscription"]
create_subscription, update_subscription, delete_subscription = (handlers[verb] for verb in ("create", "update", "delete"))
deliver_to_function = sns._deliver_to_lambda


def place_of(arn):
    """Account and region of a topic, of one of its subscriptions, or of a function."""
    found = parse_arn(arn)
    return found.account_id, found.region


def may_subscribe(topic, subscriber, protocol):
    """By the topic's policy; whoever owns it may without being named."""
    account, region = place_of(topic["arn"])
    request = EvalContext(
        principal_arn=f"arn:aws:iam::{subscriber}:root",
        principal_type="Root",
        principal_account=subscriber,
        action="sns:Subscribe",
        resource_arn=topic["arn"],
        region=region,
        service_context={"sns:protocol": protocol},
    )
    return resource_policy_allows(topic.get("attributes", {}).get("Policy") or "", request, account == subscriber)


def subscribe_of_stack(logical_id, props, stack_name):
    arn, subscriber = props["TopicArn"], get_account_id()
    account, region = place_of(arn)
    if (props.get("Region") or get_region()) != region:
        raise ValueError(f"Invalid parameter: TopicArn: {arn} is not in {props.get('Region') or get_region()}")
    with request_scope(account, region):
        topic = sns._topics.get(arn)
        if topic is None:
            raise ValueError(f"Topic does not exist: {arn} (NotFound)")
        if not may_subscribe(topic, subscriber, props["Protocol"]):
            raise ValueError(f"User: arn:aws:iam::{subscriber}:root is not authorized to perform: SNS:Subscribe on resource: {arn}")
        made, attributes = create_subscription(logical_id, props, stack_name)
        subscription = next(each for each in topic["subscriptions"] if each["arn"] == made)
        subscription["owner"] = subscriber
        if props["Protocol"] == "lambda" and place_of(props["Endpoint"])[0] != subscriber:
            subscription["confirmed"] = False
    return made, attributes


def update_where_it_is(physical_id, *rest, **named):
    with request_scope(*place_of(physical_id)):
        return update_subscription(physical_id, *rest, **named)


def delete_where_it_is(physical_id, props):
    with request_scope(*place_of(physical_id)):
        delete_subscription(physical_id, props)


def may_call(topic_arn, function_arn):
    """By the policy of the function, for SNS on behalf of the topic."""
    account, region = place_of(function_arn)
    request = EvalContext(
        principal_arn="*",
        principal_type="Service",
        principal_account="",
        action="lambda:InvokeFunction",
        resource_arn=function_arn,
        region=region,
        service_context={"aws:sourcearn": topic_arn, "aws:sourceaccount": place_of(topic_arn)[0]},
    )
    policy, _ = lambda_svc.function_policy_for_arn(function_arn) or ({}, account)
    return evaluate_resource_policy(policy, request, service="sns.amazonaws.com").decision == "Allow"


def deliver_where_it_is(function_arn, envelope, topic_arn, *rest):
    with request_scope(*place_of(function_arn)):
        if may_call(topic_arn, function_arn):
            deliver_to_function(function_arn, envelope, topic_arn, *rest)
        else:
            sns.logger.warning("the policy of %s does not let %s call it", function_arn, topic_arn)


handlers.update(create=subscribe_of_stack, update=update_where_it_is, delete=delete_where_it_is)
sns._deliver_to_lambda = deliver_where_it_is
