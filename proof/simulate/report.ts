import type { Found } from './simulate';

const inRows = (counts: ReadonlyMap<string, number>) =>
  [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([what, times]) => `  ${times.toLocaleString('en').padStart(9)}  ${what}`)
    .join('\n');

/** What was simulated, for people. @param seconds of processor time */
export function report(found: Found, seconds: number): string {
  const { worlds, releases, calls, runs, transitions, faults, outcomes, plots } = found;
  const count = (value: number) => Math.round(value).toLocaleString('en');
  const injected = [...faults.values()].reduce((sum, times) => sum + times, 0);
  return [
    `${count(releases)} releases in ${count(worlds)} worlds: ${count(runs)} runs of functions, ${count(calls)} calls of ports, ${count(transitions)} states entered`,
    `${count(seconds)} s of processor time: ${count(releases / seconds)} releases a second of one core`,
    `what they were like:\n${inRows(plots)}`,
    `faults injected: ${count(injected)}\n${inRows(faults)}`,
    `how they ended:\n${inRows(outcomes)}`,
  ].join('\n');
}

/** What broke, and the command that shows how. */
export function violationsOf({ violations }: Found, most = 5): string {
  const shown = violations
    .slice(0, most)
    .flatMap(({ seed, violations }) => [
      `seed ${seed}: npm run simulate -- --seed ${seed} --trace`,
      ...violations.map(({ at, rule, found }) => `  ${at}  broken: ${rule}\n    ${found.slice(0, 1_000)}`),
    ]);
  return [`${violations.length} worlds with violations`, ...shown].join('\n');
}
