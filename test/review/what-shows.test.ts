import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runPtl } from '../cli/run-ptl';
import { allow } from '../permissions/templates';
import { changed, copied, exampleAssembly, filesIn, REASON, temporary, twoAccounts, unsaidTraffic } from './assemblies';
import { type Data, permission, reviewed } from './reviewed';

jest.setTimeout(180_000);

let example: string;
let two: string;

beforeAll(() => {
  example = exampleAssembly();
  two = twoAccounts();
});

describe('of a path over several accounts, with everything switched off', () => {
  let data: Data;

  beforeAll(async () => {
    data = await reviewed(two);
  });

  test('every opt-out appears with its reason and where', () => {
    expect(data.optOuts.safeties).toEqual(
      ['Firebreak.none', 'GoNoGo.none', 'HealthGate.none', 'ShadowAccess.open'].map((what) => ({ what, reason: REASON, at: ['Payments/Production'] })),
    );
    expect(data.optOuts.slotRules).toEqual([
      {
        what: 'SlotRule NoState',
        reason: 'a cache that fills itself again',
        at: ['Payments/Release/Production/blue/Slot/Workload', 'Payments/Release/Production/green/Slot/Workload'],
      },
    ]);
    const texts = data.attention.map(({ text }) => text);
    expect(texts).toContain(`GoNoGo.none at Payments/Production: ${REASON}.`);
    expect(texts).toContain('Nobody is kept out of slot blue of Production: it takes host blue.www.example.com.');
  });

  test('the roles of each account are found, taken on from the hub’s', () => {
    expect(data.stacks.map(({ stackName, kind, account }) => [stackName, kind, account])).toEqual([
      ['Payments-Hub', 'hub', '111111111111'],
      ['Payments-Integration', 'frontDoor', '222222222222'],
      ['Payments-Integration-Shared', 'shared', '222222222222'],
      ['Payments-Integration-Blue', 'slot', '222222222222'],
      ['Payments-Integration-Green', 'slot', '222222222222'],
      ['Payments-Production', 'frontDoor', '333333333333'],
      ['Payments-Production-Shared', 'shared', '333333333333'],
      ['Payments-Production-Blue', 'slot', '333333333333'],
      ['Payments-Production-Green', 'slot', '333333333333'],
      ['Payments-Alarms', 'alarms', '111111111111'],
    ]);
    expect(permission(data, 'function MoveTraffic', 'switch')).toMatchObject([{ how: 'as', environments: ['Integration', 'Production'] }]);
    // An action without resources reaches no further than the account.
    expect(permission(data, 'Payments-Integration-operator', 'keys')).toMatchObject([{ environments: ['Integration'] }]);
  });

  test('plain HTTP that is sent to HTTPS is nothing to look at', () => {
    expect(data.endpoints.listeners.map(({ port, protocol }) => `${port} ${protocol}`).sort()).toEqual(['443 HTTPS', '443 HTTPS', '80 HTTP', '80 HTTP']);
    expect(data.attention.map(({ text }) => text).join('\n')).not.toMatch(/Plain HTTP/);
  });
});

