/**
 * What must become of a release when something goes wrong in a state: written down before it is tried, row by row and fault by fault. Going back always
 * is wrong, too: `L` is a release that goes live all the same.
 */
import type { Row } from './cell';
import { LIVE } from './live';
import { SHOP } from './shop';

/** State -> what must become of a release there, by fault. */
export const TABLE: Readonly<Record<string, Row>> = { ...LIVE, ...SHOP };
