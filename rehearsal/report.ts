import { writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join, relative } from 'node:path';
import { busyMachine } from './busy-machine';
import { readCalls } from './figures/calls';
import { checkFigures } from './figures/check';
import { measure } from './figures/figures';
import type { MemoryWatch } from './figures/memory';
import { figuresTable } from './figures/table';
import { auditRehearsal } from './permissions/of-the-rehearsal';
import { rememberDeployment } from './permissions/remember';
import { complaints, figuresOf, isFine, summary } from './permissions/words';
import { pictureOf } from './picture/of-the-story';
import type { LocalWorld, Told } from './world';

export interface ReportOptions {
  /**
   * File for the figures as JSON; `-` is standard output.
   *
   * @default - they are only shown
   */
  readonly json?: string;
  readonly memory: MemoryWatch;
}

/**
 * Measures, checks what only figures can show, draws the picture, and shows the story's last table.
 *
 * @returns whether every promise was kept
 */
export async function report(world: LocalWorld, told: readonly Told[], { json, memory }: ReportOptions): Promise<boolean> {
  const { narrator, promises, state, root, aws } = world;
  narrator.chapter('What was measured');
  const responses = world.traffic.responses();
  await rememberDeployment(world);
  const measured = await measure(world, told, responses, readCalls(aws.calls));
  checkFigures(measured.figures, promises);
  const permissions = await auditRehearsal(state);
  promises.check('no call is denied by the policies as synthesized, and nothing is granted that nothing uses', isFine(permissions), summary(permissions));
  const picture = join(state, 'picture.svg');
  writeFileSync(picture, pictureOf(world, told, measured, responses));
  const [seconds, memoryBytes] = [narrator.seconds, memory.stop()];
  const memoryWords = memoryBytes === undefined ? '' : `, ${Math.round(memoryBytes / 2 ** 20)} MB of memory at most`;
  const broken = promises.broken.length;
  narrator.show([
    '',
    ...figuresTable(measured.figures),
    '',
    ...promises.report(),
    ...complaints(permissions).map((complaint) => `    ${complaint}`),
    '',
    `  ${seconds.toFixed(0)} s in all${memoryWords}. The picture: ${relative(root, picture)}`,
    broken === 0 ? '  Every promise was kept.' : `  ${broken} of ${promises.checked.length} promises were BROKEN.`,
    ...(broken === 0
      ? []
      : [`  Every response, one a line: ${relative(root, join(state, 'responses.jsonl'))}`, ...busyMachine(loadavg(), availableParallelism())]),
  ]);
  if (json !== undefined) write(json, { ...measured.figures, permissions: figuresOf(permissions), seconds, memoryBytes, promises: promises.checked });
  return broken === 0;
}

function write(file: string, figures: object): void {
  const text = `${JSON.stringify(figures, null, 2)}\n`;
  if (file === '-') process.stdout.write(text);
  else writeFileSync(file, text);
}
