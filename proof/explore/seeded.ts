import type { SeededBug } from './seeded/bug';
import { OUTAGES } from './seeded/outages';
import { PEOPLE } from './seeded/people';
import { STEPS } from './seeded/steps';
import { TRAFFIC } from './seeded/traffic';
import { WAVES_AND_TURNS } from './seeded/waves-and-turns';

/** Rules of the domain that are broken on purpose, each by itself. The exploration must find every one of them. */
export const SEEDED: readonly SeededBug[] = [...PEOPLE, ...STEPS, ...TRAFFIC, ...OUTAGES, ...WAVES_AND_TURNS];
