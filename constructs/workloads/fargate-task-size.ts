import { PathToLiveError } from '../private/errors';
import { isKnown } from '../private/validate';

const GIB = 1024;

/** Processor units -> smallest, largest and step of memory in GiB, https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size. */
const SIZES: Readonly<Record<number, readonly [least: number, most: number, step: number]>> = {
  512: [1, 4, 1],
  1024: [2, 8, 1],
  2048: [4, 16, 1],
  4096: [8, 30, 1],
  8192: [16, 60, 4],
  16384: [32, 120, 8],
};
/** The smallest has no even steps. */
const OF_256 = [512, 1024, 2048];

/**
 * That Fargate has tasks of this size.
 *
 * @param memory in MiB
 * @throws PathToLiveError that names what there is
 */
export function requireTaskSize(where: string, cpu: number, memory: number): void {
  if (!isKnown(cpu) || !isKnown(memory)) return;
  const amounts = memoryFor(cpu);
  if (amounts === undefined) {
    const sizes = [256, ...Object.keys(SIZES)].join(', ');
    throw new PathToLiveError('FargateSize', where, `cpu is ${JSON.stringify(cpu)}; Fargate has tasks of ${sizes} processor units`);
  }
  if (!amounts.includes(memory)) {
    const [least, second, most] = [amounts[0], amounts[1], amounts.at(-1)];
    throw new PathToLiveError(
      'FargateSize',
      where,
      `memoryLimitMiB is ${JSON.stringify(memory)}; with a cpu of ${cpu} Fargate has ${least}, ${second} and so on up to ${most} MiB`,
    );
  }
}

function memoryFor(cpu: number): number[] | undefined {
  if (cpu === 256) return OF_256;
  const size = SIZES[cpu];
  if (size === undefined) return undefined;
  const [least, most, step] = size;
  return Array.from({ length: (most - least) / step + 1 }, (_, index) => (least + index * step) * GIB);
}
