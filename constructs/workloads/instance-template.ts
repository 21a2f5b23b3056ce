import { Stack } from 'aws-cdk-lib';
import { CfnLaunchTemplate, type IMachineImage, type InstanceType } from 'aws-cdk-lib/aws-ec2';
import { CfnInstanceProfile, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { PathToLiveError } from '../private/errors';
import { SLOT_TAGS } from '../private/names';
import { isKnown } from '../private/validate';
import { type InstanceStartProps, instanceStart } from './instance-start';
import type { SlotContext } from './workload';

export interface InstanceTemplateProps extends Omit<InstanceStartProps, 'roleName'> {
  readonly slot: SlotContext;
  readonly machineImage: IMachineImage;
  readonly instanceType: InstanceType;
  readonly securityGroupId: string;
  /** What the instances may do beside telling that they have started. */
  readonly policy: PolicyStatement[];
  /** Name of the image's root device, whose volume is encrypted. */
  readonly rootDeviceName: string;
}

/**
 * What every instance of a slot is started from, with its role: no key pair, metadata by token only, an encrypted root volume.
 *
 * @throws PathToLiveError for an image that is looked up at deployment
 */
export function instanceTemplate(scope: Construct, props: InstanceTemplateProps): CfnLaunchTemplate {
  const role = roleOf(scope, props.policy);
  const tags = tagsOf(props.slot);
  return new CfnLaunchTemplate(scope, 'Template', {
    tagSpecifications: [{ resourceType: 'launch-template', tags }],
    launchTemplateData: {
      tagSpecifications: ['instance', 'volume'].map((resourceType) => ({ resourceType, tags })),
      imageId: imageIdOf(scope, props.machineImage),
      instanceType: props.instanceType.toString(),
      iamInstanceProfile: { arn: new CfnInstanceProfile(scope, 'Profile', { roles: [role.roleName] }).attrArn },
      securityGroupIds: [props.securityGroupId],
      metadataOptions: { httpTokens: 'required', httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [{ deviceName: props.rootDeviceName, ebs: { encrypted: true, volumeType: 'gp3', deleteOnTermination: true } }],
      userData: instanceStart(scope, { ...props, roleName: role.roleName }),
    },
  });
}

function roleOf(scope: Construct, policy: readonly PolicyStatement[]): Role {
  const role = new Role(scope, 'Role', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
  role.addToPolicy(new PolicyStatement({ actions: ['cloudformation:SignalResource'], resources: [Stack.of(scope).stackId] }));
  for (const statement of policy) role.addToPolicy(statement);
  return role;
}

/** Launch templates are not reached by the tags of the slot's stack. */
function tagsOf({ path, environment, colour }: SlotContext): { readonly key: string; readonly value: string }[] {
  return [
    { key: SLOT_TAGS.path, value: path },
    { key: SLOT_TAGS.environment, value: environment },
    { key: SLOT_TAGS.colour, value: colour },
  ];
}

/** One image, the same in every deployment of a release. */
function imageIdOf(scope: Construct, image: IMachineImage): string {
  const { imageId } = image.getImage(scope);
  if (isKnown(imageId) && /^ami-[0-9a-f]{8,17}$/.test(imageId)) return imageId;
  throw new PathToLiveError(
    'MachineImage',
    scope.node.path,
    `the machine image is ${isKnown(imageId) ? JSON.stringify(imageId) : 'only known at deployment'}; name one by its id in this region, for example ` +
      "MachineImage.genericLinux({ 'eu-west-2': 'ami-0a1b2c3d4e5f60718' }): what is looked up may be another one tomorrow",
  );
}
