import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ErrorView, ReleaseView } from '../../lambda/contract';
import { ACCOUNT } from '../../rehearsal/emulator/environment';
import { run } from '../../rehearsal/emulator/run';
import type { PersonRole } from '../../rehearsal/permissions/assembly/deployed';
import { type Integ, MAX_SECONDS } from './integ';
import { withRights } from './role-env';

/** Role -> the policy of the hub that it is given. */
export type Policies = Readonly<Record<string, string>>;

/** What these roles may do is the policies of this path's hub. */
export function rolesWith(path: string, policies: Policies): PersonRole[] {
  return Object.entries(policies).map(([role, policy]) => ({
    arn: `arn:aws:iam::${ACCOUNT}:role/${role}`,
    managedPolicyArns: [`arn:aws:iam::${ACCOUNT}:policy/${path}-${policy}`],
  }));
}

/** People with a role each, and curl. */
export class People<Name extends string> {
  private constructor(
    private readonly integ: Integ,
    private readonly env: ReadonlyMap<Name, NodeJS.ProcessEnv>,
  ) {}

  static async gather<Name extends string>(
    integ: Integ,
    { path, apiUrl, policies }: { readonly path: string; readonly apiUrl: string; readonly policies: Readonly<Record<Name, string>> },
  ): Promise<People<Name>> {
    const { port } = integ.emulator;
    // AWS's name of the API leads to the local AWS, which speaks no TLS.
    const CURL_HOME = join(integ.state, 'curl');
    mkdirSync(CURL_HOME, { recursive: true });
    writeFileSync(join(CURL_HOME, '.curlrc'), `connect-to = "::127.0.0.1:${port}"\n`);
    const people = new Map<Name, NodeJS.ProcessEnv>();
    for (const [role, policy] of Object.entries(policies) as [Name, string][]) {
      people.set(role, { ...(await withRights(integ, role, `${path}-${policy}`)), CURL_HOME, API_URL: apiUrl.replace('https:', 'http:') });
    }
    return new People(integ, people);
  }

  async say(who: Name, words: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<ReleaseView & ErrorView> {
    const script = join(this.integ.root, 'examples/only-the-firebreak/decide.sh');
    const { stdout, said } = await run('/bin/sh', [script, ...words], { env: { ...this.env.get(who), ...more }, seconds: MAX_SECONDS });
    try {
      return JSON.parse(stdout) as ReleaseView & ErrorView;
    } catch {
      return { message: said } as ReleaseView & ErrorView;
    }
  }
}
