import { join } from 'node:path';

const root = join(__dirname, '..', '..');
const byHand = join(root, 'bench', 'by-hand', 'main.ts');
const services = join(root, 'bench', 'synth', 'services.ts');

/** An app, and its twin that was written by hand. */
export interface Subject {
  readonly name: string;
  /** Of how many services alike; the example app is not one of those. */
  readonly services?: number;
  readonly ours: string;
  readonly byHand: string;
  /** What both are told to make, in the environment variable SERVICES. */
  readonly names: string;
}

const some = (count: number): Subject => ({
  name: count === 1 ? '1 service' : `${count} services`,
  services: count,
  ours: services,
  byHand,
  names: Array.from({ length: count }, (_, index) => `Service${index + 1}`).join(','),
});

/** Everything whose synthesis is measured. */
export const SUBJECTS: readonly Subject[] = [
  { name: 'the example app', ours: join(root, 'bin', 'path-to-live.ts'), byHand, names: 'Payments' },
  some(1),
  some(5),
  some(20),
];
