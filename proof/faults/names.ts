/** Id of the path, and its only environment. */
export const PATH = 'Faults';
export const ENVIRONMENT = 'Live';
