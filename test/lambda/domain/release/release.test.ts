import { brokenSeal, filesOf, planOf, stackOf, templateUrl } from '../../../../lambda/domain/release/release';
import { examplePlan, exampleRelease, taskInput } from '../../example-path';

const release = exampleRelease('1.1.0', [examplePlan('Integration'), examplePlan()]);
const files = filesOf(release.bundle.stacks);
const at = { step: 'Enter Production', task: taskInput('1.1.0') };

test('the frozen plan and the stack of a slot are found, or named when they are not there', () => {
  expect(planOf(release, 'Production').environment).toBe('Production');
  expect(() => planOf(release, 'Staging')).toThrow('without "Staging"; its environments are Integration, Production');
  expect(stackOf(release, 'Production', 'green').stackName).toBe('Payments-Production-Green');
  expect(() => stackOf(release, 'Production', 'red')).toThrow('no stack for red of Production');
});

test('an asset that several stacks share is one file', () => {
  expect(files.map(({ key }) => key)).toEqual([
    '1.1.0/Payments-Integration-Blue.json',
    '1.1.0/code.zip',
    '1.1.0/Payments-Integration-Green.json',
    '1.1.0/Payments-Production-Blue.json',
    '1.1.0/Payments-Production-Green.json',
  ]);
});

test('a template is fetched by its regional path-style URL', () => {
  expect(templateUrl({ bucket: 'assets', key: 'a.json', region: 'eu-west-2', hash: 'a' })).toBe('https://s3.eu-west-2.amazonaws.com/assets/a.json');
  expect(templateUrl({ bucket: 'assets', key: 'a.json', region: 'cn-north-1', hash: 'a' })).toBe('https://s3.cn-north-1.amazonaws.com.cn/assets/a.json');
});

describe('a seal', () => {
  test('holds as long as every file is as it was registered', () => {
    expect(brokenSeal(release, files, release.seals, at)).toBeUndefined();
  });
  test.each(files.map(({ bucket, key }) => `${bucket}/${key}`))('is broken when %s is gone, changed, or was never registered', (file) => {
    const { [file]: seal, ...others } = release.seals;
    expect(brokenSeal(release, files, others, at)).toMatchObject({ subject: `file ${file}`, actual: expect.stringContaining('not there') });
    expect(brokenSeal(release, files, { ...others, [file]: 'other' }, at)).toMatchObject({
      expected: `as it was registered, ETag ${seal}`,
      actual: expect.stringContaining('changed'),
    });
    expect(brokenSeal({ ...release, seals: others }, files, release.seals, at)).toMatchObject({ expected: 'registered with the release' });
  });
});
