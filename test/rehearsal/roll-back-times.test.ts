import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { denied, loadBalancerWrites, type Recorded, readCalls } from '../../rehearsal/figures/calls';
import { rollBackTimes } from '../../rehearsal/figures/roll-back-times';
import type { Response } from '../../rehearsal/traffic/response';

const call = (at: number, action: string, status = 200): Recorded => ({ event: 'Call', at, action, resource: '*', principal: 'arn:aws:iam::0:role/x', status });
const alarm = (at: number, now: string): Recorded => ({ event: 'AlarmStateChange', at, alarm: 'errors', old: 'OK', new: now });
const answer = (answered: number, version: string, status: number): Response => ({
  sent: answered - 5,
  answered,
  environment: 'Production',
  path: '/pay',
  connection: 'persistent',
  status,
  version,
});

const bad = { environment: 'Production', version: '1.2.0' };
const responses = [answer(90, '1.2.0', 200), answer(100, '1.2.0', 500), answer(105, '1.1.0', 200), answer(310, '1.2.0', 500), answer(900, '1.1.0', 200)];
const shift = call(80, 'elasticloadbalancing:ModifyRule');
const raised = [alarm(50, 'OK'), alarm(200, 'ALARM')];

test('from what clients saw and what was called', () => {
  const recorded = [shift, ...raised, call(250, 'elasticloadbalancing:DescribeRules'), call(300, 'elasticloadbalancing:ModifyRule')];
  expect(rollBackTimes(bad, responses, recorded, 1000)).toEqual({ firstError: 100, alarm: 200, alarmName: 'errors', weights: 300, lastBad: 310, writes: 1 });
});

test('every call that changes the load balancer counts, until the release has ended', () => {
  const recorded = [
    ...raised,
    call(300, 'elasticloadbalancing:ModifyRule'),
    call(320, 'elasticloadbalancing:AddTags'),
    call(1200, 'elasticloadbalancing:ModifyRule'),
  ];
  expect(rollBackTimes(bad, responses, recorded, 1000)?.writes).toBe(2);
});

test.each([
  ['no alarm was raised', [shift, call(300, 'elasticloadbalancing:ModifyRule')]],
  ['nothing changed the weights after the alarm', [shift, ...raised]],
  ['the change of weights was refused', [...raised, call(300, 'elasticloadbalancing:ModifyRule', 403)]],
])('there are no times where %s', (_, recorded) => {
  expect(rollBackTimes(bad, responses, recorded, 1000)).toBeUndefined();
});

test('reading and writing are told apart, and what was refused from what was not', () => {
  const recorded = [call(1, 'elasticloadbalancing:DescribeTags'), call(2, 'elasticloadbalancing:AddTags', 403), call(3, 'dynamodb:PutItem')];
  expect(loadBalancerWrites(recorded, 0, 10)).toEqual([]);
  expect(denied(recorded).map(({ action }) => action)).toEqual(['elasticloadbalancing:AddTags']);
});

test('a line that is still being written waits for the next look', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'calls-')), 'calls.jsonl');
  writeFileSync(file, `${JSON.stringify(alarm(1, 'ALARM'))}\n{"event":"Ca`);
  expect(readCalls(file)).toEqual([alarm(1, 'ALARM')]);
});
