import {
  type Bundle,
  type BundleStack,
  type DeclaredMigration,
  type EnvironmentPlan,
  ORIGINAL,
  type SubmitBody,
  UNRELEASED,
  VERSION_PATTERN,
} from '../../contract';
import { isOnItsWayIn } from '../environment';
import { Refused } from '../errors';
import { appliesTo } from '../gates/gate';
import type { AuditEvent, EnvironmentState, Release } from '../model';
import { heldForWaves } from '../waves/held';
import { bundleDigest } from './bundle-digest';

/** DynamoDB's limit for an item is 400 kB; the rest is room for evidence. */
const LARGEST_RELEASE_BYTES = 300_000;

/**
 * The name of the path machine's execution of one attempt. With an environment's name behind it, it stays below Step Functions' 80 characters. The second it
 * was submitted in, as yymmddhhmmss, tells it from one of the same path before it was taken out and deployed anew: Step Functions remembers names, and would
 * start none.
 */
export function executionName(version: string, attempt: number, submittedAt: string): string {
  return `${version}-${attempt}-${submittedAt.slice(2, 19).replace(/\D/g, '')}`;
}

/** Refuses a body that no state of ledger or buckets could make right. */
export function checkBody(body: SubmitBody): void {
  checkVersion(body.version);
  const digest = bundleDigest(body.bundle);
  if (digest === body.digest) return;
  throw new Refused(
    'DigestMismatch',
    `the bundle of ${JSON.stringify(body.version)} has digest ${digest}, got: ${body.digest}; submit it with a ptl of the hub's version`,
    400,
  );
}

/** Refuses a version that is none. */
export function checkVersion(version: string): void {
  const shown = JSON.stringify(version);
  if (!VERSION_PATTERN.test(version)) {
    const message = `the version ${shown} cannot name an execution; use 1 to 40 letters, digits, dots, hyphens and underscores, the first a letter or a digit`;
    throw new Refused('BadVersion', message, 400);
  }
  const means = { [UNRELEASED]: 'no release', [ORIGINAL]: 'what served before any release' };
  const [, meant] = Object.entries(means).find(([taken]) => taken === version) ?? [];
  if (meant === undefined) return;
  throw new Refused('BadVersion', `the version ${shown} stands for "${meant}"; give the release a version of its own`, 400);
}

/** Refuses another content under a version that is registered. */
export function checkSameDigest(registered: Release, body: Pick<SubmitBody, 'version' | 'digest' | 'again'>): void {
  if (registered.digest === body.digest) return;
  const message = `the version ${JSON.stringify(body.version)} is registered with digest ${registered.digest}, got: ${body.digest}; ${otherContent(body)}`;
  throw new Refused('VersionTaken', message);
}

/** Who takes an old version through its path once more means that one, and has something else at hand. */
function otherContent({ version, again }: Pick<SubmitBody, 'version' | 'again'>): string {
  return again
    ? `this is not the content of ${version}: submit what was built from its own source, with the same context, or its kept assembly`
    : 'a version never changes, submit this content under a new one';
}

/**
 * Refuses other bytes, or another place for them, under a version that is registered. Where it is live it is not tested again, and the digest is
 * over what the files are said to be: what was tested and accepted once is these very files.
 */
export function checkSameFiles(registered: Release, seals: Readonly<Record<string, string>>): void {
  const other = Object.keys(seals).find((file) => seals[file] !== registered.seals[file]);
  if (other === undefined) return;
  const message = `the file ${other} is not what the version ${JSON.stringify(registered.version)} was registered with; a version never changes, submit this content under a new one`;
  throw new Refused('VersionTaken', message);
}

/** Refuses another attempt while a machine of an earlier one may act: it would go on with what the new one has not been allowed. */
export function checkOutside(registered: Release, states: readonly EnvironmentState[]): void {
  checkWavesBack(registered, states);
  const inside = states.find((state) => isOnItsWayIn(state, registered.version));
  if (!inside) return;
  const message = `release ${registered.version} is still in ${inside.environment}, by ${inside.lock?.execution}; submit it again when it has ended there, ptl status says when`;
  throw new Refused('StillInside', message);
}

/** Its path machine takes it out of the waves it came through: of an attempt that began meanwhile nobody would know whose failure that was. */
function checkWavesBack(registered: Release, states: readonly EnvironmentState[]): void {
  const [held] = states.flatMap((state) => heldForWaves(state, registered) ?? []);
  if (held) throw new Refused('StillInside', held.actual);
}

/** Refuses a bundle that is not exactly one stack for every colour of every environment of the plan. */
export function checkStacks(plan: readonly EnvironmentPlan[], bundle: Bundle): void {
  if (plan.length === 0) throw new Refused('NoPath', 'the path has no environment yet; run cdk deploy for the platform before you submit a release');
  const wanted = plan.flatMap(({ environment, slots }) => slots.map(({ stackName, colour }) => named({ stackName, environment, colour })));
  const given = bundle.stacks.map(named);
  const missing = wanted.filter((name) => !given.includes(name));
  const superfluous = given.filter((name, index) => !wanted.includes(name) || given.indexOf(name) !== index);
  const problems = [...missing.map((name) => `${name} is missing`), ...superfluous.map((name) => `${name} is not wanted`)];
  if (problems.length === 0) return;
  const fix = 'synthesize the release from the app the platform was deployed from, or run cdk deploy for the platform first';
  throw new Refused('BundleIncomplete', `the bundle is not the one stack for each slot that the path needs: ${problems.join('; ')}; ${fix}`, 400);
}

