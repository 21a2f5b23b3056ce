import { type CloudFormationClient, DeleteStackCommand, type Stack, type StackEvent } from '@aws-sdk/client-cloudformation';
import { type CapacityTarget, type EnvironmentPlan, RELEASE_VERSION_PARAMETER, SLOT_OUTPUTS } from '../contract';
import { canOnlyBeRemoved } from '../domain/doctor/stack-findings';
import type { SlotDeployment, SlotRequest } from '../domain/ports';
import { NamedChangeSet } from './change-set';
import { migrationsOf } from './slot-migrations';
import { eventsOf, findStack, firstFailure, outputOf } from './stack';

/** One deployment of one slot. Each look takes the next step that the stack's state allows, so it does not matter who took the last. */
export class SlotRun {
  private readonly changeSet: NamedChangeSet;
  private executed = false;
  private removing = false;

  constructor(
    private readonly client: CloudFormationClient,
    private readonly plan: EnvironmentPlan,
    private readonly request: SlotRequest,
    /** Name of the change set, and of the operation in the stack's events. */
    private readonly name: string,
  ) {
    this.changeSet = new NamedChangeSet(client, request.stackName, name);
  }

  /** @returns how the deployment ended; undefined as long as it has not */
  async look(): Promise<SlotDeployment | undefined> {
    const stack = await findStack(this.client, this.request.stackName);
    // A change set that creates a stack leaves its name behind, in review, before anything is created.
    if (!stack || stack.StackStatus === 'REVIEW_IN_PROGRESS') {
      return this.executed && !stack ? this.failed(undefined, 'the stack was removed while it was deployed') : this.advance('CREATE', stack);
    }
    if (stack.StackStatus?.endsWith('_IN_PROGRESS')) return undefined;
    const events = await eventsOf(this.client, stack.StackId as string, this.name);
    if (events.length > 0) return this.ended(stack, events);
    if (this.executed) return undefined;
    // The slot is this release's by now: it holds nothing that serves.
    if (canOnlyBeRemoved(stack.StackStatus as string)) return this.remove(stack);
    if (stack.StackStatus?.endsWith('_FAILED'))
      return this.failed(stack, `${stack.StackStatus}: ${stack.StackStatusReason ?? 'no reason given'}${wayOut(stack)}`);
    return this.advance('UPDATE', stack);
  }

  private async advance(type: 'CREATE' | 'UPDATE', stack: Stack | undefined): Promise<SlotDeployment | undefined> {
    const changeSet = await this.changeSet.look();
    switch (changeSet.state) {
      case 'absent':
        await this.create(type);
        return undefined;
      case 'ready':
        await this.changeSet.execute();
        this.executed = true;
        return undefined;
      case 'outdated':
        await this.changeSet.remove();
        return undefined;
      case 'unchanged':
        await this.changeSet.remove();
        return this.deployed(stack as Stack);
      case 'failed':
        await this.changeSet.remove();
        return this.failed(stack, changeSet.reason);
      default:
        return undefined;
    }
  }

  /**
   * A creation that fails is rolled back and stays to be looked at, rather than deleted by CloudFormation (`OnStackFailure: DELETE`): a later look
   * has to find out why it failed. The next release removes it.
   */
  private create(type: 'CREATE' | 'UPDATE'): Promise<void> {
    const { path, environment, roles } = this.plan;
    return this.changeSet.create({
      ChangeSetType: type,
      TemplateURL: this.request.templateUrl,
      Parameters: [{ ParameterKey: RELEASE_VERSION_PARAMETER, ParameterValue: this.request.version }],
      // Not CAPABILITY_AUTO_EXPAND: a macro or an include would bring in what nobody has accepted.
      Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'],
      RoleARN: roles.execution,
      // The version stays out of the tags: CloudFormation would touch every resource for it.
      Tags: [
        { Key: 'path-to-live:path', Value: path },
        { Key: 'path-to-live:environment', Value: environment },
      ],
    });
  }

  private async remove(stack: Stack): Promise<SlotDeployment | undefined> {
    if (this.removing && stack.StackStatus === 'DELETE_FAILED') {
      return this.failed(stack, `what is left of an earlier failed creation cannot be removed: ${stack.StackStatusReason ?? 'no reason given'}`);
    }
    await this.client.send(new DeleteStackCommand({ StackName: stack.StackId, RoleARN: this.plan.roles.execution }));
    this.removing = true;
    return undefined;
  }

  private ended(stack: Stack, events: readonly StackEvent[]): SlotDeployment {
    if (stack.StackStatus === 'CREATE_COMPLETE' || stack.StackStatus === 'UPDATE_COMPLETE') return this.deployed(stack);
    return this.failed(stack, `${firstFailure(events) ?? stack.StackStatusReason ?? 'no reason given'} (${stack.StackStatus})${wayOut(stack)}`);
  }

  private deployed(stack: Stack): SlotDeployment {
    const version = outputOf(stack, SLOT_OUTPUTS.releaseVersion);
    const targetGroupArn = outputOf(stack, SLOT_OUTPUTS.targetGroupArn);
    if (version !== this.request.version) {
      return this.failed(stack, `the stack's output ${SLOT_OUTPUTS.releaseVersion} is ${JSON.stringify(version)}, not ${JSON.stringify(this.request.version)}`);
    }
    if (!targetGroupArn) return this.failed(stack, `the stack has no output ${SLOT_OUTPUTS.targetGroupArn}; a slot must have one`);
    const alarms = outputOf(stack, SLOT_OUTPUTS.alarms)?.split(',').filter(Boolean) ?? [];
    const capacity = capacityOf(outputOf(stack, SLOT_OUTPUTS.capacity));
    if (capacity === 'unreadable') {
      return this.failed(
        stack,
        `the stack's output ${SLOT_OUTPUTS.capacity} is ${JSON.stringify(outputOf(stack, SLOT_OUTPUTS.capacity))}; it is written by SlotCapacity only`,
      );
    }
    const migrations = migrationsOf(stack);
    if (typeof migrations === 'string') return this.failed(stack, migrations);
    return { state: 'deployed', targetGroupArn, alarms, ...(capacity && { capacity }), ...(migrations.length > 0 && { migrations }) };
  }

  private failed(stack: Stack | undefined, reason: string): SlotDeployment {
    return { state: 'failed', reason, logs: stack?.StackId ?? this.request.stackName };
  }
}

function capacityOf(output: string | undefined): CapacityTarget | 'unreadable' | undefined {
  if (output === undefined) return undefined;
  try {
    const target = JSON.parse(output) as CapacityTarget;
    const isTarget = ['ecsService', 'autoScalingGroup'].includes(target.kind) && Number.isInteger(target.least) && target.least > 0;
    return isTarget ? target : 'unreadable';
  } catch {
    return 'unreadable';
  }
}

function wayOut({ StackStatus, StackName }: Stack): string {
  if (StackStatus !== 'UPDATE_ROLLBACK_FAILED') return '';
  return `; repair what its events name, run "aws cloudformation continue-update-rollback --stack-name ${StackName}" (--resources-to-skip for what is beyond repair), then submit the release again`;
}
