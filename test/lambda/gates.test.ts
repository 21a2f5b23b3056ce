import * as fc from 'fast-check';
import { Refused } from '../../lambda/domain/errors';
import { evidenceDigest } from '../../lambda/domain/gates/evidence-digest';
import { appliesTo, approvalsHold, closeGate, expire, neededGates, openGate, stillHolds, voidGate } from '../../lambda/domain/gates/gate';
import { isOneOf } from '../../lambda/domain/gates/gate-caller';
import { acceptedByAll, type DecisionRequest, decide, missing, resume } from '../../lambda/domain/gates/gate-decision';
import type { Gate, Release } from '../../lambda/domain/model';
import { ALL, accept, afterwards, code, EVIDENCE, FIREBREAK, integration, NOW, opened, PARTIES, production, release, session, words } from './example-gate';

describe('a firebreak', () => {
  test.each([
    ['is needed when a change it is for is declared', FIREBREAK, ['altersSchema', 'other'], true],
    ['is not needed when none is', FIREBREAK, ['other'], false],
    ['is always needed when it is for no change in particular', { ...FIREBREAK, when: [] }, [], true],
    ['is not needed where there is none', undefined, ['altersSchema'], false],
  ])('%s', (_title, firebreak, changes, needed) => {
    const plan = { ...production, firebreak };
    const gate = openGate({ plan, release: { ...release, changes }, gate: 'firebreak', now: NOW, token: 't', execution: 'e' });
    expect(gate !== 'notNeeded').toBe(needed);
    expect(appliesTo(plan, changes)).toBe(needed);
    expect(neededGates(plan, changes)).toEqual(needed ? ['firebreak', 'goNoGo'] : ['goNoGo']);
  });

  test('asks its parties, is bound to the bundle and the evidence, and has an end', () => {
    expect(opened()).toMatchObject({
      parties: PARTIES,
      decisions: [],
      status: 'open',
      digest: release.digest,
      evidenceDigest: evidenceDigest(release, 'Production', 'firebreak'),
      expiresAt: '2026-01-06T08:59:55.000Z', // 5 seconds before the machine gives up: a decision that counts must reach it
    });
  });

  test('waits for a release manager once every party has accepted', () => {
    const accepted = afterwards(opened(), ALL);
    expect(accepted.status).toBe('accepted');
    expect(resume(accepted, session('ReleaseManager'), NOW)).toMatchObject({ status: 'passed' });
  });

  test('passes by itself where that is what the environment says', () => {
    expect(afterwards(opened({ resumes: 'automatically' }), ALL).status).toBe('passed');
  });

  test('is refused by one refusal of any party', () => {
    const refused = afterwards(opened(), [ALL[0] as DecisionRequest, accept(session('Security'), { decision: 'refuse', reason: 'open finding' })]);
    expect(refused.status).toBe('refused');
  });
});

describe('a go/no-go', () => {
  test('is not needed where there is none', () => {
    expect(openGate({ plan: integration, release, gate: 'goNoGo', now: NOW, token: 't', execution: 'e' })).toBe('notNeeded');
  });
  test('passes at once when its one party accepts', () => {
    expect(afterwards(opened({}, 'goNoGo'), [accept(session('ChangeAuthority'))]).status).toBe('passed');
  });
});

