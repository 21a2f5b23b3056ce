import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { findPython } from '../../rehearsal/emulator/python';

/** The emulator's own modules stand in: a function whose health is asked for, and one whose is not. */
const PRELUDE = `
import json, sys, threading
from unittest.mock import MagicMock
names = ("", ".core", ".core.arn", ".core.responses", ".services", ".services.cloudformation")
modules = {name: MagicMock() for name in names}
sys.modules.update({"ministack" + name: module for name, module in modules.items()})
threading.Thread = MagicMock()
alb, functions, asked = modules[".services"].alb, modules[".services"].lambda_svc, []
arn = lambda name: f"arn:aws:elasticloadbalancing:eu-west-2:111111111111:targetgroup/{name}/1"
group = lambda name, enabled: {"TargetGroupArn": arn(name), "TargetType": "lambda", "HealthCheckEnabled": enabled, "HealthCheckPath": "/health", "Matcher": {"HttpCode": "200-204"}}
alb._tgs = {arn(name): group(name, name == "asked") for name in ("asked", "not")}
alb._targets = {arn(name): [{"Id": name}] for name in ("asked", "not")}
class Groups(dict):
    def all_values(self): return self.values()
alb._tgs = Groups(alb._tgs)
alb._p = lambda params, name: params[name]
alb._describe_target_health = lambda params: (200, {}, b"<State>healthy</State>")
alb._ACTION_MAP = {}
functions._get_func_record_for_ref = lambda ref: ({"of": ref}, {"FunctionName": ref}, ref)
functions._execution_record_for_config = lambda function, config: function
functions._execute_function_with_config_scope = lambda function, event: asked.append([function["of"], event["path"]]) or answer
functions.lambda_execute_result_to_api_proxy_response = lambda result: (result, None)
from local_aws import alb_targets as local
def state(name, *answers):
    global answer
    for answer in answers:
        local.check_functions()
    return local.describe_function_health({"TargetGroupArn": arn(name)})[2].decode()
`;

async function told<T>(main: string): Promise<T> {
  const python = await findPython(['python3', 'python']);
  const env = { ...process.env, PYTHONPATH: join(__dirname, '../../rehearsal'), PYTHONDONTWRITEBYTECODE: '1' };
  return JSON.parse(execFileSync(python, ['-c', `${PRELUDE}\nprint(json.dumps(${main}))`], { env, encoding: 'utf8' }));
}

test('a function is as well as it answers where somebody asks for that; until it was asked nobody knows', async () => {
  const good = '{"statusCode": 204}';
  const looks = ['', good, '{"statusCode": 500}', good, '{"error": True, "statusCode": 200}'].map((answer) => `state("asked", ${answer})`);
  expect(await told(`[${looks.join(', ')}]`)).toEqual([
    '<State>initial</State><Reason>Elb.InitialHealthChecking</Reason>',
    '<State>healthy</State>',
    '<State>unhealthy</State><Reason>Target.FailedHealthChecks</Reason>',
    '<State>healthy</State>',
    '<State>unhealthy</State><Reason>Target.FailedHealthChecks</Reason>',
  ]);
});

test('another is not called, and takes requests without being healthy', async () => {
  expect(await told('[state("not", {}), state("asked", {"statusCode": 200}) and asked]')).toEqual([
    '<State>unavailable</State><Reason>Target.HealthCheckDisabled</Reason>',
    [
      ['asked', '/health'],
      ['asked', '/health'],
    ],
  ]);
});
