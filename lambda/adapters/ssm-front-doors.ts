import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { EnvironmentPlan, FrontDoor } from '../contract';
import type { Clock, FrontDoors } from '../domain/ports';
import type { ClientFor } from './client-for';

/** The front door's own facts change with a deployment of the platform only, and one task asks for them several times. */
const KEEP_MS = 30_000;

/** What each environment's front door published, from an SSM parameter in the environment's account. Kept for half a minute. */
export class SsmFrontDoors implements FrontDoors {
  private readonly kept = new Map<string, { readonly until: number; readonly frontDoor: FrontDoor }>();

  constructor(
    private readonly clientFor: ClientFor<SSMClient>,
    private readonly clock: Clock,
  ) {}

  async read(plan: EnvironmentPlan): Promise<FrontDoor> {
    const kept = this.kept.get(keyOf(plan));
    return kept && Date.parse(this.clock.now()) < kept.until ? kept.frontDoor : this.readAnew(plan);
  }

  async readAnew(plan: EnvironmentPlan): Promise<FrontDoor> {
    const now = Date.parse(this.clock.now());
    const { Parameter } = await this.clientFor(plan).send(new GetParameterCommand({ Name: plan.frontDoorParameter }));
    const frontDoor = JSON.parse(Parameter?.Value ?? '') as FrontDoor;
    this.kept.set(keyOf(plan), { until: now + KEEP_MS, frontDoor });
    return frontDoor;
  }
}

function keyOf({ account, region, frontDoorParameter }: EnvironmentPlan): string {
  return `${account} ${region} ${frontDoorParameter}`;
}
