import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { ACCOUNT, BAKE_SECONDS, COLOURS, type Place, REGION, role, slotStackName } from './environments';

const FIREBREAK = {
  parties: [
    { name: 'Service management', members: [role('ServiceManagement')] },
    { name: 'Product', members: [role('Product')] },
  ],
  when: ['altersSchema', 'needsManualTest'],
  resumes: 'byReleaseManager',
  releaseManagers: [role('ReleaseManager')],
  timeoutSeconds: 1_209_600,
};

/** What the functions of the hub read of an environment. */
export function planOf(service: string, place: Place, order: number, performanceTests: IFunction) {
  const name = `${service}-${place.name}`;
  return {
    contract: 1,
    path: service,
    environment: place.name,
    order,
    account: ACCOUNT,
    region: REGION,
    roles: { deploy: role(`${name}-deploy`), operator: role(`${name}-operator`), observer: role(`${name}-observer`), execution: role(`${name}-execution`) },
    frontDoorParameter: `/path-to-live/${service}/${place.name}/front-door`,
    probeFunction: `${name}-probe`,
    slots: COLOURS.map((colour) => ({ colour, stackName: slotStackName(service, place.name, colour) })),
    tests: place.tests.map(({ name, path, seconds: timeoutSeconds }) =>
      path === undefined
        ? { kind: 'lambda', name, functionArn: performanceTests.functionArn, timeoutSeconds }
        : { kind: 'http', name, path, expectStatus: 200, timeoutSeconds },
    ),
    firebreak: place.firebreakDays === undefined ? undefined : FIREBREAK,
    goNoGo: place.goNoGoDays === undefined ? undefined : { party: { name: 'Change authority', members: [role('ChangeAuthority')] }, timeoutSeconds: 259_200 },
    steps: place.steps.map((percent) => ({ percent, bakeSeconds: BAKE_SECONDS })),
    gates: place.watchesLatency
      ? [
          { kind: 'alarms', minimumRequests: 1 },
          { kind: 'http', path: '/health', expectStatus: 200, timeoutSeconds: 5 },
        ]
      : [{ kind: 'alarms', minimumRequests: 0 }],
  };
}
