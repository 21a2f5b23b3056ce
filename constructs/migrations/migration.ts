import { MIGRATION_NAME, type MigrationKind } from '../../lambda/contract';
import { object, optional, requireKind } from '../kinds/kind';
import { made } from '../kinds/kinds';
import { requireLiteral, requireMatch } from '../private/validate';
import { type IMigrationTask, MIGRATION_TASK } from './migration-task';

export interface BreakingOptions {
  /**
   * Takes the migration back, however far it has come: called with `undo: true`, once, and again where a call died half way. The version before understands the
   * state again afterwards, with what users have done meanwhile, if they had the new version for a while.
   *
   * @default - nothing does: when the release fails, users stay without a version until a person decides
   */
  readonly undo?: IMigrationTask;
}

const BREAKING_OPTIONS = object<BreakingOptions>({ undo: optional(MIGRATION_TASK) });

/**
 * A change of the shared state that a release brings with it. It runs once in every environment; one that has finished in an environment is never run
 * there again, whichever release brings it.
 *
 * A release that brings one which some environment has not had counts as altering the schema, whether that was declared or not.
 *
 * @example
 * Migration.expand('2026-11-add-currency', new LambdaMigration({ code: Code.fromAsset('migrations/add-currency'), handler: 'index.handler' }));
 */
export class Migration {
  /**
   * Adds what the new version needs, and takes nothing from the one that is live: both use the state afterwards, during the canary and after a roll back.
   * It runs when the release is in the shadow, before it is tested.
   *
   * @param name 1-60 lower case letters, digits and dashes; says whether it ran already, so it never stands for another content
   */
  static expand(name: string, task: IMigrationTask): Migration {
    return new Migration('expand', name, task);
  }

  /**
   * Takes away what only older versions need: a column that nothing reads any more, for example. It does not run with its release, which must do without what
   * it takes away, and with it: it runs when somebody asks for it (`ptl contract`) while a version that brings it is live, early life support is over
   * (`earlyLifeSupport` of the environment), and whoever decides about going live there has agreed.
   *
   * Once it has started, no older version is a roll-back target in that environment, or is let in again. Leave it in the list until it has finished
   * everywhere.
   *
   * @param name 1-60 lower case letters, digits and dashes; says whether it ran already, so it never stands for another content
   * @example
   * Migration.contract('2026-12-drop-amount', new LambdaMigration({ code: Code.fromAsset('migrations/drop-amount'), handler: 'index.handler' }));
   */
  static contract(name: string, task: IMigrationTask): Migration {
    return new Migration('contract', name, task);
  }

  /**
   * Changes what the live version needs, so that it cannot go on: only where nothing else will do. Users of each environment have no version while it runs, so
   * every environment has to say that outages may be planned (`plannedOutage`). The release waits at every firebreak, whatever that is for; whoever decides
   * about going live is told how long users may be out; then users are taken out, it runs, the new version is tested, and gets all of them at once.
   *
   * When that fails after it has started, the version before may not understand the state: with `undo` it is taken back, and users get that version again;
   * without, they stay without one until a person decides. Once it is live, no older version is a roll-back target in that environment, or is let in again.
   *
   * @param name 1-60 lower case letters, digits and dashes; says whether it ran already, so it never stands for another content
   * @example
   * Migration.breaking('2027-01-split-name', new LambdaMigration({ code: Code.fromAsset('migrations/split-name'), handler: 'index.handler' }), {
   *   undo: new LambdaMigration({ code: Code.fromAsset('migrations/split-name'), handler: 'index.undo' }),
   * });
   */
  static breaking(name: string, task: IMigrationTask, options: BreakingOptions = {}): Migration {
    requireKind('Migration.breaking', 'options', options, BREAKING_OPTIONS);
    return new Migration('breaking', name, task, options.undo);
  }

  private constructor(
    /** @internal */
    readonly _kind: MigrationKind,
    readonly name: string,
    /** @internal */
    readonly _task: IMigrationTask,
    /**
     * What takes it back.
     *
     * @internal
     */
    readonly _undo?: IMigrationTask,
  ) {
    const where = `Migration.${_kind}`;
    const subject = { code: 'MigrationName', where, what: 'the name of the migration' };
    requireLiteral(subject, name);
    requireMatch(subject, name, MIGRATION_NAME, '1-60 lower case letters, digits and dashes, for example "2026-11-add-currency"');
    requireKind(where, 'task', _task, MIGRATION_TASK);
  }
}

/** @internal */
export const MIGRATION = made(Migration, "Migration.expand('2026-11-add-currency', task)");
