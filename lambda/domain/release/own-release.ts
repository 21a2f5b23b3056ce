import type { EnvironmentPlan, OwnTaskInput } from '../../contract';
import { Refused } from '../errors';
import type { EnvironmentState, Release } from '../model';
import { checkChanges } from './declared-changes';
import { checkOutside, checkSameDigest, checkVersion, register } from './submission';

/** A digest is compared, shown and stored, and never computed. */
const DIGEST = /^[\x21-\x7e]{8,200}$/;

/** A release that a team's own machine arrives with. */
export interface OwnArrival {
  readonly input: OwnTaskInput;
  readonly changes: readonly string[];
  /** Of this version, if there is one. */
  readonly registered: Release | undefined;
  /** Of every environment that the registered one has been through. */
  readonly states: readonly EnvironmentState[];
  readonly now: string;
}

/**
 * The release as the ledger is to have it: what is stored already, when this execution has registered it before; another attempt of it, when another
 * execution has. What it deploys, and from where, is the team's matter: only its digest is kept.
 *
 * @throws Refused when this is no version or digest, when the version is another content's, or while an earlier execution holds an environment with it
 */
export function arrived({ input, changes, registered, states, now }: OwnArrival): Release {
  const { release: version, digest, plan, execution } = input;
  checkVersion(version);
  if (typeof digest !== 'string' || !DIGEST.test(digest)) {
    const fix = 'give what tells this content from any other, for example the digest of the image or the id of the commit: 8 to 200 characters, no blanks';
    throw new Refused('BadDigest', `the digest of ${JSON.stringify(version)} is ${JSON.stringify(digest)}; ${fix}`, 400);
  }
  if (registered) checkSameDigest(registered, { version, digest });
  if (registered?.execution === execution) return withPlan(registered, plan);
  const body = { version, digest, changes, bundle: { stacks: [] } };
  checkChanges([plan], body);
  if (registered) checkOutside(registered, states);
  return register({ body, migrations: [], plan: [plan], seals: {}, author: execution, now, registered, executionArn: () => execution });
}

/** A machine with several environments comes by with one after the other. */
function withPlan(release: Release, plan: EnvironmentPlan): Release {
  const isKnown = release.plan.some(({ environment }) => environment === plan.environment);
  return isKnown ? release : { ...release, plan: [...release.plan, { ...plan, order: release.plan.length }] };
}
