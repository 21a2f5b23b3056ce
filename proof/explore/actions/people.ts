/** What people do: submit, decide, resume, abort, ask for a roll back. What they are told is not looked at. */

import type { SubmitBody } from '../../../lambda/contract';
import { abort } from '../../../lambda/domain/commands/abort';
import { decide } from '../../../lambda/domain/commands/decide';
import { requeue } from '../../../lambda/domain/commands/requeue';
import { resume } from '../../../lambda/domain/commands/resume';
import { rollBack } from '../../../lambda/domain/commands/roll-back';
import { submit } from '../../../lambda/domain/commands/submit';
import type { Gate, Release } from '../../../lambda/domain/model';
import { restoreAccepted } from '../../../lambda/domain/recovery/restore-accepted';
import type { Engine } from '../engine/engine';
import { evidenceOf, SAID_AT, saidAt } from '../invariants/evidence';
import { bodyOf, ENVIRONMENTS, FIRST, otherBodyOf, PARTIES, PLANS, person, RELEASE_MANAGER, RELEASES, STRANGER } from '../path';
import { LATER, PASSED } from '../world/essence';
import type { Run } from '../world/run';
import { all, type Execution, keyOf, nameOf, of, type Witness, type World } from '../world/world';
import { type Action, called, change, free, refused, trouble } from './action';
import { callUnhindered } from './freezes';

const MOST_ATTEMPTS = 2;

export function ofPeople(world: World, releases: number): Action[] {
  return [
    ...RELEASES.slice(0, releases).flatMap((version, index) => submissions(world, version, RELEASES[index - 1])),
    ...all<Gate>(world, 'gate').flatMap(([, gate]) => decisions(gate)),
    ...all<Release>(world, 'release').flatMap(([, release]) => comingBack(world, release)),
    ...all<Release>(world, 'release').flatMap(([version, release]) => (isAbortable(release) ? [aborts(version)] : [])),
    ...ENVIRONMENTS.flatMap((environment) => [...rollBacks(world, environment), ...recoveries(world, environment)]),
  ];
}

function submissions(world: World, version: string, before: string | undefined): Action[] {
  const known = of.release(world, version);
  if (!known) return before === undefined || of.release(world, before) ? [free(`${version} is submitted`, submitting(version))] : [];
  const hasStarted = of.execution(world, nameOf(known.execution)) !== undefined;
  if (!hasStarted) return [free(`${version} is submitted once more`, submitting(version))];
  if (known.status === 'submitted') return [];
  const other = refused(`another content is submitted as ${version}`, submitting(version, otherBodyOf(version)));
  if (known.attempt >= MOST_ATTEMPTS) return [other];
  return [trouble(`${version} is submitted again`, submitting(version, { ...bodyOf(version, of.order(world)), again: true })), other];
}

function submitting(version: string, given?: SubmitBody): Action['act'] {
  return async (run, engine) => {
    const body = given ?? bodyOf(version, of.order(run.world));
    const before = of.release(run.world, version)?.attempt ?? 0;
    await called(run, engine, (ports) => submit(ports, person('Pipeline'), body));
    const attempt = of.release(run.world, version)?.attempt ?? 0;
    if (attempt > before) forget(run, version);
  };
}

/** The hub hears of the end of an emergency, or of the release that it evicted, as often as it likes: what is not to come back yet does not. */
function comingBack(world: World, { version, aborted, status, attempt }: Release): Action[] {
  const after = aborted?.evicted ? aborted.superseded : undefined;
  if (after === undefined || attempt >= MOST_ATTEMPTS) return [];
  const hasEnded = status !== 'submitted' && of.release(world, after)?.status !== 'submitted';
  const act: Action['act'] = async (run, engine) => {
    await called(run, engine, (ports) => requeue(ports, { release: version, after }));
    if ((of.release(run.world, version)?.attempt ?? 0) > attempt) unsay(run, version);
  };
  return [(hasEnded ? free : refused)(`${version} comes back after ${after}`, act)];
}

