"""What goes wrong when somebody wants it to: a process killed between two of its calls, calls that are throttled, executions that are stopped, updates
of stacks that fail, answers that are held back; only where LOCAL_AWS_FAULTS names a port of 127.0.0.1, on which this is steered.

    POST /rules              JSON list of rules, in place of those before; what these held goes on
    GET  /rules              how often each of them has struck, and whether it holds something
    POST /release/<rule>     what the rule holds goes on
    POST /clock              {"seconds": 95}: the clock is moved on (clock.py)

A rule is {"id", "at", "do": [...]}, and where it strikes: "state", the name of a state; "stack", the name of a stack; "action", one of IAM's. "skip" and
"times" say how many it leaves out first, and how often it strikes then (once).

    at        when                                                     do
    entered   an execution enters the state                            stop, hold
    invoked   the state is about to call its function                  throttle, hold
    call      the function of the state makes this call: before it     throttle, kill, stop, hold
    called    ... after it, and before it is answered                  kill, stop, hold
    answered  the function has answered the state                      stop, hold
    update    CloudFormation changes a function of the stack           fail
"""

import asyncio
import itertools
import json
import os
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import ministack.app
from ministack.core import lambda_runtime as runtime
from ministack.services import stepfunctions as sfn
from ministack.services.cloudformation import stacks

from . import calls, clock, step_functions

# Whatever was forgotten goes on in the end.
LONGEST_HOLD_SECONDS = 60
NAME_OF_CALLER = re.compile(r"\bapp/(w\d+)\b")
XML = ("elasticloadbalancing", "cloudformation", "sts", "sns", "iam")

rules, lock = [], threading.Lock()
numbers = itertools.count(1)
processes = {}  # name of a function's process -> its worker


def strikes(at, **where):
    """The rules that strike here, each of which does so once less often from now on."""
    found = []
    with lock:
        for rule in rules:
            if rule["at"] != at or any(rule.get(name) not in (None, value) for name, value in where.items()):
                continue
            rule["seen"] += 1
            if rule.get("skip", 0) < rule["seen"] <= rule.get("skip", 0) + rule.get("times", 1):
                rule["struck"] += 1
                found.append(rule)
    return found


def hold(rule):
    rule["held"] = True
    rule["released"].wait(LONGEST_HOLD_SECONDS)
    rule["held"] = False


def stop(execution_arn):
    step_functions.stop_with_children({"executionArn": execution_arn, "error": "Stopped", "cause": "by hand"})


def kill(worker):
    process = worker._proc
    if process:
        process.kill()


# States.
add_event = sfn._add_event


def add_event_and_strike(execution, event_type, details=None):
    event = add_event(execution, event_type, details)
    if event_type.endswith("StateEntered"):
        strike_state("entered", execution["executionArn"], details["stateEnteredEventDetails"]["name"])
    return event


def strike_state(at, execution_arn, state):
    for rule in strikes(at, state=state):
        for what in rule["do"]:
            if what == "throttle":
                raise sfn._ExecutionError("Lambda.TooManyRequestsException", "Rate exceeded")
            if what == "stop":
                stop(execution_arn)
            if what == "hold":
                hold(rule)
    if sfn._executions[execution_arn]["status"] != "RUNNING":
        raise sfn._ExecutionError("States.Aborted", "the execution was stopped")


call_lambda = sfn._call_lambda


def call_lambda_and_strike(function, event):
    execution_arn, state = step_functions.running_execution.get(), step_functions.running_state.get()
    if not execution_arn:
        return call_lambda(function, event)
    try:
        strike_state("invoked", execution_arn, state)
        answer = call_lambda(function, event)
        strike_state("answered", execution_arn, state)
        return answer
    except sfn._ExecutionError as failure:
        step_functions.fail_token(step_functions.waiting_token.get(), failure.error, failure.cause)
        raise


