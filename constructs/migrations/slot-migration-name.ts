import type { MigrationContext } from './migration-task';

/**
 * What the hub may start is known by this name. What takes a migration back has one of its own: no migration's begins with a capital letter.
 *
 * @param stack name of the slot's
 */
export function slotMigrationName(stack: string, { migration, undo }: Pick<MigrationContext, 'migration' | 'undo'>): string {
  return `${stack}-SlotMigrations-${undo ? 'Undo-' : ''}${migration}`;
}