describe('what is wrong shows', () => {
  test('that nobody wrote how traffic moves into the last environment, in the summary and as a line to look at', async () => {
    const output = join(temporary('unsaid-review'), 'review');
    const { code, out } = await runPtl(['review', '--assembly', unsaidTraffic('Payments'), '--output', output]);
    expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/look here: Payments\/Hub: the first shift into Production takes all of its users/) });
  });

  test('a pipeline’s policy that lets it switch traffic', async () => {
    const statement = allow('elasticloadbalancing:ModifyRule', 'arn:aws:elasticloadbalancing:*:*:listener-rule/app/*');
    const assembly = copied(
      example,
      /^PaymentsHub\w+\.template\.json$/,
      changed(/Submit/, 'AWS::IAM::ManagedPolicy', (properties) =>
        (properties as unknown as { PolicyDocument: { Statement: object[] } }).PolicyDocument.Statement.push(statement),
      ),
    );
    const data = await reviewed(assembly);
    expect(permission(data, 'Payments-submit', 'switch')).toMatchObject([{ how: 'itself', environments: ['Integration', 'Preproduction', 'Production'] }]);
    expect(data.attention[0]).toEqual({
      section: 'permissions',
      text: 'Whoever has Payments-submit can switch traffic: change, move or remove the live rule, or its listener in Integration, Preproduction, Production (elasticloadbalancing:ModifyRule).',
    });
  });

  test('one that lets it take on the role that may', async () => {
    const assume = allow('sts:AssumeRole', 'arn:aws:iam::*:role/Payments-Production-operator');
    const open = copied(
      example,
      /^PaymentsHub\w+\.template\.json$/,
      changed(/Submit/, 'AWS::IAM::ManagedPolicy', (properties) =>
        (properties as unknown as { PolicyDocument: { Statement: object[] } }).PolicyDocument.Statement.push(assume),
      ),
    );
    // The role trusts one role of the hub, so that alone is not enough.
    expect(permission(await reviewed(open), 'Payments-submit', 'switch').map(({ how }) => how)).toEqual(['asks']);
    const trusting = copied(
      open,
      /^PaymentsProduction\w+\.template\.json$/,
      changed(
        /OperatorRole/,
        'AWS::IAM::Role',
        (properties) =>
          delete (properties as unknown as { AssumeRolePolicyDocument: { Statement: { Condition?: object }[] } }).AssumeRolePolicyDocument.Statement[0]
            ?.Condition,
      ),
    );
    expect(permission(await reviewed(trusting), 'Payments-submit', 'switch')).toMatchObject([
      { how: 'as', environments: ['Production'], steps: ['assumes Payments-Production-operator'] },
      { how: 'asks', environments: ['Integration', 'Preproduction'] },
    ]);
  });

  test('a definition in which a state after a shift ends elsewhere: the review is written, and the command fails', async () => {
    const assembly = copied(example, /^PaymentsHub\w+\.template\.json$/, (content) =>
      content
        .replace(/(Read the health gates of Production at 50 percent\\",\\"Retry\\".*?\\"Next\\":\\")Roll back Production/, '$1Stop the release in Production')
        .replace(/(\\"Is Production at 50 percent\?\\":\{.*?\\"Next\\":\\")Roll back Production/, '$1Stop the release in Production'),
    );
    const output = join(temporary('output'), 'review');
    const { code, err } = await runPtl(['review', '--assembly', assembly, '--output', output]);
    expect(code).toBe(1);
    expect(err).toMatch(
      /the proof does not hold: .*Production: after a shift, "Stop the release in Production" leads to "The release is stopped in Production", which neither/,
    );
    const data: Data = JSON.parse(readFileSync(join(output, 'review.json'), 'utf8'));
    expect(data.proofs.map(({ holds }) => holds)).toEqual([true, true, false]);
    expect(readFileSync(join(output, 'index.html'), 'utf8')).toMatch(/class="verdict bad"/);
  });

  test('a machine that the safety net does not watch', async () => {
    const assembly = copied(
      example,
      /^PaymentsHub\w+\.template\.json$/,
      changed(/WorkflowDied/, 'AWS::Events::Rule', (properties) => Object.assign(properties, { State: 'DISABLED' })),
    );
    expect((await reviewed(assembly)).attention.map(({ text }) => text)).toContain(
      'Nothing takes over when the state machine Payments-Production fails, times out or is stopped.',
    );
  });

  test('a policy whose content is in no template', async () => {
    const assembly = copied(
      example,
      /ReleaseProductionblue\w+\.template\.json$/,
      changed(/WorkloadRole/, 'AWS::IAM::Role', (properties) => Object.assign(properties, { ManagedPolicyArns: ['arn:aws:iam::aws:policy/PowerUserAccess'] })),
    );
    expect((await reviewed(assembly)).attention.map(({ text }) => text).join('\n')).toMatch(
      /What arn:aws:iam::aws:policy\/PowerUserAccess allows Payments-Production-Blue\/Slot\/Workload\/Role is in no template/,
    );
  });
});

describe('is refused', () => {
  const refusal = async (...args: string[]) => {
    const { code, err } = await runPtl(['review', ...args]);
    expect(code).toBe(1);
    return err;
  };
  const output = () => join(temporary('output'), 'review');

  test('without an assembly', async () => {
    expect(await refusal('--assembly', '/nowhere/at/all', '--output', output())).toMatch(/there is no assembly in "\/nowhere\/at\/all"/);
  });

  test('of an assembly without a path to live', async () => {
    const empty = temporary('empty');
    writeFileSync(join(empty, 'manifest.json'), JSON.stringify({ version: '40.0.0', artifacts: {} }));
    expect(await refusal('--assembly', empty, '--output', output())).toMatch(/the assembly has no path to live/);
  });

  test('of several paths, until one is chosen', async () => {
    const several = unsaidTraffic('Payments', 'Refunds');
    expect(await refusal('--assembly', several, '--output', output())).toMatch(/several paths to live: Payments, Refunds; say which one with --path/);
    const data = await reviewed(several, '--path', 'Refunds');
    expect(data.stacks.map(({ stackName }) => stackName).filter((name) => !name.startsWith('Refunds-'))).toEqual([]);
  });

  test('when a template cannot be read', async () => {
    const broken = copied(example, /^PaymentsHub\w+\.template\.json$/, (content) => content.slice(0, 1000));
    expect(await refusal('--assembly', broken, '--output', output())).toMatch(
      /the template of stack "Payments-Hub", PaymentsHub\w+\.template\.json, cannot be read: .*synthesize the assembly again/,
    );
  });

  test('into a folder that holds something else, and what is there stays', async () => {
    const full = temporary('full');
    writeFileSync(join(full, 'thesis.txt'), 'years of work');
    expect(await refusal('--assembly', example, '--output', full)).toMatch(/is not empty and holds no review: nothing was written/);
    expect(filesIn(full)).toEqual(['thesis.txt']);
    expect(await refusal('--assembly', example, '--output', join(full, 'thesis.txt'))).toMatch(/it is a file/);
    rmSync(full, { recursive: true });
  });

  test('with prices that are not as they must be', async () => {
    const prices = join(temporary('prices'), 'prices.json');
    writeFileSync(prices, JSON.stringify({ ...require('../../cli/review/cost/eu-west-2.json'), date: 3 }));
    expect(await refusal('--assembly', example, '--prices', prices, '--output', output())).toMatch(
      /the prices in ".*prices.json" are not as they must be: date: .*start from a copy of/,
    );
    expect(await refusal('--assembly', example, '--prices', `${prices}x`, '--output', output())).toMatch(/there is no such file/);
    expect(await refusal('--requests-per-second', 'many')).toMatch(/it must be a number, 0 or more/);
  });
});