describe('who may speak', () => {
  test.each([
    ['a user', 'arn:aws:iam::111111111111:user/service-manager', 'arn:aws:iam::111111111111:user/service-manager', true],
    ['a user of another path', 'arn:aws:iam::111111111111:user/a/service-manager', 'arn:aws:iam::111111111111:user/service-manager', false],
    ['a session of a role', session('Product'), 'arn:aws:iam::111111111111:role/Product', true],
    ['a session of a role with a path', session('Product'), 'arn:aws:iam::111111111111:role/teams/uk/Product', true],
    [
      'a session of a role in another partition',
      'arn:aws-cn:sts::111111111111:assumed-role/Product/service-manager',
      'arn:aws-cn:iam::111111111111:role/Product',
      true,
    ],
    ['one exact session', session('Product', 'service-manager@example.com'), session('Product', 'service-manager@example.com'), true],
    ['another session, where one exact session is asked', session('Product', 'deputy'), session('Product', 'service-manager'), false],
    ['a session that is named like the role', session('Other', 'Product'), 'arn:aws:iam::111111111111:role/Product', false],
    ['a role of the same name in another account', session('Product'), 'arn:aws:iam::222222222222:role/Product', false],
    ['a role of the same name in another partition', session('Product'), 'arn:aws-cn:iam::111111111111:role/Product', false],
    ['a user that is named like the role', 'arn:aws:iam::111111111111:user/Product', 'arn:aws:iam::111111111111:role/Product', false],
    ['a role whose name only ends like it', session('NotProduct'), 'arn:aws:iam::111111111111:role/Product', false],
    ['the account itself', 'arn:aws:iam::111111111111:root', 'arn:aws:iam::111111111111:role/Product', false],
  ])('%s', (_title, caller, member, belongs) => {
    expect(isOneOf(caller, ['arn:aws:iam::111111111111:role/Else', member])).toBe(belongs);
  });

  test.each<[string, DecisionRequest, string, RegExp]>([
    [
      'somebody in no party',
      accept(session('Stranger')),
      'NotInParty',
      /"service management", "product", "security", and .*Stranger\/service-manager is in none/,
    ],
    ['somebody in another party', accept(session('Security'), { party: 'product' }), 'NotInParty', /is not in the party "product"/],
    ['somebody in two parties who does not say for which', accept(session('Product')), 'WhichParty', /--party product or security/],
    ['no reason', accept(session('Security'), { reason: ' \n' }), 'NoReason', /got: " \\n"/],
    ['another digest', accept(session('Security'), { digest: 'stale' }), 'OtherDigest', /got: "stale"/],
  ])('refuses %s', (_title, request, expected, message) => {
    const outcome = decide(opened(), request, NOW);
    expect([code(outcome), words(outcome)]).toEqual([expected, expect.stringMatching(message)]);
  });

  test('somebody who is not in the one party that is asked is told so of one', () => {
    const outcome = decide(opened({}, 'goNoGo'), accept(session('Stranger')), NOW);
    expect(words(outcome)).toMatch(/asks the party "change authority", and \S+Stranger\/service-manager is not in it; ask a member to decide/);
  });

  describe('refuses a second decision for a party, and says who decided for it, when and why, and how it stands now:', () => {
    const once = afterwards(opened(), [accept(session('OnCall'))]);
    const accepted = afterwards(opened(), ALL);
    const said = `"service management" has accepted release 1.1.0 at the firebreak in front of Production already: `;

    test.each<[string, Gate, DecisionRequest, string]>([
      [
        'by the same person',
        once,
        accept(session('OnCall')),
        `you, ${session('OnCall')}, at ${NOW}: looks good; a party decides once, and nothing has changed`,
      ],
      ['by another of it', once, accept(session('ServiceManagement')), `${session('OnCall')}, at ${NOW}: looks good; `],
      ['while others are asked', once, accept(session('OnCall')), ': the firebreak in front of Production waits for product, security'],
      ['with another mind', once, accept(session('OnCall'), { decision: 'refuse' }), '; to stop it all the same, use ptl abort 1.1.0'],
      ['when all have accepted', accepted, accept(session('OnCall')), 'waits for a release manager: ptl resume Production'],
      ['when it has passed', { ...accepted, status: 'passed' }, accept(session('OnCall')), 'is not open for release 1.1.0: it is passed'],
      ['when another refused', { ...once, status: 'refused' }, accept(session('OnCall')), 'it is refused'],
      ['when its time is up', { ...once, status: 'expired' }, accept(session('OnCall')), 'and no longer'],
    ])('%s', (_title, gate, request, message) => {
      const outcome = decide(gate, request, NOW);
      expect([code(outcome), words(outcome)]).toEqual(['AlreadyDecided', expect.stringContaining(said)]);
      expect(words(outcome)).toContain(message);
    });
  });

  test.each(['passed', 'refused', 'void'] as const)('refuses a decision at a gate that is %s', (status) => {
    expect(code(decide(opened({ status }), accept(session('Security')), NOW))).toBe('NotOpen');
  });

  test('refuses a decision and a resumption after the time is up', () => {
    const { expiresAt } = opened();
    expect(code(decide(opened(), accept(session('Security')), expiresAt))).toBe('Expired');
    expect(code(decide(expire(opened()), accept(session('Security')), NOW))).toBe('Expired');
    expect(code(resume(afterwards(opened(), ALL), session('ReleaseManager'), expiresAt))).toBe('Expired');
  });

  test('refuses to resume before every party has accepted, naming who is missing', () => {
    const outcome = resume(afterwards(opened(), ALL.slice(0, 1)), session('ReleaseManager'), NOW);
    expect([code(outcome), words(outcome)]).toEqual(['NotAllAccepted', expect.stringContaining('waits for product, security')]);
  });

  test('counts no acceptance of another digest', () => {
    const gate = afterwards(opened(), ALL);
    const stale = { ...gate, decisions: gate.decisions.map((decision) => (decision.party === 'product' ? { ...decision, digest: 'other' } : decision)) };
    expect([missing(stale), code(resume(stale, session('ReleaseManager'), NOW))]).toEqual([['product'], 'NotAllAccepted']);
  });

  test('refuses somebody who is no release manager, and anybody twice', () => {
    const accepted = afterwards(opened(), ALL);
    expect(code(resume(accepted, session('Product'), NOW))).toBe('NotReleaseManager');
    const resumed = resume(accepted, session('ReleaseManager'), NOW);
    expect(code(resume(resumed as Gate, session('ReleaseManager'), NOW))).toBe('AlreadyResumed');
  });

  test('whoever may call the route resumes where nobody is named', () => {
    expect(resume({ ...afterwards(opened(), ALL), releaseManagers: [] }, session('Anybody'), NOW)).toMatchObject({ status: 'passed' });
  });
});

