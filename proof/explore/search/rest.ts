/** The first state from which no way leads to one at rest; undefined when there is none. @param edges from each state, without more trouble */
export function cannotRest(edges: readonly (readonly number[])[], resting: readonly number[]): number | undefined {
  const backwards: number[][] = edges.map(() => []);
  edges.forEach((targets, from) => {
    for (const to of targets) backwards[to]?.push(from);
  });
  const reached = new Uint8Array(edges.length);
  const open = [...resting];
  for (const place of resting) reached[place] = 1;
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    for (const before of backwards[place] ?? []) {
      if (reached[before]) continue;
      reached[before] = 1;
      open.push(before);
    }
  }
  const stuck = reached.indexOf(0);
  return stuck < 0 ? undefined : stuck;
}
