"""EventBridge, a function as a target: tried again when it fails, and what it cannot handle goes where the function says.

ministack calls it once and forgets the event. It is Lambda that tries again: after a minute and two more on AWS, after a second and two more here.
https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
"""

import json

from ministack.services import eventbridge, lambda_svc


def dispatch_as_lambda_does(arn, payload):
    function, config, name = lambda_svc._get_func_record_for_ref(arn)
    if not function or not config:
        eventbridge.logger.warning("the function %s is not there for an event", name)
        return
    lambda_svc.invoke_async_with_retry(lambda_svc._execution_record_for_config(function, config), json.loads(payload))


eventbridge._dispatch_to_lambda = dispatch_as_lambda_does
