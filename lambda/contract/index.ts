/**
 * What runs after deployment, seen from outside. Constructs, handlers and the CLI share this folder and nothing else; it imports nothing
 * but itself.
 *
 * Percentages are whole numbers 0-100 of live traffic, durations are whole seconds, instants are ISO 8601 in UTC.
 */
export * from './api';
export * from './bundle';
export * from './did-you-mean';
export * from './doctor';
export * from './environment';
export * from './events';
export * from './hub';
export * from './instant';
export * from './listed';
export * from './live-rule';
export * from './migration';
export * from './plan';
export * from './policies';
export * from './retirement';
export * from './tasks';
export * from './time-in-words';
