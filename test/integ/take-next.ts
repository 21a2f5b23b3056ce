/** Both deploy `examples/existing-alb`: in one local AWS the stacks of the one are there already when the other comes. */
export const ONE_PATH: readonly string[] = ['messes', 'adopt'];

/** Takes the next case out of those that wait. @param had by the lane that asks for one. @returns undefined when none is left for it */
export function takeNext(waiting: string[], had: readonly string[]): string | undefined {
  const hadIt = had.some((name) => ONE_PATH.includes(name));
  const found = waiting.findIndex((name) => !hadIt || !ONE_PATH.includes(name));
  return found < 0 ? undefined : waiting.splice(found, 1)[0];
}
