"""Tasks that are run by themselves: the same client token again is the same task, and IAM is asked about tasks and their cluster.

ministack starts one more task for each RunTask, whatever its token, and names the cluster where AWS decides about a task
definition or a task. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/ECS_Idempotency.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
"""

import json
import threading

from ministack.core import iam_actions
from ministack.core.responses import error_response_json, get_account_id, get_region
from ministack.services import ecs

run_task, request_tag_context, resource_of = ecs._run_task, iam_actions.request_tag_context, iam_actions.extract_resource_arn
answers, one_at_a_time = {}, threading.Lock()
# Calls about tasks, and where each says which one.
TASKS = {"RunTask": "taskDefinition", "DescribeTasks": "tasks", "StopTask": "task", "ListTasks": None}


def run_once(data):
    token = data.get("clientToken")
    if not token:
        return run_task(data)
    key = (get_account_id(), get_region(), ecs._resolve_cluster_name(data.get("cluster", "default")), token)
    with one_at_a_time:
        asked, answer = answers.get(key, (data, None))
        if asked != data:
            return error_response_json("ConflictException", "The client token is in use with other parameters.", 400)
        if answer is None:
            answer = run_task(data)
            if answer[0] == 200:
                answers[key] = (data, answer)
    return answer


def asked_of(service, headers, body):
    """The call's name and its parameters, where it is about tasks."""
    name = headers.get("x-amz-target", "").rsplit(".", 1)[-1]
    return (name, json.loads(body or b"{}")) if service == "ecs" and name in TASKS else (None, {})


def cluster_arn(asked):
    name = (asked.get("cluster") or "default").rsplit("/", 1)[-1]
    return f"arn:aws:ecs:{get_region()}:{get_account_id()}:cluster/{name}"


def resource_of_tasks(service, method, path, headers, body, query_params, region, account_id):
    name, asked = asked_of(service, headers, body)
    if name is None:
        return resource_of(service, method, path, headers, body, query_params, region, account_id)
    given = asked.get(TASKS[name]) if TASKS[name] else "*"
    given = given[0] if isinstance(given, list) else given or "*"
    if given == "*" or given.startswith("arn:"):
        return given
    kind = "task-definition/" if name == "RunTask" else f"task/{cluster_arn(asked).rsplit('/', 1)[-1]}/"
    return f"arn:aws:ecs:{region}:{account_id}:{kind}{given}"


def context_with_cluster(service, iam_action, body, routing_params):
    context = request_tag_context(service, iam_action, body, routing_params)
    if service == "ecs" and iam_action.split(":")[-1] in TASKS:
        return {**context, "ecs:cluster": cluster_arn(json.loads(body or b"{}"))}
    return context


ecs._run_task = ecs._ACTION_MAP["RunTask"] = run_once
iam_actions.extract_resource_arn = resource_of_tasks
iam_actions.request_tag_context = context_with_cluster
