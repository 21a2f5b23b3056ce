"""Every API call with its principal, as one JSON line in the file that LOCAL_AWS_CALLS names; nothing where it names none.

Counting write calls, and holding what was called against the policies, both start from this file. What the engine
does inside itself (CloudFormation's resources, a state machine's own integrations) is no API call and not in it.
"""

import json
import os
import threading
import time

import ministack.app
from ministack.core import iam_actions
from ministack.core.responses import get_account_id
from ministack.core.router import detect_service, extract_region
from ministack.services import sts

file = os.environ.get("LOCAL_AWS_CALLS")
write_lock = threading.Lock()
dispatch = ministack.app._dispatch_service_request


def record(**entry):
    """Adds a line, stamped with the time in milliseconds since 1970."""
    if not file:
        return
    line = json.dumps({"at": round(time.time() * 1000, 1), **entry}) + "\n"
    with write_lock, open(file, "a", encoding="utf-8") as out:
        out.write(line)


def describe(method, path, headers, body, query_params):
    """The call's action, resource and caller, in IAM's words."""
    parameters = ministack.app._routing_params(method, path, headers, body, query_params)
    service = detect_service(method, path, headers, parameters)
    request = (service, method, path, headers, body, parameters)
    caller = sts._caller_identity(headers, query_params)
    return {
        "action": iam_actions.extract_iam_action(*request) or f"{service}:{method} {path}",
        "resource": iam_actions.extract_resource_arn(*request, extract_region(headers), get_account_id()),
        "principal": caller["userArn"] if isinstance(caller, dict) else None,
    }


async def dispatch_and_record(method, path, headers, body, query_params, request_id):
    try:
        call = describe(method, path, headers, body, query_params)
    except Exception:  # a call that cannot be described is still made
        ministack.app.logger.exception("%s %s cannot be described", method, path)
        call = {"action": f"{method} {path}"}
    response = await dispatch(method, path, headers, body, query_params, request_id)
    record(event="Call", **call, status=response[0])
    return response


if file:
    ministack.app._dispatch_service_request = dispatch_and_record
