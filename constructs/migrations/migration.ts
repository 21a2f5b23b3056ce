import { MIGRATION_NAME, type MigrationKind } from '../../lambda/contract';
import { requireKind } from '../kinds/kind';
import { made } from '../kinds/kinds';
import { requireLiteral, requireMatch } from '../private/validate';
import { type IMigrationTask, MIGRATION_TASK } from './migration-task';

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
   * Changes what the live version needs, so that it cannot go on. Not there yet: a path with one is refused at synth. The roll back to what was live,
   * and every step of a weighted shift, needs a state that both versions can use; an outage that is planned is not known to a path to live so far.
   */
  static breaking(name: string, task: IMigrationTask): Migration {
    return new Migration('breaking', name, task);
  }

  private constructor(
    /** @internal */
    readonly _kind: MigrationKind | 'breaking',
    readonly name: string,
    /** @internal */
    readonly _task: IMigrationTask,
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