describe('in every order of decisions', () => {
  const request = fc.record({
    caller: fc.constantFrom('OnCall', 'ServiceManagement', 'Product', 'Product', 'Security', 'Stranger').map((name) => session(name)),
    decision: fc.constantFrom(...Array<'accept'>(20).fill('accept'), 'refuse' as const),
    reason: fc.constantFrom('looks good', 'looks good', 'looks good', ''),
    digest: fc.constantFrom(release.digest, release.digest, release.digest, 'another'),
    party: fc.constantFrom(undefined, 'product', 'security', 'nobody'),
  });
  const act = fc.oneof({ weight: 5, arbitrary: request }, { weight: 1, arbitrary: fc.constant('resume' as const) });

  test('no gate passes without an acceptance of every party, by a member, for that digest', () => {
    let reached = 0;
    fc.assert(
      fc.property(
        fc.array(act, { minLength: 5, maxLength: 40, size: 'max' }),
        fc.constantFrom('automatically' as const, 'byReleaseManager' as const),
        (acts, resumes) => {
          const said: DecisionRequest[] = [];
          let gate = opened({ resumes });
          for (const one of acts) {
            const next = one === 'resume' ? resume(gate, session('ReleaseManager'), NOW) : decide(gate, one, NOW);
            if (next instanceof Refused) continue;
            if (one !== 'resume') said.push(one);
            gate = next;
          }
          if (gate.status !== 'passed') return;
          reached += 1;
          expect(said.some((one) => one.decision === 'refuse')).toBe(false);
          for (const party of PARTIES) {
            const of = gate.decisions.filter((decision) => decision.party === party.name);
            expect(of).toEqual([expect.objectContaining({ decision: 'accept', digest: release.digest })]);
            expect(isOneOf(of[0]?.by ?? '', party.members)).toBe(true);
            expect(said.some((one) => one.caller === of[0]?.by && one.digest === release.digest && one.decision === 'accept')).toBe(true);
          }
          if (resumes === 'byReleaseManager') expect(acts).toContain('resume');
        },
      ),
      { numRuns: 500 },
    );
    expect(reached).toBeGreaterThan(10);
  });

  test('any decision twice is the same as once', () => {
    fc.assert(
      fc.property(fc.array(request, { maxLength: 12, size: 'max' }), fc.nat(), (requests, at) => {
        const again = requests[at % Math.max(1, requests.length)];
        if (!again) return;
        expect(afterwards(opened(), [...requests, again])).toEqual(afterwards(opened(), requests));
        const twice = requests.flatMap((one) => [one, one]);
        expect(afterwards(opened(), twice)).toEqual(afterwards(opened(), requests));
      }),
    );
  });

  test('a gate that ended stays as it ended', () => {
    const passed = { ...afterwards(opened(), ALL), status: 'passed' as const };
    expect([expire(passed), voidGate(passed)]).toEqual([passed, passed]);
    expect([expire(opened()).status, voidGate(afterwards(opened(), ALL)).status]).toEqual(['expired', 'void']);
    expect([closeGate(opened(), NOW).status, closeGate(opened(), opened().expiresAt).status, closeGate(passed, NOW)]).toEqual(['void', 'expired', passed]);
    expect([acceptedByAll(opened()), missing(passed)]).toEqual([false, []]);
  });
});

