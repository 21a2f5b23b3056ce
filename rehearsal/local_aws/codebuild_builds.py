"""Builds of CodeBuild as processes: no container engine.

ministack calls a build SUCCEEDED that nothing has run, or runs it in Docker. Here the commands of the project's build
specification, which must be JSON, run in bash, in a folder with the source from S3, with the variables of the project and
of the call, and no credentials. The image is not looked at. The same idempotency token again is the same build, and IAM is asked about a
build as about its project, as on AWS.
https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
"""

import copy
import io
import json
import os
import signal
import subprocess
import tempfile
import threading
import zipfile
from types import SimpleNamespace

from ministack.core import iam_actions
from ministack.core.responses import get_account_id, get_region, json_response
from ministack.services import codebuild, s3

# What of the emulator's own environment a build gets.
KEPT = ("PATH", "HOME", "TMPDIR", "LANG")
PHASES = ("install", "pre_build", "build", "post_build")

start_build, resource_of = codebuild._start_build, iam_actions.extract_resource_arn
builds_by_token, one_at_a_time, processes = {}, threading.Lock(), {}


def start_once(data):
    name, token = data.get("projectName", ""), data.get("idempotencyToken")
    project = codebuild._projects.get(name)
    if project is None:
        return start_build(data)
    key = (get_account_id(), get_region(), name, token)
    with one_at_a_time:
        if token and key in builds_by_token:
            return json_response({"build": copy.deepcopy(codebuild._builds[builds_by_token[key]])})
        environment = project.get("environment") or {}
        given = {each["name"]: each for each in (environment.get("environmentVariables") or []) + (data.get("environmentVariablesOverride") or [])}
        # The record of a build takes what its project has.
        codebuild._projects[name] = {**project, "environment": {**environment, "environmentVariables": list(given.values())}}
        try:
            answer = start_build(data)
        finally:
            codebuild._projects[name] = project
        builds_by_token[key] = json.loads(answer[2])["build"]["id"]
    return answer


def source_of(project, folder):
    source = project.get("source") or {}
    if source.get("type") != "S3":
        return
    bucket, key = source["location"].split("/", 1)
    content = s3._get_object_data(bucket, key)
    if content is None:
        raise RuntimeError(f"there is no {source['location']}")
    zipfile.ZipFile(io.BytesIO(content)).extractall(folder)


def variables_of(project, build):
    kept = {each: os.environ[each] for each in KEPT if each in os.environ}
    given = {each["name"]: each.get("value", "") for each in (project.get("environment") or {}).get("environmentVariables") or []}
    return {**kept, **given, "CODEBUILD_BUILD_ID": build["id"], "AWS_REGION": get_region()}


def run_command(command, build_id, folder, environment, emit):
    process = subprocess.Popen(
        ["bash", "-c", command], cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, start_new_session=True,
    )
    processes[build_id] = process
    for line in process.stdout:
        emit(line.rstrip())
    return process.wait()


def run_phases(build, project, folder, emit):
    """Whether all of them succeeded; the first command that does not ends its phase, and with it the build."""
    specification = json.loads((project.get("source") or {}).get("buildspec") or "{}")
    environment = variables_of(project, build)
    for phase in PHASES:
        for command in (specification.get("phases", {}).get(phase) or {}).get("commands") or []:
            status = run_command(command, build["id"], folder, environment, emit)
            if codebuild._stop_requested(build["id"]):
                return False
            if status != 0:
                codebuild._record_phase(build, phase.upper(), "FAILED")
                message = f"Error while executing command: {command}. Reason: exit status {status}"
                build["phases"][-1]["contexts"] = [{"statusCode": "COMMAND_EXECUTION_ERROR", "message": message}]
                return False
        codebuild._record_phase(build, phase.upper(), "SUCCEEDED")
    return True


def run_build(build_id, project):
    build = codebuild._builds[build_id]
    link = f"https://console.aws.amazon.com/cloudwatch/home?region={get_region()}#logEvent:group={build['logs']['groupName']};stream={build['logs']['streamName']}"
    build["logs"]["deepLink"] = link
    codebuild._record_phase(build, "QUEUED", "SUCCEEDED")
    try:
        with tempfile.TemporaryDirectory() as folder:
            source_of(project, folder)
            succeeded = run_phases(build, project, folder, codebuild._log_sink(build))
        stopped = codebuild._stop_requested(build_id)
        codebuild._finish_build(build, "STOPPED" if stopped else "SUCCEEDED" if succeeded else "FAILED")
    except Exception as exc:
        codebuild.logger.exception("build %s could not be run", build_id)
        codebuild._record_phase(build, "DOWNLOAD_SOURCE", "FAILED")
        build["phases"][-1]["contexts"] = [{"statusCode": "CLIENT_ERROR", "message": str(exc)}]
        codebuild._finish_build(build, "FAILED")
    finally:
        processes.pop(build_id, None)
        codebuild._clear_stopped(build_id)


def container_of(build_id):
    """What StopBuild removes."""
    return SimpleNamespace(remove=lambda **_: end(processes.get(build_id)))


def end(process):
    if process is not None and process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)


def end_every_build():
    for process in list(processes.values()):
        end(process)


def resource_of_builds(service, method, path, headers, body, query_params, region, account_id):
    if service == "codebuild" and headers.get("x-amz-target", "").endswith((".BatchGetBuilds", ".StopBuild")):
        asked = json.loads(body or b"{}")
        build_id = asked.get("id") or next(iter(asked.get("ids") or []), "")
        return f"arn:aws:codebuild:{region}:{account_id}:project/{build_id.split(':')[0]}"
    return resource_of(service, method, path, headers, body, query_params, region, account_id)


iam_actions.extract_resource_arn = resource_of_builds
codebuild.EXECUTE_BUILDS = True
codebuild._start_build, codebuild._execute_build, codebuild._container_for_build = start_once, run_build, container_of
