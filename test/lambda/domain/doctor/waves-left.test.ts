import { ORIGINAL } from '../../../../lambda/contract';
import { wavesLeft, wavesLeftFinding } from '../../../../lambda/domain/doctor/waves-left';
import type { EnvironmentState, Release } from '../../../../lambda/domain/model';
import { examplePlan, exampleRelease, liveEnvironment } from '../../example-path';
import { inMemoryPorts } from '../../in-memory-ports';

const NAMES = ['London', 'Dublin', 'Paris'];
const PATH = NAMES.map((environment, place) => examplePlan(environment, { wave: { of: 'Production', place, waves: 3 } }));
const release = exampleRelease('1.1.0', PATH, { status: 'rolledBack', movedWaves: ['London', 'Dublin'] });
const ended = { how: 'TIMED_OUT', at: '2026-01-05T09:00:00.000Z' };

/** 1.1.0 failed in Paris, and is live in both waves before. */
const left = async (given: Partial<Release> = {}, states: EnvironmentState[] = live('1.1.0', '1.1.0', '1.0.0')) => {
  const ports = inMemoryPorts(PATH);
  ports.ledger.seed({ ...release, ...given });
  ports.machines.dead.set(release.execution, ended);
  return (await wavesLeft(ports, states)).map(({ waves, ended: looked }) => [waves, looked]);
};
const live = (...versions: string[]) => versions.map((version, place) => liveEnvironment(version, NAMES[place]));

test('waves are left where a release has ended, is live in them, and its machine has ended, too', async () => {
  expect(await left()).toEqual([[['Dublin', 'London'], ended]]);
  expect(await left({}, live('1.0.0', '1.1.0', '1.0.0'))).toEqual([[['Dublin'], ended]]);
});

test('none are where it is on its way, its machine takes it back, or it is live in none that it has moved', async () => {
  const of = { colour: 'blue', version: '1.1.0', digest: 'of another' };
  const original = { live: { colour: ORIGINAL, version: '1.1.0', digest: release.digest } };
  const none = await Promise.all([
    left({ status: 'submitted' }),
    left({ movedWaves: [] }),
    left({ version: '1.2.0' }),
    left({}, live('1.0.0', '1.0.0', '1.1.0')),
    left({}, [liveEnvironment('1.1.0', 'London', { live: of })]),
    left({}, [liveEnvironment('1.1.0', 'London', original)]),
    left({}, [liveEnvironment('1.1.0', 'London', { live: undefined })]),
  ]);
  expect(none).toEqual([[], [], [], [], [], [], []]);
  expect(await left({ execution: 'arn:runs' })).toEqual([]);
});

test('they are told once, by the newest that is looked at, with what recovering it does', () => {
  const found = { release, waves: ['Dublin', 'London'], ended };
  const finding = {
    kind: 'wavesLeft',
    environment: 'London',
    subject: 'release 1.1.0 in the waves of Production',
    expected: 'live in all of them, or, as it is rolled back, in none that it has moved',
    actual: `live in Dublin and London, and ${release.execution}, which was to take it back there, has ended: TIMED_OUT`,
    by: 'recover',
    remedy: 'roll it back in Dublin and London, newest first, to what was live before',
  };
  expect(wavesLeftFinding(found, (environment) => environment === 'London')).toEqual({ ...finding, since: ended.at });
  expect(wavesLeftFinding({ ...found, ended: { how: 'TIMED_OUT' } }, (environment) => environment === 'London')).toEqual(finding);
  expect(wavesLeftFinding(found, () => true)?.environment).toBe('Dublin');
  expect(wavesLeftFinding(found, (environment) => environment === 'Paris')).toBeUndefined();
});
