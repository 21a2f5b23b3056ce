import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { findPython } from '../../rehearsal/emulator/python';

/** The emulator's own modules stand in: one topic of 222222222222 in eu-west-1, and policies that are lists of who may. */
const PRELUDE = `
import contextlib, json, sys
from types import SimpleNamespace
from unittest.mock import MagicMock
names = ("", ".core", ".core.arn", ".core.iam_evaluator", ".core.responses", ".services", ".services.cloudformation")
modules = {name: MagicMock() for name in names}
sys.modules.update({"ministack" + name: module for name, module in modules.items()})
core, services, cfn = modules[".core.responses"], modules[".services"], modules[".services.cloudformation"].provisioners
TOPIC = "arn:aws:sns:eu-west-1:222222222222:alarms"
here, seen = ["111111111111", "eu-west-2"], []
@contextlib.contextmanager
def scope(*place):
    before, here[:] = list(here), place
    yield
    here[:] = before
core.request_scope, core.get_account_id, core.get_region = scope, lambda: here[0], lambda: here[1]
modules[".core.arn"].parse_arn = lambda arn: SimpleNamespace(account_id=arn.split(":")[4], region=arn.split(":")[3])
evaluator = modules[".core.iam_evaluator"]
evaluator.EvalContext = SimpleNamespace
evaluator.resource_policy_allows = lambda policy, request, own: own or [request.principal_account, request.service_context["sns:protocol"]] in policy
evaluator.evaluate_resource_policy = lambda policy, request, service: SimpleNamespace(decision="Allow" if [service, request.service_context["aws:sourcearn"]] in policy else "ImplicitDeny")
topic = {"arn": TOPIC, "attributes": {"Policy": [["111111111111", "lambda"]]}, "subscriptions": []}
class Topics(dict):
    def get(self, arn): return topic if [arn, *here] == [TOPIC, "222222222222", "eu-west-1"] else None
sns, functions = services.sns, services.lambda_svc
sns._topics = Topics()
def create(logical_id, props, stack):
    topic["subscriptions"].append({"arn": TOPIC + ":1", "confirmed": True})
    return TOPIC + ":1", {}
sns._deliver_to_lambda = lambda *given: seen.append([given[0], *here])
functions.function_policy_for_arn = lambda arn: ([["sns.amazonaws.com", TOPIC]] if arn.endswith("raised") else [], here[0])
cfn._RESOURCE_HANDLERS = {"AWS::SNS::Subscription": {"create": create, "update": None, "delete": None}}
from local_aws import sns as local
def subscribed(account="111111111111", function_of="111111111111", **more):
    topic["subscriptions"], here[:] = [], [account, "eu-west-2"]
    props = {"TopicArn": TOPIC, "Region": "eu-west-1", "Protocol": "lambda", "Endpoint": f"arn:aws:lambda:eu-west-2:{function_of}:function:raised", **more}
    try:
        local.subscribe_of_stack("Hub", props, "stack")
    except ValueError as error:
        return str(error)
    return [topic["subscriptions"][0]["owner"], topic["subscriptions"][0]["confirmed"]]
def delivered(function):
    seen.clear()
    local.deliver_where_it_is(f"arn:aws:lambda:eu-west-2:111111111111:function:{function}", "{}", TOPIC)
    return list(seen)
`;

async function told<T>(main: string): Promise<T> {
  const python = await findPython(['python3', 'python']);
  const env = { ...process.env, PYTHONPATH: join(__dirname, '../../rehearsal'), PYTHONDONTWRITEBYTECODE: '1' };
  return JSON.parse(execFileSync(python, ['-c', `${PRELUDE}\nprint(json.dumps(${main}))`], { env, encoding: 'utf8' }));
}

test('a subscription is made in the region of its topic, by whom its policy names, and confirmed for a function of theirs', async () => {
  const asked = [
    '',
    'Region="eu-west-2"',
    'TopicArn="arn:aws:sns:eu-west-1:222222222222:other"',
    'account="333333333333"',
    'Protocol="sqs"',
    'account="222222222222"',
  ];
  expect(await told(`[${asked.map((given) => `subscribed(${given})`).join(', ')}]`)).toEqual([
    ['111111111111', true],
    expect.stringContaining('is not in eu-west-2'),
    expect.stringContaining('NotFound'),
    expect.stringContaining('333333333333:root is not authorized'),
    expect.stringContaining('is not authorized'),
    ['222222222222', false], // of the topic's owner, for a function of somebody else: it waits for ever
  ]);
});

test('a notice reaches a function of another account and region, if that lets the topic call it', async () => {
  const called = [['arn:aws:lambda:eu-west-2:111111111111:function:raised', '111111111111', 'eu-west-2']];
  expect(await told('[delivered("raised"), delivered("other")]')).toEqual([called, []]);
});
