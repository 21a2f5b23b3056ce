"""Starts ministack 1.5.33 with what this project needs and it leaves out: `python -m local_aws`.

The usual settings of ministack apply (GATEWAY_PORT, BIND_HOST, AUTH, LAMBDA_EXECUTOR). Added:

LOCAL_AWS_CALLS            file that gets one JSON line per API call, with its principal, and per change of an alarm
LOCAL_AWS_FUNCTION_LOGS    file that gets what Lambda functions log
LOCAL_AWS_IDLE_SECONDS     how long a Lambda function's process may idle before it is ended (75)
LOCAL_AWS_IMAGES           JSON object: image of a container -> local folder whose index.js it runs
LOCAL_AWS_FAULTS           port of 127.0.0.1 on which faults.py is steered; none: nothing goes wrong on purpose
LOCAL_AWS_ENDS_WITH_STDIN  when set, it ends as soon as its standard input does: with whoever started it
"""

import os
import sys
import threading
from importlib.metadata import version

if version("ministack") != "1.5.33":
    raise SystemExit(f"local_aws reaches into ministack 1.5.33; {version('ministack')} is installed")

# Each adds its part when imported.
from . import (  # noqa: E402, F401
    clock,
    alb_attachments,
    alb_health,
    alb_metrics,
    alb_refusals,
    alb_requests,
    alb_targets,
    alb_weights,
    api_gateway,
    calls,
    cloudformation,
    cloudformation_drift,
    cloudformation_exports,
    cloudformation_waits,
    cloudwatch,
    codebuild_builds,
    ecs_run_task,
    ecs_tasks,
    eventbridge,
    faults,
    iam,
    lambda_functions,
    sns,
    sqs,
    step_functions,
)


def end_with_stdin():
    sys.stdin.read()
    lambda_functions.end_every_process()
    ecs_tasks.end_every_task()
    codebuild_builds.end_every_build()
    os._exit(0)


if __name__ == "__main__":
    from ministack.app import main

    if os.environ.get("LOCAL_AWS_ENDS_WITH_STDIN"):
        threading.Thread(target=end_with_stdin, daemon=True).start()
    main()
