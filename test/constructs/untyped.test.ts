import { Code } from 'aws-cdk-lib/aws-lambda';
import { PathToLiveError } from '../../constructs/private/errors';
import * as library from '../../lib';
import { bundled } from '../bundles';
import { refusal } from './refusal';
import { type Entry, entries, WITHOUT_PARAMETERS } from './untyped-entries';
import { app, env, minute, party, production, reason, UNTYPED, workload } from './untyped-library';
import { kindOf, placesIn, replaced, valueAt } from './untyped-places';

const { Colour, Environment, Firebreak, GoNoGo, HealthGate, LambdaWorkload, Party, PathToLive, ShadowAccess, SharedStack, SlotStack, TrafficStrategy } =
  UNTYPED;

const JUNK: unknown[] = [null, 5, Number.NaN, 'a string', true, {}, [], [undefined], () => undefined, new Date(), Promise.resolve()];

function call(entry: Entry, at: readonly string[], by: unknown): unknown {
  return entry.call(...(replaced(entry.takes(), at, by) as unknown[]));
}

beforeAll(bundled);

describe.each(entries)('$name', (entry) => {
  const places = placesIn(entry.takes());
  const isInAList = (at: string[]) => at.length > 1 && Array.isArray(valueAt(entry.takes(), at.slice(0, -1)));

  test('takes what it takes', () => {
    expect(() => entry.call(...entry.takes())).not.toThrow();
  });

  test('says what is missing, and misses nothing else', () => {
    const missed = places.filter((at) => {
      // what is in a list cannot be missing
      if (isInAList(at)) return false;
      try {
        call(entry, at, undefined);
        return false;
      } catch (error) {
        expect(error).toBeInstanceOf(PathToLiveError);
        return true;
      }
    });
    expect(missed.map((at) => at.join('.')).sort()).toEqual([...entry.needs].sort());
  });

  test.each(places.map((at) => at.join('.')))('refuses at %s whatever is of another kind, and names it', (place) => {
    const at = place.split('.');
    const right = valueAt(entry.takes(), at);
    for (const junk of JUNK.filter((value) => kindOf(value) !== kindOf(right) || (Array.isArray(value) && value.length > 0))) {
      const { message } = refusal(() => call(entry, at, junk));
      expect(message).toMatch(/^\S.*: \S.*( is |has ).*; .*\(path-to-live:[A-Za-z]+\)$/);
    }
  });
});

test('every factory and constructor of the library is looked at above', () => {
  const own = Object.entries(library).flatMap(([name, value]) => {
    if (typeof value !== 'function') return [];
    const factories = Object.getOwnPropertyNames(value).filter((key) => !key.startsWith('_') && !['length', 'name', 'prototype'].includes(key));
    return factories.length > 0 ? factories.map((key) => `${name}.${key}`) : [`new ${name}`];
  });
  const looked = [...WITHOUT_PARAMETERS, ...entries.map(({ name }) => name)];
  expect(own.filter((name) => !looked.includes(name))).toEqual([]);
});

describe('a prop nobody looks at', () => {
  /** Every object of props in what an entry takes that has props of its own; what is only names a team chose is none. */
  const objects = entries.flatMap((entry) => {
    const taken = entry.takes();
    return placesIn(taken)
      .filter((at) => kindOf(valueAt(taken, at)) === 'object of Object' && !/(environment|buildArgs|secrets)$/.test(at.join('.')))
      .filter((at) => !Object.values(valueAt(taken, at) as object).some((one) => typeof one === 'function'))
      .map((at) => [entry, at] as const);
  });

  test.each(objects.map(([entry, at]) => [`${entry.name} ${at.join('.')}`, entry, at] as const))('is refused: %s', (_, entry, at) => {
    const options = valueAt(entry.takes(), at) as Record<string, unknown>;
    const [first = ''] = Object.keys(options);
    const misspelt = `${first.slice(0, 1).toUpperCase()}${first.slice(1)}`;
    const { code, message } = refusal(() => call(entry, at, { ...options, [misspelt]: options[first] }));
    expect(code).toBe('UnknownProp');
    expect(message).toContain(` has "${misspelt}", which nothing looks at (did you mean "${first}"?); it takes `);
  });

  test('is told with its object, and all that could have been meant where nothing is near', () => {
    const options = { members: ['arn:aws:iam::111111111111:role/security'], quorum: 2 };
    expect(refusal(() => Party.of('Security', options)).message).toBe(
      'Party.of("Security"): options has "quorum", which nothing looks at; it takes members (path-to-live:UnknownProp)',
    );
    expect(refusal(() => new Environment('Production', { env, fireBreak: Firebreak.none({ reason }) })).message).toMatch(
      /^Environment "Production": props has "fireBreak", which nothing looks at \(did you mean "firebreak"\?\); it takes env, tests, firebreak, /,
    );
    expect(refusal(() => new Environment('Production', { env: { ...env, acount: '1' } })).message).toContain('env has "acount", which nothing looks at');
    expect(refusal(() => TrafficStrategy.steps([{ percent: 100, bakeTime: minute, bake: minute }])).message).toContain('steps[0] has "bake"');
  });

  test('is nothing to look at in what is made of a class, which has more than props', () => {
    class Place {
      readonly account = env.account;
      readonly region = env.region;
      readonly team = 'payments';
    }
    expect(() => new PathToLive(app(), 'Payments', { hub: new Place(), workload: workload(), environments: [production()] })).not.toThrow();
  });
});

