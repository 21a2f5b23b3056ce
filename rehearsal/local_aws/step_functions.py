"""Step Functions: what stopping an execution reaches, events of child executions, a failing callback Lambda, Parallel.

ministack emits no status event for a child started by `startExecution.sync`, stops neither the children nor the
waiting tokens of a stopped execution, lets a late failure overwrite ABORTED, and waits out the whole timeout
when the Lambda that was to receive a task token fails. It forgets a token with its task, so that nobody is allowed to answer
it any more, and takes a second answer to one that is being taken up. Its Parallel state ignores the JSONata fields Arguments, Output
and Assign, lets its branches overwrite one another's context, and leaves their states out of the history.
"""

import contextvars
import json
import threading

from ministack.core.responses import error_response_json
from ministack.services import stepfunctions as sfn

execute_task, invoke_with_callback, call_lambda = sfn._execute_task, sfn._invoke_with_callback, sfn._call_lambda
run_execution, stop_execution, fail_execution = sfn._run_execution, sfn._stop_execution, sfn._fail_execution
parallel_branches = sfn._run_parallel_branches

running_execution = contextvars.ContextVar("running_execution", default=None)
running_state = contextvars.ContextVar("running_state", default=None)
waiting_token = contextvars.ContextVar("waiting_token", default=None)
branch_of = contextvars.ContextVar("branch_of", default=None)  # execution whose Parallel branch this thread runs
token_owner = {}  # task token -> execution that waits on it
machine_of = {}  # task token -> the state machine whose it is, whatever became of the execution
parent_of = {}  # child execution -> parent execution


def execute_known_task(state, raw_input, execution, context):
    marks = running_execution.set(execution["executionArn"]), running_state.set(context["State"]["Name"])
    try:
        return execute_task(state, raw_input, execution, context)
    finally:
        running_execution.reset(marks[0])
        running_state.reset(marks[1])


def machine_of_execution(arn):
    return arn.rsplit(":", 1)[0].replace(":execution:", ":stateMachine:")


def invoke_with_known_callback(resource, payload, token, state):
    owner = running_execution.get()
    token_owner[token], machine_of[token] = owner, machine_of_execution(owner)
    waiting_token.set(token)
    try:
        return invoke_with_callback(resource, payload, token, state)
    finally:
        token_owner.pop(token, None)
        waiting_token.set(None)


def fail_token(token, error, cause):
    waiting = sfn._task_tokens.get(token)
    if waiting and not waiting["event"].is_set():
        waiting["error"] = {"Error": error, "Cause": cause}
        waiting["event"].set()


def refused(request):
    """Why nobody waits for an answer. AWS says TaskTimedOut of a token whose task has ended in any way, InvalidToken of none of its own.
    https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html
    """
    token = request.get("taskToken")
    waiting = sfn._task_tokens.get(token)
    if waiting and not waiting["event"].is_set():
        return None
    if waiting or token in machine_of:
        return error_response_json("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'", 400)
    return error_response_json("InvalidToken", "Invalid Token: 'Invalid token'", 400)


def answered_while_waiting(answer):
    return lambda request: refused(request) or answer(request)


def call_lambda_for_token(function, event):
    try:
        return call_lambda(function, event)
    except sfn._ExecutionError as failure:
        fail_token(waiting_token.get(), failure.error, failure.cause)
        raise


def run_child_like_any_other(arn):
    execution = sfn._executions.get(arn)
    if execution and execution.pop("sync", False) and running_execution.get():
        parent_of[arn] = running_execution.get()
        sfn._emit_execution_status_event(execution)
    run_execution(arn)


def stop_with_children(request):
    answer = stop_execution(request)
    arn = request.get("executionArn")
    if answer[0] == 200:
        for child in [c for c, parent in list(parent_of.items()) if parent == arn and sfn._executions[c]["status"] == "RUNNING"]:
            stop_with_children({"executionArn": child, "cause": "the parent execution was stopped"})
        for token in [t for t, owner in list(token_owner.items()) if owner == arn]:
            fail_token(token, "States.Aborted", "the execution was stopped")
    return answer


def fail_only_while_running(execution, error, cause):
    if execution["status"] == "RUNNING":
        fail_execution(execution, error, cause)


def run_parallel_branches(state, raw_input, execution, context):
    """As AWS does: a branch sees the variables from outside and keeps its own to itself."""
    if sfn._state_query_language(state, context) != "JSONata":
        return parallel_branches(state, raw_input, execution, context)
    given = sfn._apply_jsonata_arguments(state, raw_input, context)
    results, failures = [None] * len(state["Branches"]), []

    def run(position, branch):
        inner = {**context, "variables": dict(context["variables"])}
        mark = branch_of.set(execution)
        try:
            results[position] = sfn._run_sub_machine(branch["States"], branch["StartAt"], given, execution, inner)
        except sfn._ExecutionError as failure:
            failures.append(failure)
        except Exception as failure:
            failures.append(sfn._ExecutionError("States.BranchFailed", str(failure)))
        finally:
            branch_of.reset(mark)

    threads = [
        threading.Thread(target=contextvars.copy_context().run, args=(run, *numbered), daemon=True) for numbered in enumerate(state["Branches"])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    output = sfn._apply_jsonata_output(state, raw_input, context, result=results, default=results)
    sfn._apply_state_assign(state, raw_input, context, result=results)
    return output, sfn._next_or_end(state)


def seen_in_history(kind, execute):
    """The same state, with its entry and exit in the history when it runs inside a branch."""

    def execute_and_note(state, raw_input, *where):
        execution = branch_of.get()
        if not execution:
            return execute(state, raw_input, *where)
        name = where[-1]["State"]["Name"]
        sfn._add_event(execution, f"{kind}StateEntered", {"stateEnteredEventDetails": {"name": name, "input": json.dumps(raw_input)}})
        output, following = execute(state, raw_input, *where)
        sfn._add_event(execution, f"{kind}StateExited", {"stateExitedEventDetails": {"name": name, "output": json.dumps(output)}})
        return output, following

    return execute_and_note


sfn._execute_task, sfn._invoke_with_callback, sfn._call_lambda = execute_known_task, invoke_with_known_callback, call_lambda_for_token
sfn._run_execution, sfn._stop_execution, sfn._fail_execution = run_child_like_any_other, stop_with_children, fail_only_while_running
sfn._run_parallel_branches = run_parallel_branches
sfn._execute_task = seen_in_history("Task", sfn._execute_task)
sfn._execute_pass = seen_in_history("Pass", sfn._execute_pass)
sfn._execute_choice = seen_in_history("Choice", sfn._execute_choice)
sfn._execute_wait = seen_in_history("Wait", sfn._execute_wait)
for name in ("_send_task_success", "_send_task_failure", "_send_task_heartbeat"):
    setattr(sfn, name, answered_while_waiting(getattr(sfn, name)))
