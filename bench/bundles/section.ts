import type { Section } from '../section';
import type { AllBundles } from './measure';

/** In bytes; over the second, a bundle needs a reason. */
const AIM = 400_000;
const MOST = 1_000_000;

export function bundlesSection({ bundles, empty }: AllBundles): Section {
  const { wallMilliseconds, cpuMilliseconds } = empty;
  return {
    title: 'Bundles and cold starts',
    text: [
      `Each handler as it is deployed, one minified file with the SDK in it. Aim: under ${AIM / 1000} kB, none over ${MOST / 1000} kB. The cold start is that of ` +
        'plain Node, from the start of the process to the end of `require`, less what an empty file takes: ' +
        `${wallMilliseconds.toFixed(0)} ms, of which ${cpuMilliseconds.toFixed(0)} ms of the processor. No credentials are fetched and nothing is called.`,
    ],
    tables: [
      {
        columns: ['handler', 'kB', `aim < ${AIM / 1000}`, 'cold start ms', 'CPU ms'],
        words: 1,
        rows: bundles.map(({ name, bytes, ...times }) => [
          name,
          (bytes / 1000).toFixed(0),
          bytes < AIM ? 'within' : bytes < MOST ? 'over' : 'OVER 1 MB',
          times.wallMilliseconds.toFixed(0),
          times.cpuMilliseconds.toFixed(0),
        ]),
      },
    ],
    remarks: [],
  };
}
