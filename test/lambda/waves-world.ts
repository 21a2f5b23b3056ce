import type { EndOutput, EnterOutput, Failure, RollBackWaveOutput } from '../../lambda/contract';
import { machineShape } from '../../lambda/contract';
import type { EnvironmentState, Release } from '../../lambda/domain/model';
import { enter } from '../../lambda/handlers/enter';
import { finish } from '../../lambda/handlers/finish';
import { moveTraffic } from '../../lambda/handlers/move-traffic';
import { reconcile } from '../../lambda/handlers/reconcile';
import { stop } from '../../lambda/handlers/stop';
import { type Answer, call } from './api-call';
import { session } from './example-gate';
import { examplePlan } from './example-path';
import type { InMemoryPorts } from './in-memory-ports';
import { Walk } from './walk';

export const WAVES = ['London', 'Dublin', 'Paris'] as const;
export const PLAN = [
  examplePlan('Integration'),
  ...WAVES.map((environment, place) => examplePlan(environment, { order: place + 1, wave: { of: 'Production', place, waves: WAVES.length } })),
];
export const FAILURE: Failure = { step: 'Bake', subject: 'the new version', expected: 'no alarm', actual: 'AlarmRaised: errors', logs: 'somewhere' };

/** A path with three waves at its end, and its machine, state by state, as constructs/release/release-workflow.ts has it. */
export class WavesWorld {
  readonly walk = new Walk(PLAN);
  readonly ports: InMemoryPorts = this.walk.ports;

  /** 1.0.0 is live everywhere, and 1.1.0 in every environment in front of this one. */
  static async at(environment: string): Promise<WavesWorld> {
    const world = new WavesWorld();
    await world.walk.through('1.0.0');
    world.ports.clock.advance(60);
    await world.submit('1.1.0');
    await world.liveUntil('1.1.0', environment);
    return world;
  }

  async submit(version: string, given = {}): Promise<void> {
    expect((await this.walk.submit(version, given)).status).toBe(200);
  }

  async liveUntil(version: string, environment: string): Promise<void> {
    for (const plan of PLAN) {
      if (plan.environment === environment) return;
      if ((await this.state(plan.environment)).live?.version === version)
        expect(await this.enters(version, plan.environment)).toMatchObject({ outcome: 'live' });
      else {
        await this.walk.intoShadow(version, plan.environment);
        await this.walk.takeOver(version, plan.environment);
      }
    }
  }

  /** It has ten percent there, and is rolled back; or is stopped before it has any. */
  async fails(version: string, environment: string, shifted = true): Promise<EndOutput> {
    await this.walk.intoShadow(version, environment);
    const slot = { ...(await this.task(version, environment)), colour: (await this.state(environment)).lock?.colour ?? '' };
    if (!shifted) return (await stop(this.ports)({ ...slot, failure: FAILURE })) as EndOutput;
    expect(await moveTraffic(this.ports)({ ...slot, percent: 10 })).toEqual({ outcome: 'shifted' });
    return (await moveTraffic(this.ports)({ ...slot, failure: FAILURE })) as EndOutput;
  }

  /** What the path machine does then. @returns what each wave before it was answered, and how the release ended */
  async goesBack(version: string, failedIn: string, outcome: EndOutput['outcome'] = 'rolledBack'): Promise<{ [environment: string]: string }> {
    const execution = (await this.release(version)).execution;
    const before = WAVES.slice(0, WAVES.indexOf(failedIn as (typeof WAVES)[number])).reverse();
    const answers: [string, string][] = [];
    for (const environment of before) answers.push([environment, (await this.rollBackWave(version, environment, failedIn)).outcome]);
    const isBack = answers.some(([, answer]) => answer === 'rolledBack');
    const end = { release: version, execution, environment: failedIn, failure: FAILURE };
    await finish(this.ports)({ ...end, outcome: isBack ? 'rolledBack' : outcome });
    return Object.fromEntries(answers);
  }

  async rollBackWave(version: string, environment: string, failedIn: string): Promise<RollBackWaveOutput> {
    const { execution } = await this.release(version);
    return (await moveTraffic(this.ports)({ environment, release: version, execution, failedIn, failure: FAILURE })) as RollBackWaveOutput;
  }

  async enters(version: string, environment: string): Promise<EnterOutput> {
    const plan = PLAN.find((each) => each.environment === environment) ?? examplePlan();
    return enter(this.ports)({ ...(await this.task(version, environment)), machine: machineShape(plan) });
  }

  /** Its path machine was stopped. */
  async pathDies(version: string): Promise<void> {
    const { execution: executionArn } = await this.release(version);
    const detail = { executionArn, status: 'ABORTED', input: JSON.stringify({ contract: 1, release: version }) };
    await reconcile(this.ports)({ detail } as Parameters<ReturnType<typeof reconcile>>[0]);
  }

  rollBack(environment: string): Promise<Answer> {
    return call(this.ports, session('ReleaseManager'), `POST /environments/${environment}/roll-back`, { reason: 'wrong prices' });
  }

  async task(version: string, environment: string) {
    const { execution } = await this.release(version);
    return { environment, release: version, execution: `${execution.replace('-path:', `-${environment}:`)}-${environment}` };
  }

  state(environment: string): Promise<EnvironmentState> {
    return this.ports.ledger.environment(environment);
  }

  release(version: string): Promise<Release> {
    return this.ports.ledger.release(version) as Promise<Release>;
  }

  /** What is live in each wave, by the ledger, and by the live rule. */
  async live(): Promise<string[]> {
    const of = async (environment: string) => {
      const state = await this.state(environment);
      const rule = await this.ports.liveRule.read(PLAN.find((plan) => plan.environment === environment) ?? examplePlan());
      const colour = Object.entries(state.slots).find(([, slot]) => rule.kind === 'slots' && rule.weights[slot.targetGroupArn] === 100)?.[0] ?? '';
      expect(colour).toBe(state.live?.colour);
      return `${environment} ${state.live?.version}`;
    };
    return Promise.all(WAVES.map(of));
  }
}
