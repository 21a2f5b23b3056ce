import * as fc from 'fast-check';
import { bundleDigest } from '../../../../lambda/domain/release/bundle-digest';
import vectors from '../../bundle-digest-vectors.json';

describe('the bundle digest', () => {
  test.each(vectors.map((vector) => [vector.says, vector] as const))('of %s is the one everybody computes', (_says, { bundle, digest }) => {
    expect(bundleDigest(bundle)).toBe(digest);
  });

  test('changes with any template or asset, and with nothing else', () => {
    const hash = fc.stringMatching(/^[0-9a-f]{8}$/);
    const stack = fc.record({ name: fc.stringMatching(/^[A-Za-z]{1,3}$/), template: hash, assets: fc.array(hash, { maxLength: 3 }) });
    const file = (value: string, bucket: string) => ({ bucket, key: value, region: 'eu-west-2', hash: value });
    const bundleOf = (stacks: readonly { name: string; template: string; assets: string[] }[], bucket: string) => ({
      stacks: stacks.map((each) => ({
        stackName: each.name,
        environment: bucket,
        colour: 'blue',
        template: file(each.template, bucket),
        assets: each.assets.map((asset) => file(asset, bucket)),
      })),
    });
    const stacks = fc.uniqueArray(stack, { selector: (each) => each.name, minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(stacks, fc.nat(), (each, at) => {
        const digest = bundleDigest(bundleOf(each, 'one'));
        const turned = [...each].reverse().map((one) => ({ ...one, assets: [...one.assets].reverse() }));
        expect(bundleDigest(bundleOf(turned, 'two'))).toBe(digest);
        const changed = each.map((one, index) => (index === at % each.length ? { ...one, assets: [...one.assets, 'ffffffffff'] } : one));
        expect(bundleDigest(bundleOf(changed, 'one'))).not.toBe(digest);
      }),
    );
  });
});
