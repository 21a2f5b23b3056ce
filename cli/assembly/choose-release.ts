import { UNRELEASED } from '../../lambda/contract';
import { UserError } from '../user-error';
import type { PathAssembly } from './read-assembly';

/**
 * The one path of an assembly that is meant: the one named, else the only one.
 *
 * @throws UserError naming the choices
 */
export function choosePath(paths: readonly PathAssembly[], wanted: string | undefined): PathAssembly {
  const names = paths.map(({ path }) => path).join(', ');
  if (paths.length === 0) {
    throw new UserError(
      'NoPathToLive',
      'the assembly has no path to live: none of its stacks is a hub or a slot. Run ptl where the CDK app with your PathToLive is, or name its assembly with --assembly',
    );
  }
  const found = wanted === undefined ? paths : paths.filter(({ path }) => path === wanted);
  const [only] = found;
  if (only === undefined) {
    throw new UserError('UnknownPath', `the assembly has no path to live named ${JSON.stringify(wanted)}; it has: ${names}`);
  }
  if (found.length > 1) {
    throw new UserError(
      'SeveralPaths',
      `the assembly has several paths to live: ${names}; say which one with --path <name> or the environment variable PTL_PATH`,
    );
  }
  return only;
}

/**
 * Makes sure that a path's slots were synthesized for the version that is to be released.
 *
 * @throws UserError when there are no slots, or they are for another version
 */
export function requireVersion(path: PathAssembly, version: string): void {
  if (path.slots.length === 0) {
    throw new UserError(
      'NoReleaseStage',
      `the assembly has no release stage for path ${JSON.stringify(path.path)}: no stack in it is a slot. Synthesize the whole app, release stage included, for example with: cdk synth '**' -c release=${version}`,
    );
  }
  const other = path.slots.find(({ slot }) => slot.version !== version);
  if (other === undefined) return;
  const how = `synthesize it with: cdk synth '**' -c release=${version}, or leave --assembly out and ptl does it`;
  if (other.slot.version === UNRELEASED) {
    throw new UserError('NotForThisVersion', `the assembly was synthesized without a version, so its slots accept none; ${how}`);
  }
  throw new UserError(
    'NotForThisVersion',
    `the assembly is for version ${JSON.stringify(other.slot.version)}, not for ${JSON.stringify(version)} (stack ${other.stack.stackName}); release ${other.slot.version}, or ${how}`,
  );
}
