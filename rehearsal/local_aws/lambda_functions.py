"""Lambda functions as processes: no pause after each call, a queue in front of a target, idle ones ended, errors by their names, one file of logs.

ministack waits up to 50 ms after every call for log lines, starts one more process for each request that arrives
while the others are busy (a release under load would start dozens at once on two cores), and keeps the first
process of every function for ever. It calls every error of a function `Runtime.HandlerError`, so that no state machine tries again what is to be tried
again. What functions log is in CloudWatch Logs; for who looks for an error, also in the
file that LOCAL_AWS_FUNCTION_LOGS names.
"""

import asyncio
import os
import queue
import threading
import time
from collections import defaultdict

from ministack.core import lambda_runtime as runtime
from ministack.services import alb, lambda_svc

IDLE_SECONDS = float(os.environ.get("LOCAL_AWS_IDLE_SECONDS", "75"))
LOG_FILE = os.environ.get("LOCAL_AWS_FUNCTION_LOGS")
# Processes of one load balancer target; further requests wait their turn.
TARGET_PROCESSES = 2
# Node writes a log line to the pipe before it answers: by then only the reading thread can be late.
LOG_GRACE_SECONDS = 0.003

invoke_target, emit_logs = alb._invoke_lambda_target, lambda_svc._emit_lambda_logs
# What a function fails with, by the name that the error gives itself: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html
NODE_FAILURE = 'trace: err.stack || ""'
NAMED_BY_LAMBDA = {"Worker process died": "Runtime.ExitError"}
invoke, execute = runtime.Worker.invoke, lambda_svc._execute_function_warm
failed_with = threading.local()
targets = defaultdict(lambda: asyncio.Semaphore(TARGET_PROCESSES))


def drain_log(worker, *_):
    lines = []
    try:
        while True:
            lines.append(worker._stderr_queue.get(timeout=LOG_GRACE_SECONDS))
    except queue.Empty:
        return "\n".join(lines)


def emit_logs_to_file_too(function, request_id, text, error, *rest, **named):
    if LOG_FILE and text:
        name = (function.get("config") or function).get("FunctionName")
        with open(LOG_FILE, "a", encoding="utf-8") as out:
            out.write(f"{name}{' FAILED' if error else ''}: {text.strip()}\n")
    return emit_logs(function, request_id, text, error, *rest, **named)


async def invoke_target_in_turn(function, *request, **options):
    async with targets[function]:
        return await invoke_target(function, *request, **options)


def invoke_and_note(worker, *given, **named):
    result = invoke(worker, *given, **named)
    failed_with.name = NAMED_BY_LAMBDA.get(result.get("error")) or result.get("name")
    return result


def execute_with_name(*given):
    failed_with.name = None
    result = execute(*given)
    if result.get("error") and failed_with.name:
        result["body"]["errorType"] = failed_with.name
    return result


def end_idle_processes():
    """Ends every process that nobody has called for a while; the next call starts one."""
    before = time.time() - IDLE_SECONDS
    with runtime._lock:
        idle = [w for pool in runtime._workers.values() for w in pool if not w.in_use and w.last_used < before]
        for pool in runtime._workers.values():
            pool[:] = [worker for worker in pool if worker not in idle]
    runtime.kill_workers(idle)


def end_every_process():
    with runtime._lock:
        every = [worker for pool in runtime._workers.values() for worker in pool]
    runtime.kill_workers(every)


def end_idle_processes_for_ever():
    while True:
        time.sleep(min(5.0, IDLE_SECONDS))
        end_idle_processes()


assert NODE_FAILURE in runtime._NODEJS_WORKER_SCRIPT
runtime._NODEJS_WORKER_SCRIPT = runtime._NODEJS_WORKER_SCRIPT.replace(NODE_FAILURE, f"{NODE_FAILURE}, name: err.name")
runtime.Worker.invoke, lambda_svc._execute_function_warm = invoke_and_note, execute_with_name
runtime.Worker._drain_stderr_bounded = drain_log
alb._invoke_lambda_target = invoke_target_in_turn
lambda_svc.reap_idle_workers, lambda_svc._emit_lambda_logs = lambda: 0, emit_logs_to_file_too
threading.Thread(target=end_idle_processes_for_ever, daemon=True, name="local-aws-idle-functions").start()
