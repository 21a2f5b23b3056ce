import type { RuleHeld } from '../../../lambda/domain/ports';
import { targetGroupOf } from '../../../test/lambda/fake-slots';
import { notify } from './services';
import type { World } from './world';

const WITHIN_MS = 3_600_000;
const FREEZE_MS = [600_000, 3_600_000] as const;

/** What happens to a whole world, rather than to a call: each at a time of its own. */
export class Mishaps {
  constructor(private readonly world: World) {}

  /** Some that every release must come through. */
  rough(): void {
    this.sometimes(0.3, 'clock moves on', () => this.world.timeline.jump(this.world.chance.between(100, 8_000)));
    this.sometimes(0.2, 'a sweep without need', () => this.world.hub.send('sweep', {}, 0, false));
    this.sometimes(0.2, 'the schedule runs', () => this.world.hub.send('keep-capacity', {}, 0, false));
    this.sometimes(0.2, 'an alarm of somebody else', () => notify(this.world, 'somebody-elses-alarm'));
  }

  /** And those after which a release may go back, but nothing may be left or wrong. */
  stormy(): void {
    this.sometimes(0.5, 'execution stopped by hand', () => this.stopOne('ABORTED'));
    this.sometimes(0.25, 'execution timed out', () => this.stopOne('TIMED_OUT'));
    this.sometimes(0.3, 'live rule changed by hand', () => this.changeRule());
    this.sometimes(0.3, 'targets of a slot unhealthy', () => this.sicken());
    this.sometimes(0.2, 'alarm fires', () => this.alarm());
    this.sometimes(0.1, 'alarm deleted', () => this.deleteAlarm());
    this.sometimes(0.15, 'clock jumps', () => this.jump());
    this.sometimes(0.15, 'safety net called for no reason', () => this.callSafetyNet());
    this.sometimes(0.3, 'environment frozen', () => this.freeze());
  }

  private sometimes(probability: number, name: string, happen: () => void): void {
    const { chance, timeline, hub } = this.world;
    if (!chance.happens(probability)) return;
    timeline.after(chance.between(0, WITHIN_MS), () => {
      timeline.running = true;
      hub.faults.count(name);
      this.world.tell('the world', name);
      happen();
    });
  }

  /** With its children, as far as Step Functions gets to stop those too. */
  private stopOne(status: 'ABORTED' | 'TIMED_OUT'): void {
    const { chance, engine } = this.world;
    const running = engine.running();
    if (running.length === 0) return;
    const execution = chance.oneOf(running);
    const children = [...execution.children];
    execution.cut(status);
    if (chance.happens(0.7)) for (const child of children) child.cut('ABORTED');
  }

  private changeRule(): void {
    const { chance, path, rules, isByHand } = this.world;
    const plan = chance.oneOf(path.plans);
    isByHand.add(plan.environment);
    const [one, other] = plan.slots as [(typeof plan.slots)[0], (typeof plan.slots)[0]];
    const weights = chance.oneOf([{ [targetGroupOf(one.stackName)]: 100 }, { [targetGroupOf(one.stackName)]: 30, [targetGroupOf(other.stackName)]: 70 }]);
    const held: RuleHeld = chance.happens(0.2) ? { kind: chance.oneOf(['other', 'gone']) } : { kind: 'slots', weights };
    rules.byHand(plan.environment, held, rules.count > 1 ? chance.between(0, rules.count - 1) : 0);
  }

  private sicken(): void {
    const { chance, path, targets, timeline } = this.world;
    const plan = chance.oneOf(path.plans);
    const { stackName } = chance.oneOf(plan.slots);
    const arn = targetGroupOf(stackName);
    if (targets.unhealthy.has(arn)) return;
    targets.unhealthy.add(arn);
    // A version that is never healthy may have come meanwhile.
    timeline.after(chance.between(30_000, 1_200_000), () => this.world.behaviour.hasTargets(plan, stackName) && targets.unhealthy.delete(arn));
  }

  private alarm(): void {
    const { chance, path, traffic } = this.world;
    const plan = chance.oneOf(path.plans);
    traffic.fire(plan, chance.oneOf(plan.slots).stackName);
  }

  private deleteAlarm(): void {
    const { chance, path, alarms } = this.world;
    alarms.missing.add(`${chance.oneOf(chance.oneOf(path.plans).slots).stackName}-errors`);
  }

  private jump(): void {
    const { world } = this;
    world.timeline.jump(world.chance.between(60_000, 3_600_000));
    world.jumpedAt = world.timeline.now;
  }

  /** By a person, who ends it again: long after the last time that the API may have been asked for it. */
  private freeze(): void {
    const { chance, path, people, timeline, records } = this.world;
    const { environment } = chance.oneOf(path.plans);
    people.ask('ReleaseManager', `POST /environments/${environment}/freeze`, { reason: 'users cannot pay' });
    timeline.after(chance.between(...FREEZE_MS), () => {
      timeline.running = true;
      const still = () => records.environment(environment).freeze !== undefined;
      people.ask('ReleaseManager', `POST /environments/${environment}/unfreeze`, { reason: 'they can' }, { still });
    });
  }

  /** About an execution that is well, or has ended long ago: with the status it really has. */
  private callSafetyNet(): void {
    const { chance, engine, hub } = this.world;
    const executions = [...engine.executions.values()];
    if (executions.length === 0) return;
    const { arn, status, input } = chance.oneOf(executions);
    hub.send('reconcile', { detail: { executionArn: arn, status, input: JSON.stringify(input) } }, 100);
  }
}
