import { type DeclaredMigration, type MigrationKind, SLOT_METADATA, type SlotMetadata } from '../../../lambda/contract';
import { type Block, heading, table, text } from '../document/document';
import { duration } from '../document/words';
import { reasonOf } from '../facts/opt-outs';
import type { ReviewedPath, ReviewedStack } from '../read/reviewed-path';

/** Where users may be without a version for a while, how long, and what they are told. */
export function outageBlocks(reviewed: ReviewedPath): Block[] {
  const allowed = reviewed.plans.flatMap(({ environment, plannedOutage }) => (plannedOutage === undefined ? [] : [{ environment, ...plannedOutage }]));
  if (allowed.length === 0) return [];
  return [
    heading('Planned outages'),
    text(
      'For a release that brings a breaking migration, and no other. Such a release has to pass every firebreak, whatever that is for, and the go/no-go where there is one. Then the live rule answers users itself, with the ' +
        'status 503 and this text, until the new version has them all at once. When the longest time is up, or would be before a call or a test is over, the way back begins, which is not limited by it.',
    ),
    table(
      'Planned outages',
      ['environment', 'longest', 'users are told', 'why it may be'],
      allowed.map(({ environment, longestSeconds, says }) => [
        environment,
        duration(longestSeconds),
        says.split('\n'),
        reasonOf('PlannedOutage.allowed', environment, reviewed) ?? '',
      ]),
    ),
  ];
}

const WHEN: Readonly<Record<MigrationKind, string>> = {
  expand: 'after the deployment, before the tests',
  contract: 'when somebody asks for it, after early life support',
  breaking: 'in the planned outage, while users are out, before the tests',
};

/** What a release brings for the shared state, when that runs, and whether it can be taken back. */
export function migrationBlocks({ stacks }: ReviewedPath): Block[] {
  const migrations = migrationsOf(stacks);
  if (migrations.length === 0) return [];
  return [
    heading('Migrations'),
    text('What a release of this app brings for the shared state, in the order it is declared in. Each runs once in each environment.'),
    table(
      'Migrations',
      ['migration', 'kind', 'when it runs', 'on the way back', 'content'],
      migrations.map(({ name, kind, content, undoable }) => [name, kind, WHEN[kind], wayBack(kind, undoable === true), content]),
    ),
  ];
}

function wayBack(kind: MigrationKind, undoable: boolean): string {
  if (kind === 'expand') return 'stays: both versions understand it';
  if (kind === 'contract') return 'none: versions that need what it takes away are no roll-back target any more';
  return undoable
    ? 'its undo takes it back, and users get the version before'
    : 'NO UNDO: what goes wrong once it has started leaves users out, until a mended version or a person ends that';
}

/** As the slots say, which all bring the same. */
function migrationsOf(stacks: readonly ReviewedStack[]): readonly DeclaredMigration[] {
  const [slot] = stacks.filter(({ kind }) => kind === 'slot');
  return (slot?.metadata[SLOT_METADATA] as SlotMetadata | undefined)?.migrations ?? [];
}
