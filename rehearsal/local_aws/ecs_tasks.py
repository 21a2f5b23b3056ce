"""Elastic Container Service, tasks as processes: no container engine.

ministack runs the containers of a task with Docker, and without it calls a task that runs nothing RUNNING. Here an
image stands for a local folder, LOCAL_AWS_IMAGES says which: a JSON object, repository or whole image -> folder. A
task whose image is one of them is a Node process that runs `index.js` of that folder, with the command and the
environment of the container and an address of its own in 127.0.0.0/8, so that every task can listen on the same port. A task of any
other image fails to start, as one that cannot be pulled.

As on AWS, and not in ministack: a service whose target group is on no load balancer is refused; CloudFormation waits
until a deployment is complete and its tasks are healthy, and fails when the circuit breaker ends it; and a task is
stopped when its requests are finished, while nobody waits for that.
"""

import json
import os
import pathlib
import random
import signal
import subprocess
import tempfile
import threading
import time
from types import SimpleNamespace

from ministack.core.responses import set_request_account_id, set_request_region
from ministack.services import ecs
from ministack.services.cloudformation import provisioners as cfn
from ministack.services.cloudformation import stacks

from . import alb_attachments, alb_health

IMAGES = json.loads(os.environ.get("LOCAL_AWS_IMAGES") or "{}")
OWN_ADDRESS = str(pathlib.Path(__file__).with_name("own-address.cjs"))
# How long CloudFormation waits for a service: less than anybody's patience here, as the breaker is quicker.
STEADY_SECONDS = 120
# What of the emulator's own environment a task gets.
KEPT = ("PATH", "HOME", "TMPDIR", "LANG")


def folder_of(image):
    """The folder that stands for an image. Raises for one that has none."""
    folder = IMAGES.get(image) or IMAGES.get(image.split("@")[0].rsplit(":", 1)[0]) or IMAGES.get(image.split("@")[0])
    if folder is None:
        raise RuntimeError(f"no local folder stands for {image}: name one in LOCAL_AWS_IMAGES")
    return folder


class Container:
    """A process, as far as ministack asks a container."""

    def __init__(self, image, environment, name, command):
        self.id = f"{random.getrandbits(256):064x}"
        self.name = name
        self.address = f"127.{random.randrange(1, 255)}.{random.randrange(1, 255)}.{random.randrange(1, 255)}"
        self.log = tempfile.TemporaryFile()
        kept = {each: os.environ[each] for each in KEPT if each in os.environ}
        own = {"LOCAL_AWS_ADDRESS": self.address, "NODE_OPTIONS": f"--require {json.dumps(OWN_ADDRESS)}"}
        self.process = subprocess.Popen(
            ["node", os.path.join(folder_of(image), "index.js"), *(command or [])],
            env={**kept, **(environment or {}), **own},
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )

    @property
    def status(self):
        return "running" if self.process.poll() is None else "exited"

    @property
    def attrs(self):
        return {"NetworkSettings": {"Networks": {"local": {"IPAddress": self.address}}}}

    def reload(self):
        pass

    def wait(self):
        return {"StatusCode": self.process.wait()}

    def stop(self, timeout=5):
        """Whoever lowers a service does not wait for its tasks, nor one of them for another."""
        threading.Thread(target=self.end, args=(timeout,), daemon=True, name=f"local-aws-stop-{self.address}").start()

    def end(self, timeout):
        """Its target is deregistered by now: what it has still to answer comes first."""
        alb_health.wait_until_drained(self.address)
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.process.kill()
        CONTAINERS.pop(self.id, None)

    def remove(self, **_):
        if self.status == "exited":
            CONTAINERS.pop(self.id, None)

    def logs(self, stream=False, **_):
        read = 0
        while True:
            ended = self.process.poll() is not None
            text = os.pread(self.log.fileno(), 1 << 20, read)
            read += len(text)
            if text:
                yield text
            elif ended:
                return
            else:
                time.sleep(0.1)


CONTAINERS = {}


def run(image, environment=None, name="", command=None, **_):
    container = Container(image, environment, name, command)
    CONTAINERS[container.id] = container
    return container


def pull(image, **_):
    folder_of(image)
    return SimpleNamespace(id=image, tag=lambda *_, **__: True)


ENGINE = SimpleNamespace(
    containers=SimpleNamespace(run=run, get=lambda each: CONTAINERS[each], list=lambda **_: []),
    images=SimpleNamespace(pull=pull, get=pull),
)


def end_every_task():
    for container in list(CONTAINERS.values()):
        container.process.kill()


ecs._get_docker = lambda: ENGINE
# Reaps containers that earlier emulators have left in Docker; there are none.
ecs._ensure_ecs_reaper_thread = lambda: None

