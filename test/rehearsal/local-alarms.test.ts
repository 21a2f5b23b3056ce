import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { noticeOf } from '../../lambda/domain/health/alarm';
import { findPython } from '../../rehearsal/emulator/python';

/** The emulator's own modules stand in by name: what is looked at here is what the local AWS adds to them. */
const PRELUDE = `
import json, sys, time
from unittest.mock import MagicMock
core, cloudwatch, sns = MagicMock(), MagicMock(), MagicMock()
for name in ("ministack", "ministack.core", "ministack.services", "local_aws.calls"): sys.modules[name] = MagicMock()
sys.modules.update({"ministack.core.responses": core, "ministack.services.cloudwatch": cloudwatch, "ministack.services.sns": sns})
sys.modules["ministack.services"].cloudwatch, sys.modules["ministack.services"].sns = cloudwatch, sns
core.get_account_id, core.get_region, core.new_uuid = (lambda: "222222222222"), (lambda: "eu-west-2"), (lambda: "id")
cloudwatch._ts_iso, cloudwatch._is_sns_action_arn = str, lambda arn: True
cloudwatch._dims_key, cloudwatch._calc_stats = str, lambda points: points
cloudwatch._stat_value = lambda stats, statistic, points: max(point["Value"] for point in points)
cloudwatch._metrics = {}
from local_aws import cloudwatch as local
alarm = {"AlarmName": "latency", "AlarmArn": "arn:aws:cloudwatch:eu-west-2:222222222222:alarm:latency", "Namespace": "AWS/ApplicationELB",
  "MetricName": "TargetResponseTime", "ExtendedStatistic": "p99", "Period": 60, "EvaluationPeriods": 2, "Threshold": 1.0, "StateValue": "OK",
  "ComparisonOperator": "GreaterThanOrEqualToThreshold", "TreatMissingData": "notBreaching", "AlarmActions": ["topic"], "OKActions": ["topic"]}
def measured(*points):
    cloudwatch._metrics[("AWS/ApplicationELB", "TargetResponseTime", "{}")] = [{"Timestamp": time.time() - age, "Value": value} for age, value in points]
    cloudwatch._dispatch_alarm_actions, sns._fanout = local.notify, MagicMock()
    local.evaluate(alarm)
    return {"state": alarm["StateValue"], "since": alarm["StateTransitionedTimestamp"], "data": json.loads(alarm.get("StateReasonData") or "{}"), "told": [call.args[2] for call in sns._fanout.mock_calls]}
def with_new_settings(*points):
    """As ministack takes them: it makes the alarm anew, with the state it had."""
    global alarm
    alarm = {key: value for key, value in alarm.items() if key != "StateTransitionedTimestamp"}
    return measured(*points)
`;

interface Evaluated {
  readonly state: string;
  readonly since: number;
  readonly data: Readonly<Record<string, unknown>>;
  readonly told: readonly string[];
}

type Measured = readonly (readonly [number, number])[];

/** What becomes of an alarm on two periods of a minute, with each list of `[age in seconds, value]` in turn. */
async function evaluated(...measurements: readonly Measured[]): Promise<Evaluated[]> {
  return toldBy<Evaluated[]>(`[measured(*points) for points in ${JSON.stringify(measurements)}]`);
}

async function toldBy<T>(expression: string): Promise<T> {
  const python = await findPython(['python3', 'python']);
  const main = `print(json.dumps(${expression}))`;
  const env = { ...process.env, PYTHONPATH: join(__dirname, '../../rehearsal'), PYTHONDONTWRITEBYTECODE: '1' };
  return JSON.parse(execFileSync(python, ['-c', `${PRELUDE}\n${main}`], { env, encoding: 'utf8' }));
}

test('one slow request raises no alarm on two periods; slow ones in both do, and it falls silent with them', async () => {
  const states = await evaluated(
    [[5, 1.8]],
    [[65, 1.8]],
    [
      [5, 1.8],
      [65, 2.1],
    ],
    [[65, 1.8]],
  );
  expect(states.map(({ state }) => state)).toEqual(['OK', 'OK', 'ALARM', 'OK']);
  expect(states.map(({ told }) => told.length)).toEqual([0, 0, 1, 1]);
});

test('an alarm says what it measured, as on AWS: in its data, and in its notice', async () => {
  const [raised] = await evaluated([
    [5, 1.8],
    [65, 2.1],
  ]);
  expect(raised?.data).toMatchObject({ version: '1.0', statistic: 'p99', period: 60, threshold: 1, recentDatapoints: [2.1, 1.8] });
  expect(noticeOf(raised?.told[0] ?? '')).toEqual({
    name: 'latency',
    state: 'ALARM',
    reason: 'p99 of the response time: 2.1 s and 1.8 s in 2 periods of 1 minute, allowed: less than 1 s',
    account: '222222222222',
    region: 'eu-west-2',
  });
});

test('an alarm says since when it is in its state: neither another look nor other settings change that, and a change of it does', async () => {
  const slow: Measured = [
    [5, 1.8],
    [65, 2.1],
  ];
  const quiet: Measured = [];
  const [raised, seen, set, silent] = await toldBy<Evaluated[]>(
    `[measured(*${JSON.stringify(slow)}), measured(*${JSON.stringify(slow)}), with_new_settings(*${JSON.stringify(slow)}), measured(*${JSON.stringify(quiet)})]`,
  );
  expect([raised, seen, set, silent].map((each) => each?.state)).toEqual(['ALARM', 'ALARM', 'ALARM', 'OK']);
  expect([seen?.since, set?.since]).toEqual([raised?.since, raised?.since]);
  expect(silent?.since).toBeGreaterThan(raised?.since ?? Number.POSITIVE_INFINITY);
});