const NAMES: Readonly<Record<Gate['gate'], (gate: Gate) => string>> = {
  firebreak: () => 'firebreak',
  goNoGo: () => 'go/no-go',
  contract: () => 'contract',
  rollBackTarget: () => 'question about the roll-back target',
  pause: ({ percent }) => `pause at ${percent} percent`,
  inconclusive: ({ percent }) => `question at ${percent} percent`,
};

/** Whatever was said of an attempt before: it is asked anew. */
function unsay(run: Run, version: string): void {
  for (const environment of ENVIRONMENTS) for (const said of SAID_AT) run.set(keyOf.witness(version, environment, said), undefined);
}

/** And whyever it was taken out: somebody wants it once more. */
function forget(run: Run, version: string): void {
  unsay(run, version);
  for (const environment of ENVIRONMENTS) {
    const memory = of.memory(run.world, environment);
    if (memory.takenOut.includes(version)) run.set(keyOf.memory(environment), { ...memory, takenOut: memory.takenOut.filter((each) => each !== version) });
  }
}

function decisions(gate: Gate): Action[] {
  const { release, environment, gate: kind, status, expiresAt } = gate;
  const where = `at the ${NAMES[kind](gate)} of ${release}`;
  const waits = status === 'open' || status === 'accepted';
  const who = Object.entries(PARTIES[kind] as Readonly<Record<string, string>>);
  if (!waits)
    return status === 'void' ? who.map(([party, member]) => refused(`${party} accepts ${where}, which is closed`, accepting(gate, party, member))) : [];
  const left = who.filter(([party]) => !gate.decisions.some((decision) => decision.party === party));
  const isDue = expiresAt <= PASSED;
  return [
    ...left.map(([party, member]) => (isDue ? refused : free)(`${party} accepts ${where}`, accepting(gate, party, member))),
    ...left.map(([party, member]) => (isDue ? refused : trouble)(`${party} refuses ${where}`, deciding(gate, member, 'refuse'))),
    ...(left.length > 0
      ? [
          refused(`somebody who is in no party accepts ${where}`, strangerAccepts(gate)),
          refused(`${left[0]?.[0]} accepts ${where} the content of another release`, acceptingOther(gate, left[0]?.[1] ?? '')),
        ]
      : []),
    ...(kind === 'firebreak' ? resumptions(gate, left.length === 0 && !isDue) : []),
    ...(isDue
      ? []
      : [change(`the time is up ${where}`, false, async (run) => run.set(keyOf.gate(release, environment, kind), { ...gate, expiresAt: PASSED }))]),
  ];
}

function deciding({ release, environment, digest, gate, percent }: Gate, member: string, decision: 'accept' | 'refuse', about = digest) {
  const body = { environment, decision, reason: 'looked at it', digest: about, gate, percent };
  return (run: Run, engine: Engine) => called(run, engine, (ports) => decide(ports, person(member), release, body)).then(() => undefined);
}

/** Whoever accepts has seen the content of the release, and its evidence, as they are. */
function accepting(gate: Gate, party: string, member: string): Action['act'] {
  const { release, environment, gate: kind } = gate;
  const at = saidAt(gate);
  return async (run, engine) => {
    const known = of.release(run.world, release);
    const before = of.gate(run.world, release, environment, kind);
    const isDue = before !== undefined && before.expiresAt <= PASSED;
    const digest = known?.digest ?? '';
    const evidence = known === undefined ? '' : evidenceOf(known, environment, gate.outage ? 'firebreak' : kind);
    run.onCommit = () => {
      const counted = (of.gate(run.world, release, environment, kind)?.decisions.length ?? 0) > (before?.decisions.length ?? 0);
      if (!counted) return;
      if (isDue) run.breaks('inTime', `${party} decided about ${release} after its time was up, and it counts`);
      const witness = of.witness(run.world, release, environment, at);
      const accepted = Object.fromEntries(Object.entries({ ...witness.accepted, [party]: { digest, evidence } }).sort());
      run.set(keyOf.witness(release, environment, at), { ...witness, accepted } satisfies Witness);
    };
    await deciding(gate, member, 'accept', digest)(run, engine);
  };
}

