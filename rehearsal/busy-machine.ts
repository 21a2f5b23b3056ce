/**
 * That others had the machine too: answers that come late then say little of what is rehearsed.
 *
 * @param loads processes that wanted to run, over 1, 5 and 15 minutes, as the system counts them
 */
export function busyMachine([, load = 0]: readonly number[], cores: number): string[] {
  if (load <= cores) return [];
  return [`  The machine was busy: a load of ${load.toFixed(1)} on ${cores} cores over the last 5 minutes. On a quiet one, run it again.`];
}
