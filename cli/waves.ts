/** An environment, as its plan or its status has it. */
interface Place {
  readonly environment: string;
  readonly wave?: { readonly of: string };
}

/** The environments that are waves of one name, in the order of the path. */
export function wavesNamed<Each extends Place>(environments: readonly Each[], name: string): Each[] {
  return environments.filter(({ wave }) => wave?.of === name);
}

/** Which environments are one place to their users: each name, and its waves in the order of the path. */
export function allWaves(environments: readonly Place[]): { readonly name: string; readonly waves: readonly string[] }[] {
  const names = new Set(environments.flatMap(({ wave }) => wave?.of ?? []));
  return [...names].map((name) => ({ name, waves: wavesNamed(environments, name).map(({ environment }) => environment) }));
}