# Functions: every call of a process says whose it is, https://docs.aws.amazon.com/sdkref/latest/guide/feature-appid.html
spawn, invoke = runtime.Worker._spawn, runtime.Worker.invoke


def spawn_with_name(worker):
    name = f"w{next(numbers)}"
    processes[name] = worker
    variables = (worker.config.get("Environment") or {}).get("Variables") or {}
    worker.config = {**worker.config, "Environment": {"Variables": {**variables, "AWS_SDK_UA_APP_ID": name}}}
    return spawn(worker)


def invoke_for_state(worker, *given, **named):
    worker.serves = (step_functions.running_execution.get(), step_functions.running_state.get())
    try:
        return invoke(worker, *given, **named)
    finally:
        worker.serves = None


# Calls.
dispatch = ministack.app._dispatch_service_request


async def dispatch_and_strike(method, path, headers, body, query_params, request_id):
    caller = NAME_OF_CALLER.search(headers.get("user-agent", ""))
    worker = processes.get(caller.group(1)) if caller and rules else None
    execution_arn, state = getattr(worker, "serves", None) or (None, None)
    if state is None:
        return await dispatch(method, path, headers, body, query_params, request_id)
    action = calls.describe(method, path, headers, body, query_params)["action"]
    refused = await strike_call("call", worker, execution_arn, state=state, action=action)
    if refused:
        return refused
    answer = await dispatch(method, path, headers, body, query_params, request_id)
    return await strike_call("called", worker, execution_arn, state=state, action=action) or answer


async def strike_call(at, worker, execution_arn, **where):
    """The answer instead of the call's own, or None."""
    answer = None
    for rule in strikes(at, **where):
        for what in rule["do"]:
            if what == "kill":
                kill(worker)
                answer = (503, {}, b"")
            if what == "throttle":
                answer = throttled(where["action"].split(":")[0])
            if what == "stop":
                stop(execution_arn)
            if what == "hold":
                await asyncio.to_thread(hold, rule)
    return answer


def throttled(service):
    if service in XML:
        return 400, {"Content-Type": "text/xml"}, b"<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>"
    return 400, {"Content-Type": "application/x-amz-json-1.0"}, b'{"__type": "ThrottlingException", "message": "Rate exceeded"}'


# Stacks.
update_resource = stacks._update_resource


def update_or_fail(resource_type, physical_id, old, new, stack_name, *rest):
    if resource_type == "AWS::Lambda::Function" and old != new and strikes("update", stack=stack_name):
        raise ValueError("Resource handler returned message: \"Internal failure\" (HandlerErrorCode: ServiceInternalError)")
    return update_resource(resource_type, physical_id, old, new, stack_name, *rest)


# Steering.
class Steering(BaseHTTPRequestHandler):
    def do_GET(self):
        with lock:
            self.answer([{"id": rule["id"], "struck": rule["struck"], "held": rule["held"]} for rule in rules])

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"null")
        if self.path == "/rules":
            with lock:
                before, rules[:] = list(rules), [{**rule, "seen": 0, "struck": 0, "held": False, "released": threading.Event()} for rule in asked]
            for rule in before:
                rule["released"].set()
        elif self.path == "/clock":
            clock.move_on(asked["seconds"])
        else:
            for rule in rules:
                if self.path == f"/release/{rule['id']}":
                    rule["released"].set()
        self.answer({})

    def answer(self, value):
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


port = int(os.environ.get("LOCAL_AWS_FAULTS") or 0)
if port:
    sfn._add_event, sfn._call_lambda = add_event_and_strike, call_lambda_and_strike
    runtime.Worker._spawn, runtime.Worker.invoke = spawn_with_name, invoke_for_state
    ministack.app._dispatch_service_request = dispatch_and_strike
    stacks._update_resource = update_or_fail
    threading.Thread(target=ThreadingHTTPServer(("127.0.0.1", port), Steering).serve_forever, daemon=True, name="local-aws-faults").start()