function strangerAccepts(gate: Gate): Action['act'] {
  return async (run, engine) => {
    const before = of.gate(run.world, gate.release, gate.environment, gate.gate)?.decisions.length ?? 0;
    await deciding(gate, STRANGER, 'accept')(run, engine);
    const after = of.gate(run.world, gate.release, gate.environment, gate.gate)?.decisions.length ?? 0;
    if (after > before) run.breaks('parties', `${STRANGER} decided about ${gate.release} in ${gate.environment}`);
  };
}

function acceptingOther(gate: Gate, member: string): Action['act'] {
  return deciding(gate, member, 'accept', bodyOf(FIRST).digest);
}

function resumptions(gate: Gate, isInTime: boolean): Action[] {
  const { release, environment, gate: kind } = gate;
  const resuming = (who: string): Action['act'] => {
    return async (run, engine) => {
      const before = of.gate(run.world, release, environment, kind)?.status;
      run.onCommit = () => {
        const passed = of.gate(run.world, release, environment, kind)?.status === 'passed' && before !== 'passed';
        if (!passed || who !== RELEASE_MANAGER) return;
        run.set(keyOf.witness(release, environment, kind), { ...of.witness(run.world, release, environment, kind), resumed: true });
      };
      await called(run, engine, (ports) => resume(ports, person(who), release, { environment }));
    };
  };
  return [
    (isInTime ? free : refused)(`the release manager resumes ${release}`, resuming(RELEASE_MANAGER)),
    refused(`somebody who is no release manager resumes ${release}`, resuming(STRANGER)),
  ];
}

/** Whoever was evicted is to come back, unless somebody does not want it any more. */
function isAbortable({ status, aborted }: Release): boolean {
  return aborted?.evicted === true || (status === 'submitted' && !aborted);
}

function aborts(version: string): Action {
  return trouble(`${version} is aborted`, async (run, engine) => {
    await called(run, engine, (ports) => abort(ports, person(RELEASE_MANAGER), version, { reason: 'wrong' }));
  });
}

/** Where a machine is dead, and the safety net has given up, asking for the roll back again is the way out that `ptl` says. */
function rollBacks(world: World, environment: string): Action[] {
  const { live, lock, goingBack } = of.environment(world, environment);
  if (!live && !lock) return [];
  const holder = lock && (of.execution(world, nameOf(lock.execution)) as Execution | undefined);
  const isLeft = lock?.shifted === true && holder?.status !== 'running' && !of.ended(world).some(({ execution }) => execution === nameOf(lock.execution));
  return [
    (isLeft || goingBack ? free : trouble)(`somebody rolls ${environment} back`, async (run, engine) => {
      run.saidSo = true;
      await callUnhindered(run, engine, environment, (ports) => rollBack(ports, person(RELEASE_MANAGER), environment, { reason: 'wrong' }));
    }),
  ];
}

/** Who recovers an environment that a dead writer has left asks the one writer for it; nothing else of that has to do with who is served. */
function recoveries(world: World, environment: string): Action[] {
  const { lock, lease, goingBack } = of.environment(world, environment);
  const plan = PLANS.find((each) => each.environment === environment);
  if (!plan || lock || lease?.expiresAt === LATER || !(goingBack || lease?.expiresAt === PASSED)) return [];
  const request = { restore: 'accepted', plan, original: '503', who: RELEASE_MANAGER, reason: 'its writer died' } as const;
  return [free(`somebody recovers ${environment}`, async (run, engine) => void (await called(run, engine, (ports) => restoreAccepted(ports, request))))];
}