describe('an acceptance', () => {
  const passed: Gate = { ...afterwards(opened(), ALL), status: 'passed' };

  test('holds while bundle and evidence are what was accepted', () => {
    expect(stillHolds(passed, release)).toBeUndefined();
    const later = { ...EVIDENCE, 'Production/health': { environment: 'Production', test: 'health', verdict: 'passed' as const, at: NOW } };
    expect(stillHolds(passed, { ...release, evidence: later })).toBeUndefined();
  });

  test('does not hold for another bundle, and says both', () => {
    expect(stillHolds(passed, { ...release, digest: 'other' })).toMatchObject({
      step: 'Wait at the firebreak in front of Production',
      actual: expect.stringContaining('now digest other'),
    });
  });

  test('does not hold when a test or a verdict before the gate changes, and does not mind when it was run', () => {
    const evidence = fc.dictionary(
      fc.constantFrom('health', 'load', 'contract'),
      fc.constantFrom('passed' as const, 'failed' as const, 'inconclusive' as const, 'error' as const),
    );
    const seen = (verdicts: Record<string, Release['evidence'][string]['verdict']>, at: string) =>
      Object.fromEntries(Object.entries(verdicts).map(([test, verdict]) => [`Integration/${test}`, { environment: 'Integration', test, verdict, at }]));
    fc.assert(
      fc.property(evidence, evidence, (before, now) => {
        const then = { ...release, evidence: seen(before, NOW) };
        const gate = { ...passed, evidenceDigest: evidenceDigest(then, 'Production', 'firebreak') };
        const same = JSON.stringify(Object.entries(before).sort()) === JSON.stringify(Object.entries(now).sort());
        expect(stillHolds(gate, { ...release, evidence: seen(now, '2026-02-02T00:00:00.000Z') }) === undefined).toBe(same);
      }),
    );
  });

  test('rests on the same evidence in whatever order it was written down', () => {
    const of = (...tests: string[]) => {
      const seen = tests.map((test) => [`Integration/${test}`, { environment: 'Integration', test, verdict: 'passed' as const, at: NOW }] as const);
      return evidenceDigest({ ...release, evidence: Object.fromEntries(seen) }, 'Production', 'firebreak');
    };
    expect(of('load', 'health', 'contract')).toBe(of('contract', 'load', 'health'));
  });

  test('of a go/no-go rests on the tests of its own environment too', () => {
    const tested = { ...EVIDENCE, 'Production/health': { environment: 'Production', test: 'health', verdict: 'failed' as const, at: NOW } };
    expect(evidenceDigest({ ...release, evidence: tested }, 'Production', 'goNoGo')).not.toBe(evidenceDigest(release, 'Production', 'goNoGo'));
  });

  test.each(['open', 'accepted', 'refused', 'expired', 'void'] as const)('does not hold at a gate that is %s', (status) => {
    expect(stillHolds({ ...passed, status }, release)?.actual).toBe(status);
  });

  test('is missing for a gate that was never opened', () => {
    const goNoGo: Gate = { ...opened({}, 'goNoGo'), status: 'passed' };
    expect(approvalsHold(production, release, [passed, goNoGo])).toBeUndefined();
    expect(approvalsHold(production, release, [passed])).toMatchObject({ step: 'Ask for go/no-go in Production', actual: 'never opened' });
    expect(approvalsHold(production, release, [{ ...passed, release: '1.0.0' }, goNoGo])).toMatchObject({ actual: 'never opened' });
    expect(approvalsHold(production, { ...release, changes: [] }, [goNoGo])).toBeUndefined();
    expect(approvalsHold(integration, release, [])).toBeUndefined();
  });
});
