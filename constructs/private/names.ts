import { hubPolicyName, tryPolicyName } from '../../lambda/contract';
import { requireLiteral, requireMatch } from './validate';

/** What path and environment names may look like: with the longest, every name below is one that AWS takes. */
const NAME = /^[A-Z][A-Za-z0-9]{0,19}$/;
const IN_WORDS = '1-20 letters and digits starting with an upper case letter';

/** Of a stack's name CloudFormation keeps this much in names it makes up for functions, see {@link EnvironmentNames.generatedNamePrefix}. */
const KEPT_CHARACTERS = 25;
/** Path and environment with so many characters and two dashes fit into what is kept, so that no other environment's begins alike. */
export const MOST_CHARACTERS_TOGETHER = KEPT_CHARACTERS - 2;

/**
 * @param where construct path of the path to live
 * @throws PathToLiveError
 */
export function requirePathName(where: string, path: string): void {
  const subject = { code: 'PathName', where, what: 'the id of the path' };
  requireLiteral(subject, path);
  requireMatch(subject, path, NAME, `${IN_WORDS}, for example "Payments": it becomes part of stack, role and state names`);
}

/**
 * @param where how errors name the environment
 * @throws PathToLiveError
 */
export function requireEnvironmentName(where: string, name: string): void {
  const subject = { code: 'EnvironmentName', where, what: 'the name' };
  requireLiteral(subject, name);
  requireMatch(subject, name, NAME, `${IN_WORDS}, for example "Production": it becomes part of stack, role and state names`);
}

/** Fixed names of one path to live. They are API: policies of other accounts, pipelines and people refer to them. */
export class PathNames {
  readonly hubStack: string;
  /** Role of the function that deploys slots; the only one an environment's deploy role trusts. */
  readonly hubDeployerRole: string;
  /** Role of the function that moves traffic; the only one an environment's operator role trusts. */
  readonly hubTrafficRole: string;
  /** Role of the functions that enter, test, watch and answer the API. */
  readonly hubObserverRole: string;
  /** Role of the functions that raise and lower slots; the only one an environment's capacity role trusts. */
  readonly hubCapacityRole: string;
  /** Role of the function that runs migrations; the only one an environment's migrate role trusts. */
  readonly hubMigratorRole: string;
  /** Function an environment's alarm topic calls. */
  readonly hubAlarmFunction: string;
  readonly pathMachine: string;
  /** What the names of the environments' state machines begin with; each is followed by the environment's name. */
  readonly environmentMachinePrefix: string;
  /** State machine that takes submissions from pipelines that do not call the API. */
  readonly submitMachine: string;
  /** State machine that takes the whole path out again. */
  readonly retireMachine: string;
  /** SSM parameter, in the hub, that holds the API's URL. */
  readonly apiUrlParameter: string;
  /** Prefix of the SSM parameters, in the hub, that hold the plan; each is followed by the environment's name. */
  readonly planParameterPrefix: string;
  /** Managed policies, in the hub, that a team attaches to its own roles. */
  readonly submitPolicy: string;
  readonly decidePolicy: string;
  readonly managePolicy: string;
  readonly readPolicy: string;
  readonly retirePolicy: string;

  constructor(
    /** Id of the path to live, for example `Payments`. */
    readonly path: string,
  ) {
    requirePathName('PathNames', path);
    this.hubStack = `${path}-Hub`;
    this.hubDeployerRole = `${path}-hub-deployer`;
    this.hubTrafficRole = `${path}-hub-traffic`;
    this.hubObserverRole = `${path}-hub-observer`;
    this.hubCapacityRole = `${path}-hub-capacity`;
    this.hubMigratorRole = `${path}-hub-migrator`;
    this.hubAlarmFunction = `${path}-hub-alarm-raised`;
    this.pathMachine = `${path}-path`;
    this.environmentMachinePrefix = `${path}-`;
    this.submitMachine = `${path}-submit`;
    this.retireMachine = `${path}-retire`;
    this.apiUrlParameter = `/path-to-live/${path}/api-url`;
    this.planParameterPrefix = `/path-to-live/${path}/plan/`;
    this.submitPolicy = hubPolicyName(path, 'submit');
    this.decidePolicy = hubPolicyName(path, 'decide');
    this.managePolicy = hubPolicyName(path, 'manage');
    this.readPolicy = hubPolicyName(path, 'read');
    this.retirePolicy = hubPolicyName(path, 'retire');
  }

  /** The names of one of its environments, for example of `Production`. */
  environment(name: string): EnvironmentNames {
    return new EnvironmentNames(this.path, name);
  }
}

