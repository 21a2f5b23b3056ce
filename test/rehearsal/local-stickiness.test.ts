import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { findPython } from '../../rehearsal/emulator/python';

/** The emulator's own load balancer stands in: a target group answers by its name. */
const PRELUDE = `
import asyncio, json, sys
from unittest.mock import MagicMock
alb, cfn = MagicMock(), MagicMock()
for name in ("ministack", "ministack.core", "ministack.core.responses", "ministack.services", "ministack.services.cloudformation"): sys.modules[name] = MagicMock()
sys.modules["ministack.services"].alb, sys.modules["ministack.services.cloudformation"].provisioners = alb, cfn
async def forward(arn, *request): return 200, {"x-version": arn}, b""
alb._forward_to_tg, alb._parse_actions, alb._p = forward, lambda params, prefix: [{"Type": "forward"}], lambda params, key, default="": params.get(key, default)
alb._tg_attrs, alb._error = {}, lambda *error: error
from local_aws import alb_weights as local
from local_aws import alb_stickiness
def rule(weights, seconds=None):
    params, at = {}, "Actions.member.1.ForwardConfig."
    for n, (arn, weight) in enumerate(weights.items(), 1):
        params.update({f"{at}TargetGroups.member.{n}.TargetGroupArn": arn, f"{at}TargetGroups.member.{n}.Weight": str(weight)})
    if seconds: params.update({f"{at}TargetGroupStickinessConfig.Enabled": "true", f"{at}TargetGroupStickinessConfig.DurationSeconds": str(seconds)})
    return local.parse_weighted_actions(params, "Actions")[0]
def asked(action, cookie=""):
    status, headers, body = asyncio.run(local.execute_weighted_action(action, "GET", "/", {"cookie": cookie}, b"", {}))
    return [headers["x-version"], headers.get("Set-Cookie")]
def cookie_of(arn, seconds, at): return alb_stickiness.cookies_of("AWSALBTG", arn, seconds, at)[0].split(";")[0]
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
pinned, foreign = [each.split(";")[0] for each in first[1]]
print(json.dumps({"during": sorted({asked(during, pinned)[0] for _ in range(200)}), "back": sorted({asked(back, pinned)[0] for _ in range(200)}),
  "foreign": sorted({asked(during, foreign)[0] for _ in range(200)}), "cookies": first[1], "kept": asked(during, pinned)[1], "afterwards": asked(back)[1]}))`;
  const cookies = [
    expect.stringMatching(/^AWSALBTG=[\w-]+; Expires=\w{3}, [\w :]+ GMT; Path=\/$/),
    expect.stringMatching(/^AWSALBTGCORS=[\w-]+; Expires=\w{3}, [\w :]+ GMT; Path=\/; SameSite=None; Secure$/),
  ];
  // Its time begins anew with every answer.
  expect(await told(during)).toEqual({ during: ['bad'], back: ['good'], foreign: ['bad'], cookies, kept: cookies, afterwards: null });
});

test('a weight of 0 would not take it back, nor does a cookie whose time is up, is of another rule or is none, hold it', async () => {
  const main = `
zero, only = rule({"good": 100, "bad": 0}, 60), rule({"good": 100, "other": 0}, 60)
pinned, old = cookie_of("bad", 60, local.time.time()), cookie_of("bad", 60, local.time.time() - 61)
print(json.dumps([asked(zero, pinned)[0], asked(zero, old)[0], asked(only, pinned)[0], asked(zero, "AWSALBTG=nonsense; a")[0], asked(rule({"good": 100, "bad": 0}), pinned)[0]]))`;
  expect(await told(main)).toEqual(['bad', 'good', 'good', 'good', 'good']);
});

test('a client is kept at a target of a sticky group as long as that is healthy, and the cookies of the service itself go on', async () => {
  const main = `
alb._tg_attrs["sticky"] = [{"Key": "stickiness.enabled", "Value": "true"}, {"Key": "stickiness.lb_cookie.duration_seconds", "Value": "60"}]
from local_aws import alb_health
keys = [("sticky", f"10.0.0.{n}", 80) for n in range(5)]
def answered(arn, cookie="", healthy=keys):
    alb_health.checked = {key: ("healthy", 0) for key in healthy}
    return sorted({alb_health.chosen_of(keys, {"cookie": cookie}, arn, local.time.time())[1] for _ in range(200)})
pinned = alb_stickiness.cookies_of("AWSALB", keys[3], 60, local.time.time())[0].split(";")[0]
print(json.dumps([answered("sticky", pinned), len(answered("sticky")), len(answered("free", pinned)), answered("sticky", pinned, keys[:1]),
  alb_stickiness.with_cookies({"set-cookie": "own=1"}, ["a=b"])]))`;
  expect(await told(main)).toEqual([['10.0.0.3'], 5, 5, ['10.0.0.0'], { 'Set-Cookie': ['own=1', 'a=b'] }]);
});

test('a rule with several groups of which one is sticky must be sticky itself', async () => {
  const main = `
alb._tg_attrs["kept"] = [{"Key": "stickiness.enabled", "Value": "true"}]
from local_aws import alb_refusals
def unkept(action): return alb_refusals.unkept(action, local.weighted_groups(action))
print(json.dumps([unkept(rule({"kept": 90, "other": 10})), unkept(rule({"kept": 90, "other": 10}, 60)), unkept(rule({"kept": 1})), unkept(rule({"free": 90, "other": 10}))]))`;
  expect(await told(main)).toEqual([true, false, false, false]);
});
