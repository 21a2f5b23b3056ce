import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { findPython } from '../../rehearsal/emulator/python';

/** The emulator's own modules stand in: a machine's state waits for its token until `wait` returns, and an answer is taken where the token is known. */
const PRELUDE = `
import json, sys
from unittest.mock import MagicMock
names = ("", ".app", ".core", ".core.responses", ".services")
modules = {name: MagicMock() for name in names}
sys.modules.update({"ministack" + name: module for name, module in modules.items()})
sys.modules["local_aws.calls"] = MagicMock()
sfn, services = modules[".services"].stepfunctions, modules[".services"]
modules[".core.responses"].error_response_json = lambda code, message, status: [status, code, message]
modules[".core"].iam_actions.extract_resource_arn = lambda *given: "*"
sfn._task_tokens = {}
ARN = "arn:aws:states:eu-west-2:111111111111:execution:Payments-Production:release-1"
def take(data):
    if data["taskToken"] not in sfn._task_tokens: return [400, "TaskDoesNotExist", ""]
    sfn._task_tokens[data["taskToken"]]["event"].set()
    return [200]
sfn._send_task_success = sfn._send_task_failure = sfn._send_task_heartbeat = take
class Event:
    isSet = False
    def is_set(self): return self.isSet
    def set(self): self.isSet = True
def wait(resource, payload, token, state):
    sfn._task_tokens[token] = {"event": Event(), "result": None, "error": None}
    seen.append(["while it waits", resource_of(token), *answers(token, state["times"])])
    del sfn._task_tokens[token]
sfn._invoke_with_callback = wait
from local_aws import iam, step_functions
seen = []
def resource_of(token):
    given = ("states", "POST", "/", {"x-amz-target": "AWSStepFunctions.SendTaskSuccess"}, json.dumps({"taskToken": token}), {}, "eu-west-2", "111111111111")
    return iam.resource_of(*given)
def answers(token, times):
    return [sfn._send_task_success({"taskToken": token, "output": "{}"})[:2] for _ in range(times)]
def waited(token, times):
    step_functions.running_execution.set(ARN)
    sfn._invoke_with_callback("lambda", {}, token, {"times": times})
    seen.append(["when it has ended", resource_of(token), *answers(token, 1)])
    return seen
`;

async function toldBy<T>(expression: string): Promise<T> {
  const python = await findPython(['python3', 'python']);
  const env = { ...process.env, PYTHONPATH: join(__dirname, '../../rehearsal'), PYTHONDONTWRITEBYTECODE: '1' };
  return JSON.parse(execFileSync(python, ['-c', `${PRELUDE}\nprint(json.dumps(${expression}))`], { env, encoding: 'utf8' }));
}

const MACHINE = 'arn:aws:states:eu-west-2:111111111111:stateMachine:Payments-Production';
const CLOSED = [400, 'TaskTimedOut'];

test('a token is its machine’s while it waits, is answered once, and stays its machine’s when nobody waits any more', async () => {
  expect(await toldBy("waited('t', 2)")).toEqual([
    ['while it waits', MACHINE, [200], CLOSED],
    ['when it has ended', MACHINE, CLOSED],
  ]);
});

test('a token whose execution was stopped before anybody answered is of a task that has ended, not one that is not allowed', async () => {
  expect(await toldBy("waited('t', 0)")).toEqual([
    ['while it waits', MACHINE],
    ['when it has ended', MACHINE, CLOSED],
  ]);
});

test('what was never a token is none', async () => {
  expect(await toldBy("[resource_of('made up'), *answers('made up', 1)]")).toEqual(['*', [400, 'InvalidToken']]);
});
