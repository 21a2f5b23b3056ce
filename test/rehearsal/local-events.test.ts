import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { findPython } from '../../rehearsal/emulator/python';

/** The emulator's own modules stand in, and nothing is measured but when it is asked for. */
const PRELUDE = `
import json, sys, threading
from unittest.mock import MagicMock
names = ("", ".core", ".core.responses", ".services", ".services.cloudformation")
modules = {name: MagicMock() for name in names}
sys.modules.update({"ministack" + name: module for name, module in modules.items()})
threading.Thread = MagicMock()
services, core, seen, here = modules[".services"], modules[".core.responses"], [], {}
`;

async function told<T>(main: string): Promise<T> {
  const python = await findPython(['python3', 'python']);
  const env = { ...process.env, PYTHONPATH: join(__dirname, '../../rehearsal'), PYTHONDONTWRITEBYTECODE: '1' };
  return JSON.parse(execFileSync(python, ['-c', `${PRELUDE}\n${main}`], { env, encoding: 'utf8' }));
}

test('a function that is told of an event is called as Lambda calls whom nobody waits for: again when it fails, and what it cannot handle has a destination', async () => {
  const main = `
functions = services.lambda_svc
functions._get_func_record_for_ref = lambda arn: ({"of": arn}, {"at": "$LATEST"}, arn) if arn == "there" else (None, None, arn)
functions._execution_record_for_config = lambda function, config: {**function, **config}
functions.invoke_async_with_retry = lambda record, event: seen.append([record, event])
from local_aws import eventbridge as local
services.eventbridge._dispatch_to_lambda("there", '{"detail": 1}')
services.eventbridge._dispatch_to_lambda("gone", '{"detail": 2}')
print(json.dumps(seen))`;
  expect(await told(main)).toEqual([[{ of: 'there', at: '$LATEST' }, { detail: 1 }]]);
});

test('CloudWatch has how many messages of a queue can be received, in its own place, until there are none', async () => {
  const main = `
core.set_request_account_id, core.set_request_region = lambda account: here.update(account=account), lambda region: here.update(region=region)
services.cloudwatch.record_metric = lambda *datum: seen.append([here["account"], here["region"], *datum])
queue = lambda name, *visible_at: {"name": name, "messages": [{"visible_at": at} for at in visible_at]}
queues = {("1", "eu-west-2", "a"): queue("given-up", 0, 0, 9e12), ("2", "eu-west-1", "b"): queue("empty")}
services.sqs._queues._data = queues
from local_aws import sqs as local
local.measure()
queues["1", "eu-west-2", "a"]["messages"] = []
local.measure()
local.measure()
print(json.dumps(seen))`;
  const datum = (visible: number) => ['1', 'eu-west-2', 'AWS/SQS', 'ApproximateNumberOfMessagesVisible', visible, 'Count', { QueueName: 'given-up' }];
  expect(await told(main)).toEqual([datum(2), datum(0)]);
});