/** Fixed names of one environment of a path, in the environment's own account unless said otherwise. */
export class EnvironmentNames {
  readonly frontDoorStack: string;
  readonly sharedStack: string;
  readonly deployRole: string;
  readonly operatorRole: string;
  readonly observerRole: string;
  /** Only where the workload has a capacity to raise and lower. */
  readonly capacityRole: string;
  /** Only where there is shared state: what the hub runs migrations as, and what these run as. */
  readonly migrateRole: string;
  readonly migrationRole: string;
  /** What CloudFormation acts as when it deploys a slot. */
  readonly executionRole: string;
  /** Managed policy that bounds every role in a slot. */
  readonly slotBoundary: string;
  /** Managed policy that a team attaches to its testers' roles: the keys of the hidden URLs. */
  readonly tryPolicy: string;
  /** IAM path of every role in a slot, by which the execution role is limited: CloudFormation makes up the names. */
  readonly slotRolePath: string;
  readonly probeFunction: string;
  readonly alarmTopic: string;
  /** State machine, in the hub. */
  readonly machine: string;
  /** SSM parameter, in the hub, that holds the environment's plan. */
  readonly planParameter: string;
  /** SSM parameter that holds the front door as JSON, see `FrontDoor` of the contract. */
  readonly frontDoorParameter: string;
  /** SSM parameters of one value each, for templates to resolve. */
  readonly listenerArnParameter: string;
  readonly vpcIdParameter: string;
  readonly loadBalancerFullNameParameter: string;
  readonly alarmTopicArnParameter: string;
  /** SSM parameter of type StringList: the subnets that tasks and instances of slots get their addresses from. */
  readonly subnetIdsParameter: string;
  /** `ENABLED` or `DISABLED`: whether what stands in these subnets needs a public address to reach anything outside. */
  readonly publicAddressesParameter: string;
  /** The security group that requests to slots come from. */
  readonly loadBalancerSecurityGroupIdParameter: string;
  /** Secret with the key of the environment's own tests. */
  readonly testSecret: string;

  constructor(
    readonly path: string,
    readonly environment: string,
  ) {
    requirePathName('EnvironmentNames', path);
    requireEnvironmentName('EnvironmentNames', environment);
    const name = `${path}-${environment}`;
    const parameters = `/path-to-live/${path}/${environment}`;
    this.frontDoorStack = name;
    this.sharedStack = `${name}-Shared`;
    this.deployRole = `${name}-deploy`;
    this.operatorRole = `${name}-operator`;
    this.observerRole = `${name}-observer`;
    this.capacityRole = `${name}-capacity`;
    this.migrateRole = `${name}-migrate`;
    this.migrationRole = `${name}-migration`;
    this.executionRole = `${name}-execution`;
    this.slotBoundary = `${name}-slot-boundary`;
    this.tryPolicy = tryPolicyName(path, environment);
    this.slotRolePath = `/path-to-live/${path}/${environment}/`;
    this.probeFunction = `${name}-probe`;
    this.alarmTopic = `${name}-alarms`;
    this.machine = name;
    this.planParameter = `/path-to-live/${path}/plan/${environment}`;
    this.frontDoorParameter = `${parameters}/front-door`;
    this.listenerArnParameter = `${parameters}/listener-arn`;
    this.vpcIdParameter = `${parameters}/vpc-id`;
    this.loadBalancerFullNameParameter = `${parameters}/load-balancer-full-name`;
    this.alarmTopicArnParameter = `${parameters}/alarm-topic-arn`;
    this.subnetIdsParameter = `${parameters}/subnet-ids`;
    this.publicAddressesParameter = `${parameters}/public-addresses`;
    this.loadBalancerSecurityGroupIdParameter = `${parameters}/load-balancer-security-group-id`;
    this.testSecret = `path-to-live/${path}/${environment}/test`;
  }

  /** @param colour lower case, for example `blue` */
  slotStack(colour: string): string {
    return `${this.path}-${this.environment}-${colour.charAt(0).toUpperCase()}${colour.slice(1)}`;
  }

  /**
   * What physical names in a slot start with where CloudFormation makes them up from the stack's name: of 64 characters it keeps 25 for that, 25
   * for the logical id, 13 for itself, as seen in https://github.com/convox/rack/issues/2297.
   */
  generatedNamePrefix(colour: string): string {
    return this.slotStack(colour).slice(0, KEPT_CHARACTERS);
  }

  /** Secret with the key of a colour's hidden URL. */
  hiddenSecret(colour: string): string {
    return `path-to-live/${this.path}/${this.environment}/hidden/${colour}`;
  }

  /** CloudFormation export of one value of the environment's shared state: what slots use cannot be taken from them. */
  sharedExport(value: string): string {
    return `${this.sharedStack}:${value}`;
  }

  /** SSM parameter that holds the same, for the front door to read. */
  sharedParameter(value: string): string {
    return `/path-to-live/${this.path}/${this.environment}/shared/${value}`;
  }
}

/** Tags of every resource in a slot, by which the role that deploys slots is limited where names say too little. */
export const SLOT_TAGS = { path: 'path-to-live:path', environment: 'path-to-live:environment', colour: 'path-to-live:slot' } as const;
