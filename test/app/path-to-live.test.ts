import { type App, Aws, CfnResource, DefaultStackSynthesizer, RemovalPolicy, Stage, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { AssetManifestArtifact, type CloudAssembly } from 'aws-cdk-lib/cx-api';
import {
  Colour,
  Entrance,
  Environment,
  type EnvironmentProps,
  Firebreak,
  GoNoGo,
  type ISharedState,
  LambdaMigration,
  LambdaWorkload,
  Migration,
  PathToLive,
  type PathToLiveProps,
  SharedValue,
  SlotStack,
  TrafficStrategy,
  Waves,
} from '../../lib';
import { bundled } from '../bundles';
import { testApp } from '../test-app';
import { checked } from './checked';

const HUB = { account: '111111111111', region: 'eu-west-1' };
const INTEGRATION = { account: '222222222222', region: 'eu-west-1' };
const PRODUCTION = { account: '333333333333', region: 'eu-west-2' };
const reason = 'nobody is asked in this test';
const none = { firebreak: Firebreak.none({ reason }), goNoGo: GoNoGo.none({ reason }) };
const workload = () => new LambdaWorkload({ code: Code.fromAsset('examples/service'), handler: 'index.handler' });
const production = (props: Partial<EnvironmentProps> = {}) => new Environment('Production', { env: PRODUCTION, ...none, ...props });
const integration = () => new Environment('Integration', { env: INTEGRATION });

/** A name and a certificate for it. */
const named = ({ account, region }: typeof PRODUCTION) => ({
  entrance: Entrance.newLoadBalancer({ domainName: `${region}.example.com`, certificateArns: [`arn:aws:acm:${region}:${account}:certificate/1`] }),
});

function path(props: Partial<PathToLiveProps> = {}, scope: App | Stage = testApp()): PathToLive {
  return new PathToLive(scope, 'Payments', { hub: HUB, workload: workload(), environments: [integration(), production()], ...props });
}

function templatesOf(assembly: CloudAssembly): Record<string, string> {
  return Object.fromEntries(assembly.stacksRecursively.map((stack) => [stack.stackName, JSON.stringify(stack.template)]));
}

beforeAll(bundled);

describe('a path over three accounts, with every flag that `cdk init` sets today', () => {
  const flags = require('aws-cdk-lib/recommended-feature-flags.json');
  const app = testApp({ context: flags });
  let made: PathToLive;
  let templates: Record<string, string>;
  let open: string[];

  beforeAll(() => {
    bundled();
    made = path(
      {
        environments: [
          new Environment('Integration', { env: INTEGRATION, ...named(INTEGRATION) }),
          production({ ...named(PRODUCTION), traffic: TrafficStrategy.allAtOnce() }),
        ],
      },
      app,
    );
    const { assembly, open: found } = checked(app);
    open = found;
    templates = templatesOf(assembly);
  }, 60_000);

  test('puts every stack where it belongs', () => {
    const places = [made.hub, ...made.frontDoors, ...made.release.node.findAll().filter((construct) => construct instanceof SlotStack)].map(
      ({ stackName, account, region }) => `${stackName} ${account} ${region}`,
    );
    expect(places).toEqual([
      'Payments-Hub 111111111111 eu-west-1',
      'Payments-Integration 222222222222 eu-west-1',
      'Payments-Production 333333333333 eu-west-2',
      'Payments-Integration-Blue 222222222222 eu-west-1',
      'Payments-Integration-Green 222222222222 eu-west-1',
      'Payments-Production-Blue 333333333333 eu-west-2',
      'Payments-Production-Green 333333333333 eu-west-2',
    ]);
  });

  test('nothing in a template refers to another stack: CloudFormation could not follow it', () => {
    expect(JSON.stringify(templates)).not.toMatch(/Fn::ImportValue|Fn::GetStackOutput|"Export"|AWS::CloudFormation::CustomResource|Custom::CrossRegion/);
  });

  test.each([
    ['Integration', '222222222222'],
    ['Production', '333333333333'],
  ])('the hub may assume the three roles of %s, by name, and they trust it', (environment, account) => {
    for (const role of ['deploy', 'operator', 'observer']) {
      expect(templates['Payments-Hub']).toContain(`:iam::${account}:role/Payments-${environment}-${role}`);
    }
    const trusted = [...(templates[`Payments-${environment}`] ?? '').matchAll(/:iam::111111111111:(role\/[\w-]+|root)/g)].map(([, principal]) => principal);
    expect([...new Set(trusted)].sort()).toEqual(['role/Payments-hub-deployer', 'role/Payments-hub-observer', 'role/Payments-hub-traffic', 'root']);
  });

  test('no environment trusts another, and no account is there by mistake', () => {
    expect(templates['Payments-Integration']).not.toContain('333333333333');
    expect(templates['Payments-Production']).not.toContain('222222222222');
    expect(templates['Payments-Production-Blue']).not.toMatch(/111111111111|222222222222/);
  });

  test('the hub’s function may be called by the alarm topics of each environment, and is subscribed to them from the hub’s account', () => {
    for (const [topic, region] of [
      [':sns:eu-west-1:222222222222:Payments-Integration-alarms', 'eu-west-1'],
      [':sns:eu-west-2:333333333333:Payments-Production-alarms', 'eu-west-2'],
    ] as const) {
      expect(templates['Payments-Hub']).toContain(topic);
      expect(templates['Payments-Alarms']).toContain(topic);
      expect(templates['Payments-Alarms']).toContain(`"Region":"${region}"`);
    }
    const alarms = app.synth().stacks.find(({ stackName }) => stackName === 'Payments-Alarms');
    expect(alarms?.environment).toMatchObject({ account: '111111111111', region: 'eu-west-1' });
    expect(alarms?.dependencies.map(({ id }) => id)).toEqual(expect.arrayContaining(made.frontDoors.map(({ artifactId }) => artifactId)));
  });

  test('no key of one account encrypts what another must read: nothing has a key of its own', () => {
    expect(JSON.stringify(templates)).not.toMatch(/AWS::KMS::Key|KmsMasterKeyId|KmsKeyId/);
  });

  test('cdk-nag has nothing to object to', () => {
    expect(open).toEqual([]);
  });
});

describe('plain HTTP', () => {
  const messages = (made: PathToLive) => {
    const assembly = (made.node.root as App).synth();
    return [made.hub, ...made.frontDoors]
      .flatMap(({ artifactId }) => assembly.getStackArtifact(artifactId).messages)
      .filter(({ level, entry }) => level === 'warning' && /plain HTTP/.test(String(entry.data)));
  };
  const staging = (props: Partial<EnvironmentProps> = {}) => new Environment('Staging', { env: PRODUCTION, ...props });
  const listenerArn = 'arn:aws:elasticloadbalancing:eu-west-2:333333333333:listener/app/shop/1/2';
  const found = Entrance.existingListener({ listenerArn, url: 'http://pay.example.com', vpcId: 'vpc-0a1b2c3d4e5f60718', rulePriority: 1 });

  test.each<[string, Environment[], string]>([
    ['in every environment', [integration(), staging(), production()], 'users and testers reach Integration, Staging and Production by plain HTTP'],
    ['in all but one', [staging(named(PRODUCTION)), integration(), production()], 'users and testers reach Integration and Production by plain HTTP'],
    ['in one', [integration(), production(named(PRODUCTION))], 'users and testers reach Integration by plain HTTP'],
  ])('%s is warned of once, by name', (_, environments, says) => {
    const [only, ...others] = messages(path({ environments }));
    expect(only?.entry.data).toContain(`${says}, the keys of hidden URLs go over the network too`);
    expect(only?.id).toBe('/Payments/Hub');
    expect(others).toEqual([]);
  });

  test('behind a listener that was there before is not ours to judge', () => {
    expect(messages(path({ environments: [production({ entrance: found })] }))).toEqual([]);
  });
});

describe('a listener that was there before', () => {
  const arn = 'arn:aws:elasticloadbalancing:eu-west-2:333333333333';
  const given = { listenerArn: `${arn}:listener/app/shop/1/2`, url: 'https://pay.example.com', vpcId: 'vpc-0a1b2c3d4e5f60718', rulePriority: 1 };
  const warnings = (currentlyServing?: string) => {
    const entrance = Entrance.existingListener({ ...given, currentlyServing });
    return Annotations.fromStack(path({ environments: [integration(), production({ entrance })] }).hub).findWarning('*', Match.stringLikeRegexp('503'));
  };

  test('whose users would be answered 503 is warned of, with what to write and an id to acknowledge', () => {
    const [only, ...others] = warnings();
    expect(only?.entry.data).toMatch(/users of Production are answered 503 until the first release is live: .*write currentlyServing: .*or acknowledge this/);
    expect(only?.entry.data).toContain('[ack: Annotation::path-to-live:UsersUnserved]');
    expect(others).toEqual([]);
  });

  test('is not warned of where it is said what serves them', () => {
    expect(warnings(`${arn}:targetgroup/pay/73e2d6bc24d8a067`)).toEqual([]);
  });
});

describe('how traffic moves into the last environment', () => {
  const traffic = TrafficStrategy.allAtOnce();
  const warnings = (...environments: Environment[]) =>
    Annotations.fromStack(path({ environments }).hub).findWarning('*', Match.stringLikeRegexp('first shift'));

  test('that nobody wrote it is warned of, with what to write and an id to acknowledge', () => {
    const [only, ...others] = warnings(integration(), production());
    expect(only?.entry.data).toMatch(
      /^the first shift into Production takes all of its users: .*TrafficStrategy\.canary.*TrafficStrategy\.allAtOnce\(\) where that is meant/,
    );
    expect(only?.entry.data).toContain('[ack: Annotation::path-to-live:UnsaidTraffic]');
    expect(others).toEqual([]);
  });

  test('is not warned of where it is written, all at once too; nor before the last environment', () => {
    expect(warnings(integration(), production({ traffic }))).toEqual([]);
  });

  test('is not warned of where that is acknowledged', () => {
    const made = path();
    Validations.of(made.hub).acknowledge({ id: 'path-to-live:UnsaidTraffic', reason });
    expect(Annotations.fromStack(made.hub).findWarning('*', Match.stringLikeRegexp('first shift'))).toEqual([]);
  });
});

describe('waves', () => {
  const traffic = TrafficStrategy.allAtOnce();
  const london = new Environment('London', { env: PRODUCTION, ...none, traffic });
  const dublin = new Environment('Dublin', { env: { ...PRODUCTION, region: 'eu-west-1' } });
  let hub: PathToLive['hub'];

  beforeAll(() => {
    ({ hub } = path({ environments: [integration(), london, dublin], waves: [Waves.of('Production', [london, dublin])] }));
  });

  test('are in the plan of each of them, and of no other', () => {
    const plans = Template.fromStack(hub).findResources('AWS::SSM::Parameter', {
      Properties: { Description: Match.stringLikeRegexp('How releases go') },
    });
    const waveOf = (environment: string) => JSON.stringify(Object.values(plans).find(({ Properties }) => Properties.Name.includes(`/${environment}`)));
    expect(waveOf('Integration')).not.toContain('wave');
    expect(waveOf('London')).toContain(JSON.stringify(JSON.stringify({ of: 'Production', place: 0, waves: 2 })).slice(1, -1));
    expect(waveOf('Dublin')).toContain(JSON.stringify(JSON.stringify({ of: 'Production', place: 1, waves: 2 })).slice(1, -1));
  });

  test('each of them has users, and is warned of where nobody wrote how traffic moves', () => {
    const [only] = Annotations.fromStack(hub).findWarning('*', Match.stringLikeRegexp('first shift'));
    expect(only?.entry.data).toMatch(/^the first shift into Dublin takes all of its users/);
  });

  test('the path machine may call the one writer then, and only then', () => {
    const calls = (of: PathToLive['hub']) =>
      JSON.stringify(Template.fromStack(of).findResources('AWS::IAM::Role', { Properties: { Policies: Match.anyValue() } }));
    const count = (text: string) => text.split('MoveTraffic').length;
    const plain = path({ environments: [integration(), dublin, new Environment('London', { env: PRODUCTION, ...none, traffic })] });
    expect(count(calls(hub))).toBe(count(calls(plain.hub)) + 1);
  });
});

describe('a path over two accounts', () => {
  test('subscribes environments in the hub’s account in place, and the others from the hub', () => {
    const beside = new Environment('Integration', { env: { account: HUB.account, region: 'us-east-1' } });
    const templates = templatesOf((path({ environments: [beside, production()] }).node.root as App).synth());
    expect(templates['Payments-Integration']).toContain('AWS::SNS::Subscription');
    expect(templates['Payments-Production']).not.toContain('AWS::SNS::Subscription');
    expect(templates['Payments-Alarms']).not.toContain('Payments-Integration-alarms');
  });

  test('in one account there is no third kind of stack', () => {
    const env = HUB;
    const { node } = path({ environments: [new Environment('Production', { env, ...none })] });
    expect((node.root as App).synth().stacks.map(({ stackName }) => stackName)).toEqual(['Payments-Hub', 'Payments-Production']);
  });
});

describe('the release assembly', () => {
  const synthesized = (context: Record<string, unknown>) => templatesOf((path({}, testApp({ context })).node.root as App).synth());

  test('-c release=… makes slots for that version and leaves the platform as it is', () => {
    const [before, after] = [synthesized({}), synthesized({ release: '1.4.2' })];
    const changed = Object.keys(before).filter((name) => before[name] !== after[name]);
    expect(changed.sort()).toEqual(['Payments-Integration-Blue', 'Payments-Integration-Green', 'Payments-Production-Blue', 'Payments-Production-Green']);
    expect(after['Payments-Production-Blue']).toContain('"AllowedValues":["1.4.2"]');
    expect(before['Payments-Production-Blue']).toContain('"AllowedValues":["unreleased"]');
  });

  test.each([
    ['1.4 2', /the version of the release is "1.4 2"/],
    [1.1, /the context "release" is 1.1, which is no string.*-c release=1.4.2/],
  ])('refuses the version %j', (release, message) => {
    expect(() => synthesized({ release })).toThrow(message);
  });

  test('has a slot for every colour, and an environment’s own workload in its slots', () => {
    const other = new LambdaWorkload({ code: Code.fromInline('1'), handler: 'other.handler' });
    const { release } = path({ environments: [production({ colours: [Colour.blue(), Colour.green(), Colour.named('amber')], workload: other })] });
    const { stacks } = release.synth();
    expect(stacks.map(({ stackName }) => stackName)).toEqual(['Payments-Production-Amber', 'Payments-Production-Blue', 'Payments-Production-Green']);
    for (const stack of stacks) Template.fromJSON(stack.template).hasResourceProperties('AWS::Lambda::Function', { Handler: 'other.handler' });
  });
});

describe('shared state', () => {
  const sharedState: ISharedState = {
    bind: (scope) => {
      const table = new CfnResource(scope, 'Table', { type: 'AWS::DynamoDB::Table' });
      return { values: { TableName: table.ref } };
    },
  };

  test('is made in every environment, before its front door, and slots read it', () => {
    const made = path({
      sharedState,
      workload: new LambdaWorkload({ code: Code.fromInline('1'), handler: 'index.handler', environment: { TABLE: SharedValue.named('TableName') } }),
    });
    expect(made.sharedStacks.map(({ stackName }) => stackName)).toEqual(['Payments-Integration-Shared', 'Payments-Production-Shared']);
    made.frontDoors.forEach((frontDoor, place) => {
      expect(frontDoor.dependencies).toContain(made.sharedStacks[place]);
    });
    const templates = templatesOf((made.node.root as App).synth());
    expect(templates['Payments-Production-Blue']).toContain('{"Fn::ImportValue":"Payments-Production-Shared:TableName"}');
    // Every name that a slot imports is one that the shared stack exports: CloudFormation refuses to take it away as long as it is imported.
    const exported = Object.values(JSON.parse(templates['Payments-Production-Shared'] as string).Outputs as Record<string, { Export: { Name: string } }>);
    expect(exported.map(({ Export }) => Export.Name)).toEqual(['Payments-Production-Shared:TableName']);
    // What imports it holds on to it, and the front door is deployed with it.
    expect(templates['Payments-Production']).not.toContain('Fn::ImportValue');
  });

  const reading = (name: string) =>
    new LambdaWorkload({ code: Code.fromInline('1'), handler: 'index.handler', environment: { TABLE: SharedValue.named(name) } });
  const synthesized = (props: Partial<PathToLiveProps>) => () => (path(props).node.root as App).synth();
  const at = /^Payments\/Release\/\w+\/blue\/Slot\/Workload\/Function\/Resource: /.source;

  test.each<[string, Partial<PathToLiveProps>, string]>([
    [
      'misspelt in a workload',
      { sharedState, workload: reading('TableNam') },
      `${at}the shared value "TableNam" is used here, and the shared state of \\w+ does not offer it \\(did you mean "TableName"\\?\\); it offers TableName; use one of those`,
    ],
    [
      'without any shared state',
      { workload: reading('TableName') },
      `${at}the shared value "TableName" is used here, and \\w+ has no shared state that offers any; give the path \\(or \\w+\\) a sharedState whose bind returns values`,
    ],
    [
      'without shared state in one environment',
      { environments: [integration(), production({ sharedState })], workload: reading('TableName') },
      `${at}.*and Integration has no shared state`,
    ],
    [
      'misspelt in a migration',
      {
        sharedState,
        migrations: [
          Migration.expand(
            'add',
            new LambdaMigration({ code: Code.fromInline('1'), handler: 'index.handler', environment: { TABLE: SharedValue.named('Tabel') } }),
          ),
        ],
      },
      'Slot/Migrations/add/Function/Resource: the shared value "Tabel" is used here',
    ],
    [
      'misspelt in what a workload may do',
      {
        sharedState,
        workload: new LambdaWorkload({
          code: Code.fromInline('1'),
          handler: 'index.handler',
          policy: [new PolicyStatement({ actions: ['dynamodb:GetItem'], resources: [SharedValue.named('TableArn')] })],
        }),
      },
      'the shared value "TableArn" is used here.*it offers TableName',
    ],
  ])('a value that it does not offer is refused at synth: %s', (_, props, says) => {
    expect(synthesized(props)).toThrow(new RegExp(says));
  });

  test('may be in some environments only', () => {
    expect(path({ environments: [integration(), production({ sharedState })] }).sharedStacks).toHaveLength(1);
  });
});

describe('where it can be', () => {
  test('in a stage, with the stage’s own name in no stack', () => {
    const app = testApp();
    path({}, new Stage(app, 'Europe'));
    expect(app.synth().stacks).toEqual([]);
    expect(app.synth().stacksRecursively.map(({ stackName }) => stackName)).toContain('Payments-Production-Blue');
  });

  test('twice in an app, under two names', () => {
    const app = testApp();
    path({}, app);
    expect(() => new PathToLive(app, 'Orders', { hub: HUB, workload: workload(), environments: [production()] })).not.toThrow();
  });

  test('with a synthesizer and a qualifier of the team’s', () => {
    const app = testApp({ defaultStackSynthesizer: new DefaultStackSynthesizer({ qualifier: 'ourown' }) });
    const { frontDoors } = path({}, app);
    expect(JSON.stringify(Template.fromStack(frontDoors[0] as PathToLive['frontDoors'][0]).toJSON())).not.toContain('hnb659fds');
    // what each stack publishes is its own: the manifest of a front door that lists a slot's template cannot be published
    const manifests = app
      .synth()
      .stacksRecursively.flatMap(({ stackName, dependencies }) =>
        dependencies
          .filter(AssetManifestArtifact.isAssetManifestArtifact)
          .map((artifact) => ({ stackName, files: Object.values(artifact.contents.files ?? {}) })),
      );
    const templates = manifests.map(({ stackName, files }) => [
      stackName,
      files.map(({ source }) => source.path ?? '').filter((file) => file.endsWith('.template.json')).length,
    ]);
    expect(templates).toHaveLength(8);
    expect(templates.filter(([, count]) => count !== 1)).toEqual([]);
  });

  test('thrown away with all it has, when it says so', () => {
    const { hub } = path({ removalPolicy: RemovalPolicy.DESTROY });
    Template.fromStack(hub).hasResource('AWS::DynamoDB::Table', { DeletionPolicy: 'Delete', Properties: { DeletionProtectionEnabled: Match.not(true) } });
  });
});

describe('is refused', () => {
  test.each<[string, () => Partial<PathToLiveProps>, RegExp]>([
    ['without an environment', () => ({ environments: [] }), /^Payments: environments is \[\].*NoEnvironment/],
    ['with two environments of one name', () => ({ environments: [production(), production()] }), /two environments are named "Production"/],
    ['when the last environment says nothing about a firebreak', () => ({ environments: [integration()] }), /SafetyNotSaid/],
    ['with an environment named as the hub', () => ({ environments: [new Environment('Hub', { env: HUB }), production()] }), /named "Hub".*another name/],
    ['without the hub’s account', () => ({ hub: { account: '', region: 'eu-west-1' } }), /hub.account is "".*write the 12 digits of the account/],
    ['with a hub in no region', () => ({ hub: { account: '111111111111', region: 'Ireland' } }), /hub.region is "Ireland"/],
    ['with a hub that is known at deployment only', () => ({ hub: { account: Aws.ACCOUNT_ID, region: 'eu-west-1' } }), /only known at deployment.*HubPlace/],
  ])('%s', (_, props, message) => {
    expect(() => path(props())).toThrow(message);
  });
});

test('the public root has classes and enums only, as other languages need it', () => {
  const library: Record<string, unknown> = require('../../lib');
  const odd = Object.entries(library).filter(([name, value]) => !/^[A-Z]/.test(name) || (typeof value === 'function' && !/^class\b/.test(String(value))));
  expect(odd.map(([name]) => name)).toEqual([]);
  expect(Object.keys(library)).toEqual(expect.arrayContaining(['PathToLive', 'Environment', 'TrafficSwitch', 'Firebreak', 'LambdaWorkload']));
});
