import type { EnvironmentPlan, MigrationRunner, SlotMigration } from '../../../lambda/contract';
import type { Chance } from '../chance';

type Kind = 'expands' | 'breaks, and can be taken back' | 'breaks' | 'nothing';

/** A function, or what is started and followed. */
const RUNNERS: readonly ((does: string) => MigrationRunner)[] = [
  (functionName) => ({ kind: 'lambda', functionName, timeoutSeconds: 60 }),
  (project) => ({ kind: 'codeBuildProject', project, timeoutSeconds: 600 }),
];
const FIRST = '1.0.0';

/** What all versions of a world but the first bring for the shared state. */
export class Brought {
  readonly migration: SlotMigration | undefined;

  constructor(chance: Chance, plans: readonly EnvironmentPlan[]) {
    const kind = kindOf(chance, plans);
    if (kind === 'nothing') return;
    const runner = chance.oneOf(RUNNERS);
    if (kind === 'expands') this.migration = { name: 'add-column', kind: 'expand', content: 'c1', runner: runner('add-column') };
    else {
      const undo = kind === 'breaks' ? {} : { undoable: true as const, undo: chance.oneOf(RUNNERS)('join-name') };
      this.migration = { name: 'split-name', kind: 'breaking', content: 'c1', runner: runner('split-name'), ...undo };
    }
  }

  /** Name of what breaks the live version; undefined: nothing does. */
  get breaking(): string | undefined {
    return this.migration?.kind === 'breaking' ? this.migration.name : undefined;
  }

  isBroughtBy(version: string): boolean {
    return version !== FIRST;
  }

  /** What a version's templates say. */
  by(version: string): readonly SlotMigration[] {
    return this.migration && this.isBroughtBy(version) ? [this.migration] : [];
  }
}

function kindOf(chance: Chance, plans: readonly EnvironmentPlan[]): Kind {
  if (!plans.some(({ roles }) => roles.migrate)) return 'nothing';
  const breaks = plans.some(({ plannedOutage }) => plannedOutage) ? 4 : 0;
  return chance.weighted<Kind>([
    [breaks, 'breaks, and can be taken back'],
    [breaks, 'breaks'],
    [1, 'expands'],
    [1, 'nothing'],
  ]);
}
