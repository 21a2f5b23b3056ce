import type { Section } from '../section';
import type { ReviewFigures } from './measure';

export function reviewSection({ wallSeconds, cpuSeconds, bytes }: ReviewFigures): Section {
  const all = bytes.reduce((sum, [, size]) => sum + size, 0);
  return {
    title: 'Review',
    text: [
      `\`ptl review --assembly\` of the example app, a process of its own: ${wallSeconds.toFixed(2)} s, of which ${cpuSeconds.toFixed(2)} s of the processor, TypeScript and all.`,
    ],
    tables: [{ columns: ['written', 'kB'], words: 1, rows: [...bytes, ['all', all] as const].map(([name, size]) => [name, (size / 1000).toFixed(0)]) }],
    remarks: [],
  };
}