test.each(['ONE_DAY', '1', 'INFINITE'])('the name of a member of an enum of numbers is none of its values: %s', (logRetention) => {
  const made = () => new LambdaWorkload({ code: Code.fromInline('x'), handler: 'index.handler', logRetention });
  expect(refusal(made).message).toContain(`logRetention is "${logRetention}"; it must be a RetentionDays, for example RetentionDays.SIX_MONTHS`);
});

test.each([
  ['ShadowAccess.open', () => ShadowAccess.open()],
  ['Firebreak.none', () => Firebreak.none()],
  ['GoNoGo.none', () => GoNoGo.none()],
  ['HealthGate.none', () => HealthGate.none()],
])('%s without options says that a reason is missing', (name, act) => {
  const { code, message } = refusal(act);
  expect(code).toBe('ReasonMissing');
  expect(message).toContain(`${name}: a reason is missing, options is undefined; say in words why`);
  expect(message).toContain(`: ${name}({ reason: 'why' })`);
});

describe('what a team’s own code returns', () => {
  const slot = (bound: unknown) => () =>
    new SlotStack(app(), 'Slot', { path: 'Payments', environment: production(), colour: Colour.blue(), workload: { bind: () => bound, permissions: () => 0 } });
  const frontDoor = (permissions: unknown) => () =>
    new PathToLive(app(), 'Payments', { hub: env, environments: [production()], workload: { bind: () => 0, permissions: () => permissions } });
  const shared = (bound: unknown) => () =>
    new SharedStack(app(), 'Shared', { path: 'Payments', environment: production(), sharedState: { bind: () => bound } });

  test.each([
    [
      'a workload nothing',
      slot(undefined),
      'what bind of the workload returned is undefined; it must be an object with targetGroupArn and targetGroupFullName',
    ],
    ['a workload half', slot({ targetGroupArn: 'arn' }), 'Slot/Slot/Workload: targetGroupFullName is missing; it must be a string'],
    ['a workload no permissions', frontDoor(undefined), 'what permissions of the workload returned is undefined; it must be an object with deploy and run'],
    ['a workload wrong permissions', frontDoor({ deploy: [{}], run: [] }), 'deploy[0] is {}; it must be a PolicyStatement'],
    ['shared state nothing', shared(undefined), 'what bind of the shared state returned is undefined; it must be an object with values'],
    ['shared state a construct', shared({ values: { Table: {} } }), 'values is { Table: {} }; it must be an object whose values are strings'],
  ])('%s', (_, act, message) => {
    expect(refusal(act).message).toContain(message);
  });
});

describe('a message', () => {
  test.each([
    [() => new Environment('Production'), 'Environment "Production": props is undefined; it must be an object with env (path-to-live:WrongType)'],
    [
      () => new Environment('Production', { env, tests: [undefined] }),
      'Environment "Production": tests[0] is undefined; it must be an EnvironmentTest, for example EnvironmentTest.http(\'/health\') (path-to-live:WrongType)',
    ],
    [
      () => TrafficStrategy.canary({ steps: [10], bakeTime: '10m' }),
      'TrafficStrategy.canary: bakeTime is "10m"; it must be a Duration, for example Duration.minutes(10) (path-to-live:WrongType)',
    ],
    [
      () => Firebreak.parties([{ name: 'Security', members: [] }]),
      "Firebreak.parties: parties[0] is { name: 'Security', members: [] }; it must be a Party, for example Party.of('Security', { members }) (path-to-live:WrongType)",
    ],
    [
      () => new Environment('Production', { env: { account: 111111111111, region: 'eu-west-2' } }),
      'Environment "Production": env.account is 111111111111; write the 12 digits of the account in quotation marks, for example "111111111111": roles, trust and asset buckets of other accounts are settled at synth ' +
        '(path-to-live:EnvironmentPlace)',
    ],
    [() => new PathToLive(undefined, 'Payments', {}), 'PathToLive: scope is undefined; it must be a construct (path-to-live:WrongType)'],
    [() => new PathToLive(app(), 'Payments', { hub: env }), /^Payments: workload is missing; it must be an IWorkload, for example new LambdaWorkload/],
    [
      () => new PathToLive(app(), 'Payments', { hub: env, workload: workload(), environments: production() }),
      /^Payments: environments is \[Environment\]; it must be a list, and each thing in it an Environment, for example new Environment\('Production', \{ env \}\)/,
    ],
    [() => TrafficStrategy.allAtOnce(minute), /options is \[Duration\]; it must be an object with any of bakeTime /],
    [() => GoNoGo.by(Promise.resolve(party())), /party is \[Promise\]; it must be a Party/],
  ] as [() => unknown, string | RegExp][])('%#', (act, message) => {
    expect(refusal(act).message).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
  });
});
