import type { BundleFile, BundleStack, DeclaredMigration, EnvironmentPlan, SubmitBody } from '../../contract';
import { Refused } from '../errors';
import { closeGate, waitsOnTheWay } from '../gates/gate';
import { changesOf, checkSameContent, migrationsOf, readDeclared, type StackMigrations } from '../migrations/declared';
import type { MigrationState, Release } from '../model';
import type { Ports } from '../ports';
import { checkChanges } from '../release/declared-changes';
import { filesOf, sealKey } from '../release/release';
import { checkKeys, checkSameFiles, checkStacks, register, type Submission, submitted } from '../release/submission';
import { environmentsOf } from './known';

const MOST_NAMED = 5;

/** What is submitted, and by whom, once it is clear that it may be. */
export interface Attempt extends Pick<Submission, 'author' | 'executionArn' | 'after'> {
  readonly body: SubmitBody;
  /** The release as it is registered, when this is another attempt of it. */
  readonly stored: Release | undefined;
}

/**
 * Looks at everything that is submitted, seals it, and registers it for the path as it is now: an attempt of its own, nothing reached, nobody asked.
 *
 * @throws Refused when it is not what the path takes
 */
export async function newAttempt(ports: Ports, { author, body, stored, executionArn, after }: Attempt): Promise<Release> {
  const plan = await ports.plans.environments();
  await checkNotRetiring(ports, plan);
  checkStacks(plan, body.bundle);
  checkKeys(body.bundle);
  checkChanges(plan, body);
  const seals = await sealed(ports, plan, body);
  if (stored) checkSameFiles(stored, seals);
  const { clock, ledger, log } = ports;
  const migrations = migrationsOf(plan, await declared(ports, plan, body, seals));
  const known = await knownMigrations(ports, plan, migrations);
  checkSameContent(migrations, known);
  const changes = changesOf(body, plan, migrations, known);
  const release = register({ body: { ...body, changes }, migrations, plan, seals, author, now: clock.now(), registered: stored, executionArn, after });
  const left = stored ? (await ledger.gates(stored.version)).filter(waitsOnTheWay).map((gate) => closeGate(gate, clock.now())) : [];
  await ledger.commit({ put: [release, ...left], audit: [submitted(release)] });
  log.info('release submitted', { release: release.version, digest: release.digest, attempt: release.attempt, author });
  return release;
}

/** What each template says that it brings: the hub believes nobody else, since it decides about firebreaks by it. */
async function declared(
  { templates }: Ports,
  plan: readonly EnvironmentPlan[],
  { bundle }: SubmitBody,
  seals: Readonly<Record<string, string>>,
): Promise<StackMigrations[]> {
  const look = async (stack: BundleStack): Promise<StackMigrations> => {
    const place = plan.find(({ environment }) => environment === stack.environment);
    const seal = seals[sealKey(stack.template)];
    const metadata = place && seal !== undefined ? await templates.slotMetadata(place, stack.template, seal) : undefined;
    return readDeclared(stack, metadata?.migrations);
  };
  return Promise.all(bundle.stacks.map(look));
}

async function knownMigrations({ ledger }: Ports, plan: readonly EnvironmentPlan[], migrations: readonly DeclaredMigration[]): Promise<MigrationState[]> {
  const known = await Promise.all(plan.flatMap(({ environment }) => migrations.map(({ name }) => ledger.migration(environment, name))));
  return known.flatMap((state) => state ?? []);
}

/** Refuses a release for a path that is being taken out: it would not be let in. */
async function checkNotRetiring({ ledger }: Ports, plan: readonly EnvironmentPlan[]): Promise<void> {
  const states = await environmentsOf({ ledger }, { plan });
  const { retirement } = states.find((state) => state.retirement) ?? {};
  if (!retirement) return;
  const { by, at, reason } = retirement;
  throw new Refused(
    'Retiring',
    `the path is being retired, ${by} asked for it at ${at}: ${reason}; submit a release when that has ended, ptl retire says where it is`,
  );
}

/** ETag of every file of the bundle, as the release is sealed with. */
async function sealed(ports: Ports, plan: readonly EnvironmentPlan[], { bundle }: SubmitBody): Promise<Record<string, string>> {
  const seals: Record<string, string> = {};
  const missing: string[] = [];
  const look = async (stack: BundleStack, file: BundleFile) => {
    const place = plan.find(({ environment }) => environment === stack.environment);
    const seal = place && (await ports.bundles.seal(place, file));
    if (seal === undefined) missing.push(`${sealKey(file)} of ${stack.stackName}`);
    else seals[sealKey(file)] = seal;
  };
  await Promise.all(bundle.stacks.flatMap((stack) => filesOf([stack]).map((file) => look(stack, file))));
  if (missing.length === 0) return seals;
  const more = missing.length > MOST_NAMED ? ` and ${missing.length - MOST_NAMED} more` : '';
  const message = `these files of the bundle are not published: ${missing.sort().slice(0, MOST_NAMED).join(', ')}${more}; publish the assembly's assets (ptl release does) and submit again`;
  throw new Refused('MissingFile', message, 400);
}
