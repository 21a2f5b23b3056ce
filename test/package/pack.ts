import { join } from 'node:path';
import { run } from './run';

const ROOT = join(__dirname, '../..');

/** The packed project. */
export interface Packed {
  /** Absolute. */
  readonly tarball: string;
  /** Its files, with `/`, relative to the package. */
  readonly files: readonly string[];
  /** Bytes, packed and unpacked. */
  readonly size: number;
  readonly unpackedSize: number;
}

/**
 * Builds and packs the project, as publishing it would.
 *
 * @throws Error with what npm said
 */
export async function pack(into: string): Promise<Packed> {
  const { code, out, err } = await run(ROOT, 'npm', ['pack', '--json', '--silent', '--pack-destination', into], { HOME: into });
  if (code !== 0) throw new Error(`npm pack failed (${code}): ${out}${err}`);
  const [{ filename, files, size, unpackedSize }] = JSON.parse(out) as [{ filename: string; files: { path: string }[]; size: number; unpackedSize: number }];
  return { tarball: join(into, filename), files: files.map(({ path }) => path), size, unpackedSize };
}
