import type { AuditView, EventName, GateView, ReleaseView, StatusView, TicketView } from '../../lambda/contract';

export const DIGEST = '3f2a91c04b7d4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f';

export function event(seconds: number, what: EventName, more: Partial<AuditView> = {}): AuditView {
  const at = new Date(Date.parse('2026-11-20T16:00:00.000Z') + seconds * 1000).toISOString();
  return { at, what, who: 'arn:aws:sts::111111111111:assumed-role/Pipeline/run-7', detail: {}, ...more };
}

export function exampleRelease(more: Partial<ReleaseView> = {}): ReleaseView {
  return {
    version: '1.4.2',
    digest: DIGEST,
    origin: 'major',
    changeClass: 'normal',
    changes: [],
    author: 'arn:aws:sts::111111111111:assumed-role/Pipeline/run-7',
    submittedAt: '2026-11-20T16:00:00.000Z',
    status: 'submitted',
    now: 'on its way to Integration',
    activity: 'working',
    execution: 'arn:aws:states:eu-west-2:111111111111:execution:Payments-path:1.4.2-1',
    environments: [
      { environment: 'Integration', state: 'notYet' },
      { environment: 'Production', state: 'notYet' },
    ],
    gates: [],
    audit: [event(0, 'ReleaseSubmitted', { detail: { attempt: 1, firebreaks: [] } })],
    ...more,
  };
}

export function exampleGate(more: Partial<GateView> = {}): GateView {
  return {
    release: '1.4.2',
    digest: DIGEST,
    environment: 'Production',
    gate: 'firebreak',
    status: 'open',
    openedAt: '2026-11-20T16:05:00.000Z',
    expiresAt: '2026-12-04T16:05:00.000Z',
    parties: [
      {
        name: 'product',
        decision: 'accept',
        by: 'arn:aws:sts::111111111111:assumed-role/Product/on-call',
        reason: 'demo went well',
        at: '2026-11-20T16:10:00.000Z',
      },
      { name: 'security' },
    ],
    ...more,
  };
}

export function exampleStatus(more: Partial<StatusView> = {}): StatusView {
  return {
    path: 'Payments',
    environments: [
      {
        environment: 'Integration',
        account: '222222222222',
        region: 'eu-west-2',
        url: 'http://integration.example',
        live: { colour: 'green', version: '1.4.2' },
        previous: { colour: 'blue', version: '1.4.1' },
        weights: { green: 100 },
      },
      {
        environment: 'Production',
        account: '333333333333',
        region: 'eu-west-1',
        url: 'http://production.example',
        live: { colour: 'blue', version: '1.4.1' },
        shadow: {
          colour: 'green',
          version: '1.4.2',
          hiddenUrl: {
            url: 'http://production.example',
            headers: { 'x-path-to-live-slot': 'green' },
            secretHeaders: { 'x-path-to-live-key': 'path-to-live/Payments/Production/hidden/green' },
            access: 'whoever sends the key',
          },
        },
        weights: { blue: 100 },
        lockedBy: '1.4.2',
      },
    ],
    releases: [exampleRelease({ now: 'waits at the firebreak in front of Production for security', activity: 'waitingForPeople' })],
    openGates: [exampleGate()],
    ...more,
  };
}

export const EXAMPLE_TICKET: TicketView = {
  fingerprint: 'a1b2c3d4',
  environment: 'Production',
  step: 'Bake Production at 10 percent',
  subject: 'alarm Payments-Production-Green-errors',
  expected: 'no alarm of the slot in ALARM',
  actual: 'in ALARM: Payments-Production-Green-errors',
  logs: 'https://eu-west-2.console.aws.amazon.com/cloudwatch',
  releases: ['1.4.1', '1.4.2'],
  count: 2,
  firstAt: '2026-11-19T10:00:00.000Z',
  lastAt: '2026-11-20T16:20:00.000Z',
  outcome: 'rolledBack',
};
