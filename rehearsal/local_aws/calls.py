"""Every API call with its principal, as one JSON line in the file that LOCAL_AWS_CALLS names; nothing where it names none.

Counting write calls, and holding what was called against the policies, both start from this file. A call carries what IAM
decided about, one check for each action and resource: a transaction is as many as it has items. What the engine does
inside itself (CloudFormation's resources, a state machine's own integrations) is no API call and not in it.
"""

import contextvars
import json
import os
import re
import threading

import ministack.app
from ministack.core import iam_actions, iam_evaluator
from ministack.core.responses import get_account_id
from ministack.core.router import detect_service, extract_region
from ministack.services import sts

from . import clock, iam

file = os.environ.get("LOCAL_AWS_CALLS")
write_lock = threading.Lock()
dispatch, enforce = ministack.app._dispatch_service_request, iam_evaluator.enforce

# The checks of the call under way; None outside of one: a request to an API of API Gateway takes another way in.
checks_of_call = contextvars.ContextVar("checks_of_call", default=None)
# What a call hands on, and to whom: IAM decides about that too, with actions of their own.
HANDED_ON = ("StackName", "RoleARN", "TemplateURL")
TAG_KEY = re.compile(r"Tags\.member\.\d+\.Key")


def record(**entry):
    """Adds a line, stamped with the real time in milliseconds since 1970, as whoever looks on from outside has it."""
    if not file:
        return
    line = json.dumps({"at": round(clock.real_time() * 1000, 1), **entry}) + "\n"
    with write_lock, open(file, "a", encoding="utf-8") as out:
        out.write(line)


def known_as(principal):
    """Who calls: the session, and the role behind it, path and all."""
    return {"principal": principal, "role": iam.role_of(principal) if principal and ":assumed-role/" in principal else None}


def parameters_of(service, parameters):
    """What a call to CloudFormation hands on, and the tags that come with the making of a load balancing resource."""
    first = {name: value[0] if isinstance(value, list) else value for name, value in parameters.items() if value}
    if service == "cloudformation":
        given = {name: value for name, value in first.items() if name in HANDED_ON}
    else:
        given = {"TagKeys": [value for name, value in first.items() if TAG_KEY.fullmatch(name)]} if service == "elasticloadbalancing" else {}
    return {"parameters": given} if any(given.values()) else {}


def describe(method, path, headers, body, query_params):
    """The call's action, resource and caller, in IAM's words."""
    parameters = ministack.app._routing_params(method, path, headers, body, query_params)
    service = detect_service(method, path, headers, parameters)
    request = (service, method, path, headers, body, parameters)
    caller = sts._caller_identity(headers, query_params)
    return {
        "action": iam_actions.extract_iam_action(*request) or f"{service}:{method} {path}",
        "resource": iam_actions.extract_resource_arn(*request, extract_region(headers), get_account_id()),
        **known_as(caller["userArn"] if isinstance(caller, dict) else None),
        **parameters_of(service, parameters),
    }


async def dispatch_and_record(method, path, headers, body, query_params, request_id):
    try:
        call = describe(method, path, headers, body, query_params)
    except Exception:  # a call that cannot be described is still made
        ministack.app.logger.exception("%s %s cannot be described", method, path)
        call = {"action": f"{method} {path}"}
    checks = []
    mark = checks_of_call.set(checks)
    try:
        response = await dispatch(method, path, headers, body, query_params, request_id)
    finally:
        checks_of_call.reset(mark)
    record(event="Call", **call, status=response[0], checks=checks)
    return response


def enforce_and_note(access_key_id, iam_action, service, region, resource_arn="*", service_context=None):
    refused = enforce(access_key_id, iam_action, service, region, resource_arn=resource_arn, service_context=service_context)
    context = {key: value for key, value in (service_context or {}).items() if value not in (None, [], {})}
    check = {"action": iam_action, "resource": resource_arn, "context": context, "allowed": refused is None}
    checks = checks_of_call.get()
    if checks is not None:
        checks.append(check)
    else:
        caller = iam_evaluator.resolve_caller_identity(access_key_id) or {}
        called = {"action": iam_action, "resource": resource_arn, **known_as(caller.get("userArn"))}
        record(event="Call", **called, status=403 if refused else 200, checks=[check])
    return refused


if file:
    ministack.app._dispatch_service_request = dispatch_and_record
    iam_evaluator.enforce = enforce_and_note
