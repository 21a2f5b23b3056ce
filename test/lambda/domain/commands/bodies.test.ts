import * as fc from 'fast-check';
import { parseBody } from '../../../../lambda/domain/commands/bodies';
import { Refused } from '../../../../lambda/domain/errors';
import { examplePlan } from '../../example-path';
import { exampleBody } from '../../submission-body';

describe('a body of a submission', () => {
  const good = exampleBody('1.1.0', [examplePlan('Integration'), examplePlan('Production')]);

  test('is taken as it is, without what nobody knows', () => {
    expect(parseBody.submit({ ...good, author: 'somebody else', extra: 1 })).toEqual(good);
  });

  test.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /the body must be an object, got: nothing/],
    ['a list', [], /the body must be an object, got: \[\]/],
    ['no bundle', { version: '1', digest: 'ab'.repeat(32) }, /bundle must be an object, got: nothing/],
    ['a number as version', { ...good, version: 7 }, /version must be a text, got: 7/],
    ['a digest in capitals', { ...good, digest: 'AB'.repeat(32) }, /digest must be lower case hex/],
    ['an unknown class', { ...good, changeClass: 'urgent' }, /changeClass must be standard, normal or emergency, got: "urgent"/],
    ['a change that is no name', { ...good, changes: ['alters schema'] }, /changes\.0 must be the name of a change.*got: "alters schema"/],
    [
      'a file without hash',
      { ...good, bundle: { stacks: [{ ...good.bundle.stacks[0], template: { bucket: 'b', key: 'k', region: 'r' } }] } },
      /bundle\.stacks\.0\.template\.hash must be a text, got: nothing/,
    ],
  ])('is refused with %s, naming the field and the value', (_title, body, message) => {
    expect(() => parseBody.submit(body)).toThrow(expect.objectContaining({ code: 'BadInput', status: 400, message: expect.stringMatching(message) }));
  });

  test.each<[string, string, string]>([
    ['a key that a URL reads as another file', 'key', `${'ab'.repeat(32)}.json?versionId=1`],
    ['a key that ends in a fragment', 'key', `${'ab'.repeat(32)}.json#1`],
    ['a key that is encoded', 'key', `${'ab'.repeat(32)}%2ejson`],
    ['a key that leaves its bucket', 'key', `../other/${'ab'.repeat(32)}.json`],
    ['a key with an empty part', 'key', `a//${'ab'.repeat(32)}.json`],
    ['a bucket with a path', 'bucket', 'assets/other'],
    ['a bucket that is no name', 'bucket', '..'],
    ['a region that is another host', 'region', 'example.com/x'],
    ['a region that is none', 'region', 'EU'],
  ])('is refused with %s', (_title, field, value) => {
    const [stack] = good.bundle.stacks;
    const bundle = { stacks: [{ ...stack, template: { ...stack?.template, [field]: value } }] };
    expect(() => parseBody.submit({ ...good, bundle })).toThrow(
      expect.objectContaining({ code: 'BadInput', message: expect.stringContaining(`bundle.stacks.0.template.${field} must be`) }),
    );
  });

  test('shows of a value no more than a line takes', () => {
    const got = (origin: string) => `origin must be major or minor, got: ${origin}`;
    const parse = (origin: string) => () => parseBody.submit({ ...good, origin });
    expect(parse('x'.repeat(78))).toThrow(expect.objectContaining({ message: got(`"${'x'.repeat(78)}"`) }));
    expect(parse('x'.repeat(79))).toThrow(expect.objectContaining({ message: got(`"${'x'.repeat(79)}…`) }));
  });

  test('that is wrong in several places is told all of them', () => {
    expect(() => parseBody.submit({ ...good, version: 1, digest: 2 })).toThrow(/version must .*; digest must /);
  });

  test('of any shape is parsed or refused, never anything else', () => {
    fc.assert(
      fc.property(fc.anything(), (body) => {
        try {
          parseBody.submit(body);
        } catch (error) {
          expect(error).toBeInstanceOf(Refused);
        }
      }),
    );
  });
});