# The first deployment of a service is one like any other: its tasks may fail. ministack calls it complete when it begins.
make_deployment = ecs._make_deployment


def make_unfinished(task_definition, desired_count, status="PRIMARY"):
    deployment = make_deployment(task_definition, desired_count, status)
    if desired_count == 0:
        return deployment
    return {**deployment, "rolloutState": "IN_PROGRESS", "rolloutStateReason": "ECS deployment in progress."}


ecs._make_deployment = make_unfinished

# A deployment is complete, and a failure forgiven, when the load balancer calls a task healthy: ministack takes one that
# runs for a second for that, and a program that ends at once may take longer to start.
record_healthy = ecs._record_service_task_healthy


def behind_load_balancer(service):
    return any(balancer.get("targetGroupArn") for balancer in (service or {}).get("loadBalancers") or [])


def record_unless_checked(service_key, task):
    if not behind_load_balancer(ecs._services.get(service_key)):
        record_healthy(service_key, task)


def settle(service):
    cluster = service["clusterArn"].rsplit("/", 1)[-1]
    service_key = f"{cluster}/{service['serviceName']}"
    healthy = {key[1] for balancer in service["loadBalancers"] for key in alb_health.registered(balancer["targetGroupArn"])
               if alb_health.state_of(key) == "healthy"}
    for task in list(ecs._tasks.values()):
        is_own = task.get("group") == f"service:{service['serviceName']}" and task.get("clusterArn") == service["clusterArn"]
        if is_own and task.get("lastStatus") == "RUNNING" and not task.get("_startup_stable") and ecs._task_ip(task) in healthy:
            record_healthy(service_key, task)
            ecs._complete_service_deployment(cluster, service_key)


def settle_for_ever():
    while True:
        time.sleep(0.3)
        try:
            for service in list(ecs._services.all_values()):
                if behind_load_balancer(service) and service.get("status") == "ACTIVE":
                    _, _, _, region, account, _ = service["clusterArn"].split(":", 5)
                    set_request_account_id(account)
                    set_request_region(region)
                    settle(service)
        except Exception:  # the next round must still come
            ecs.logger.exception("services were not looked after")


ecs._record_service_task_healthy = record_unless_checked
threading.Thread(target=settle_for_ever, daemon=True, name="local-aws-ecs-services").start()

# CloudFormation.
create_service, update_service = cfn._ecs_service_create, cfn._ecs_service_update
service_handlers = cfn._RESOURCE_HANDLERS["AWS::ECS::Service"]
runs_on_worker_thread = stacks._runs_on_worker_thread


def refuse_detached(props):
    """https://repost.aws/knowledge-center/ecs-associated-load-balancer-error"""
    for balancer in props.get("LoadBalancers") or []:
        arn = balancer.get("TargetGroupArn")
        if arn and not alb_attachments.load_balancers_of(arn):
            raise ValueError(f"The target group with targetGroupArn {arn} does not have an associated load balancer.")


def service_of(arn):
    _, cluster, name = arn.split(":", 5)[5].split("/")
    return ecs._services.get(f"{cluster}/{name}")


def targets_are_healthy(service):
    groups = [balancer["targetGroupArn"] for balancer in service.get("loadBalancers") or [] if balancer.get("targetGroupArn")]
    healthy = [sum(alb_health.state_of(key) == "healthy" for key in alb_health.registered(arn)) for arn in groups]
    return all(count >= service.get("desiredCount", 0) for count in healthy)


def wait_until_steady(made):
    arn, attributes = made
    began = time.time()
    while time.time() - began < STEADY_SECONDS:
        service = service_of(arn)
        primary = ecs._primary_deployment(service)
        if primary.get("rolloutState") == "FAILED":
            raise ValueError("Error occurred during operation 'ECS Deployment Circuit Breaker was triggered'.")
        is_there = service.get("runningCount", 0) >= service.get("desiredCount", 0)
        if primary.get("rolloutState") == "COMPLETED" and is_there and targets_are_healthy(service):
            return arn, attributes
        time.sleep(0.2)
    raise ValueError(f"The service did not stabilize within {STEADY_SECONDS} seconds: its tasks run, and are not healthy.")


def create_steady_service(logical_id, props, stack_name):
    refuse_detached(props)
    made = create_service(logical_id, props, stack_name)
    try:
        return wait_until_steady(made)
    except ValueError:
        cfn._ecs_service_delete(made[0], props)  # CloudFormation removes what failed to be created
        raise


service_handlers["create"] = create_steady_service
service_handlers["update"] = lambda *given, **named: wait_until_steady(update_service(*given, **named))
stacks._runs_on_worker_thread = lambda kind: kind == "AWS::ECS::Service" or runs_on_worker_thread(kind)