const named = ({ stackName, environment, colour }: Pick<BundleStack, 'stackName' | 'environment' | 'colour'>) => `${stackName} (${colour} of ${environment})`;

/**
 * Refuses a file whose key does not carry its hash: people accept a digest over hashes, so what lies under a key has to be told by
 * the key. The CDK's synthesizers name every file so.
 */
export function checkKeys(bundle: Bundle): void {
  for (const stack of bundle.stacks) {
    for (const file of [stack.template, ...stack.assets]) {
      if (file.key.includes(file.hash)) continue;
      const message = `the file ${file.bucket}/${file.key} of ${stack.stackName} does not carry its hash ${file.hash} in its key; publish files under their hash, as the CDK does`;
      throw new Refused('KeyWithoutHash', message, 400);
    }
  }
}

/** A submission that passed every check. */
export interface Submission {
  readonly body: SubmitBody;
  /** What its templates say that it brings for the shared state. */
  readonly migrations: readonly DeclaredMigration[];
  readonly plan: readonly EnvironmentPlan[];
  readonly seals: Readonly<Record<string, string>>;
  /** ARN of the caller. */
  readonly author: string;
  readonly now: string;
  /** The release as it is registered, when this is another attempt of it. */
  readonly registered?: Release;
  /** The emergency that took its place, after which the hub submits it anew. */
  readonly after?: string;
  readonly executionArn: (name: string) => string;
}

/** The release at the start of its next attempt: nothing reached, nobody asked. What was proved stands until it is tested again. */
export function register(submission: Submission): Release {
  const { body, migrations, plan, seals, author, now, registered, after } = submission;
  const attempt = (registered?.attempt ?? 0) + 1;
  const release: Release = {
    kind: 'release',
    revision: registered?.revision ?? 0,
    version: body.version,
    digest: body.digest,
    bundle: body.bundle,
    seals,
    origin: body.origin ?? 'major',
    changeClass: body.changeClass ?? (body.emergency === undefined ? 'normal' : 'emergency'),
    ...(body.emergency !== undefined && { emergency: body.emergency.trim() }),
    // Whose place an earlier attempt took may not have been submitted anew yet.
    ...(registered?.evicted && { evicted: registered.evicted }),
    ...(registered?.builtWithout && { builtWithout: registered.builtWithout }),
    ...(after !== undefined && { requeuedAfter: after, authoredAt: registered?.authoredAt ?? registered?.submittedAt ?? now }),
    // What was declared once stays: the firebreak that refused it is not got round by saying less.
    changes: [...new Set([...(registered?.changes ?? []), ...(body.changes ?? [])])],
    ...(migrations.length > 0 && { migrations }),
    ...(body.fixForward !== undefined && { fixForward: body.fixForward.trim() }),
    ...(body.replaceTarget !== undefined && { replaceTarget: body.replaceTarget.trim() }),
    author,
    submittedAt: now,
    registeredAt: registered?.registeredAt ?? registered?.submittedAt ?? now,
    plan,
    attempt,
    execution: submission.executionArn(executionName(body.version, attempt, now)),
    status: 'submitted',
    reached: {},
    // What an attempt before has left to be taken back is this one's.
    ...(registered?.movedWaves && { movedWaves: registered.movedWaves }),
    // Where it is live already it is not tested again.
    evidence: registered?.evidence ?? {},
  };
  const bytes = Buffer.byteLength(JSON.stringify(release));
  if (bytes <= LARGEST_RELEASE_BYTES) return release;
  const message = `the release ${JSON.stringify(body.version)} takes ${bytes} bytes in the ledger, allowed are ${LARGEST_RELEASE_BYTES}; it has ${body.bundle.stacks.length} stacks: use fewer assets a stack, or split the path`;
  throw new Refused('TooLarge', message, 400);
}

/** Who submitted what, and which firebreaks its declared changes switch on. */
export function submitted(release: Release): AuditEvent {
  const {
    submittedAt: at,
    version,
    author: who,
    digest,
    origin,
    changeClass,
    emergency,
    requeuedAfter,
    changes,
    migrations,
    attempt,
    plan,
    replaceTarget,
    fixForward,
  } = release;
  const firebreaks = plan.filter((each) => appliesTo(each, changes)).map((each) => each.environment);
  const brings = migrations && { migrations: migrations.map(({ name, kind }) => ({ name, kind })) };
  const special = { ...(emergency !== undefined && { emergency }), ...(requeuedAfter !== undefined && { requeuedAfter }) };
  return {
    at,
    what: 'ReleaseSubmitted',
    release: version,
    who,
    detail: {
      digest,
      origin,
      changeClass,
      ...special,
      changes,
      ...brings,
      attempt,
      firebreaks,
      ...(replaceTarget !== undefined && { replaceTarget }),
      ...(fixForward !== undefined && { fixForward }),
    },
  };
}
