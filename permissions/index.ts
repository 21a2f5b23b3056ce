/**
 * What a synthesized assembly allows: the policies in its templates, and what they say to a request. Imports nothing but itself; for the review,
 * and for holding recorded calls against the templates.
 */
export { type Context, conditionsHold, type Held } from './condition';
export { applies, type Caller, type Decision, decide, names, type Request } from './decision';
export { type ManagedPolicy, managedPolicies, type Role, resourcesOf, roles } from './identities';
export { matches, matchesArn } from './pattern';
export { MADE_UP } from './resource-names';
export { type ResourcePolicy, resourcePolicies } from './resource-policies';
export { type Place, partitionOf, type StackTemplate, type TemplateResource } from './stack';
export { type Conditions, type Principals, type Statement, statementsOf } from './statement';
export { type Known, Values } from './values';
