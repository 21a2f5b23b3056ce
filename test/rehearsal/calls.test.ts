import { type Call, denied } from '../../rehearsal/figures/calls';

const secret = 'path-to-live/Payments/Integration/test';
const tried = [{ role: 'Tester', action: 'secretsmanager:GetSecretValue', secret }];
const call = (more: Partial<Call> = {}): Call => ({
  event: 'Call',
  at: 0,
  action: 'secretsmanager:GetSecretValue',
  resource: `arn:aws:secretsmanager:eu-west-2:000000000000:secret:${secret}-5233d3`,
  principal: 'arn:aws:sts::000000000000:assumed-role/Tester/rehearsal',
  status: 403,
  ...more,
});

test('what the story tried to see refused is no missing permission', () => {
  expect(denied([call()], tried)).toEqual([]);
  expect(denied([call()])).toEqual([call()]);
});

test.each<[string, Partial<Call>]>([
  ['by somebody else', { principal: 'arn:aws:sts::000000000000:assumed-role/Payments-Integration-observer/x' }],
  ['by nobody known', { principal: null }],
  ['another secret', { resource: `arn:aws:secretsmanager:eu-west-2:000000000000:secret:${secret}2-5233d3` }],
  ['another action', { action: 'secretsmanager:DescribeSecret' }],
  ['something that is no secret', { resource: '*' }],
])('%s still is one', (_, more) => {
  expect(denied([call(more)], tried)).toHaveLength(1);
});
