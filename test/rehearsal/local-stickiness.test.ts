import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { findPython } from '../../rehearsal/emulator/python';

/** The emulator's own load balancer stands in: a target group answers by its name. */
const PRELUDE = `
import asyncio, json, sys
from unittest.mock import MagicMock
alb, cfn = MagicMock(), MagicMock()
for name in ("ministack", "ministack.services", "ministack.services.cloudformation"): sys.modules[name] = MagicMock()
sys.modules["ministack.services"].alb, sys.modules["ministack.services.cloudformation"].provisioners = alb, cfn
async def forward(arn, *request): return 200, {"x-version": arn}, b""
alb._forward_to_tg, alb._parse_actions, alb._p = forward, lambda params, prefix: [{"Type": "forward"}], lambda params, key, default="": params.get(key, default)
from local_aws import alb_weights as local
def rule(weights, seconds=None):
    params, at = {}, "Actions.member.1.ForwardConfig."
    for n, (arn, weight) in enumerate(weights.items(), 1):
        params.update({f"{at}TargetGroups.member.{n}.TargetGroupArn": arn, f"{at}TargetGroups.member.{n}.Weight": str(weight)})
    if seconds: params.update({f"{at}TargetGroupStickinessConfig.Enabled": "true", f"{at}TargetGroupStickinessConfig.DurationSeconds": str(seconds)})
    return local.parse_weighted_actions(params, "Actions")[0]
def asked(action, cookie=""):
    status, headers, body = asyncio.run(local.execute_weighted_action(action, "GET", "/", {"cookie": cookie}, b"", {}))
    return [headers["x-version"], headers.get("Set-Cookie")]
`;

/** @param main an expression of Python, which is told as JSON */
async function told<T>(main: string): Promise<T> {
  const python = await findPython(['python3', 'python']);
  const env = { ...process.env, PYTHONPATH: join(__dirname, '../../rehearsal'), PYTHONDONTWRITEBYTECODE: '1' };
  return JSON.parse(execFileSync(python, ['-c', `${PRELUDE}\n${main}`], { env, encoding: 'utf8' }));
}

test('a client that the bad version answered stays with it while both share traffic, and is answered by the good one right after the roll back', async () => {
  const during = `
during, back = rule({"good": 90, "bad": 10}, 60), rule({"good": 100})
first = next(one for one in (asked(during) for _ in range(10_000)) if one[0] == "bad")
pinned = first[1].split(";")[0]
print(json.dumps({"during": sorted({asked(during, pinned)[0] for _ in range(200)}), "back": sorted({asked(back, pinned)[0] for _ in range(200)}),
  "cookie": first[1], "kept": asked(during, pinned)[1], "afterwards": asked(back)[1]}))`;
  expect(await told(during)).toEqual({
    during: ['bad'],
    back: ['good'],
    cookie: expect.stringMatching(/^AWSALBTG=[\w-]+; Max-Age=60; Path=\/$/),
    kept: null,
    afterwards: null,
  });
});

test('a weight of 0 would not take it back, nor does a cookie whose time is up, is of another rule or is none, hold it', async () => {
  const main = `
zero, only = rule({"good": 100, "bad": 0}, 60), rule({"good": 100, "other": 0}, 60)
pinned = local.cookie_of("bad", 60, local.time.time()).split(";")[0]
old = local.cookie_of("bad", 60, local.time.time() - 61).split(";")[0]
print(json.dumps([asked(zero, pinned)[0], asked(zero, old)[0], asked(only, pinned)[0], asked(zero, "AWSALBTG=nonsense; a")[0], asked(rule({"good": 100, "bad": 0}), pinned)[0]]))`;
  expect(await told(main)).toEqual(['bad', 'good', 'good', 'good', 'good']);
});
