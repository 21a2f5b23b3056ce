import { dirname } from 'node:path';
import aslValidator from 'asl-validator';
import { roundsOf } from '../../cli/review/machines/circles';
import { type DefinitionJson, Graph, type StateJson } from '../../cli/review/machines/graph';
import { definitelyAssigned, read } from './variables';

/** https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const LONGEST_NAME = 80;
const LARGEST_DEFINITION = 1_048_576;
const JSONPATH_FIELDS = [
  'InputPath',
  'OutputPath',
  'ResultPath',
  'Parameters',
  'ResultSelector',
  'ItemsPath',
  'SecondsPath',
  'ErrorPath',
  'CausePath',
  'Variable',
];

/** What is wrong with a definition, whatever it is for, besides what {@link invalid} finds: what AWS refuses, or takes and then waits for ever on. */
export function findings(definition: DefinitionJson): string[] {
  const graphs = [new Graph(definition), ...new Graph(definition).branches];
  return [
    ...(definition.QueryLanguage === 'JSONata' ? [] : ['the query language is not JSONata']),
    ...(Number.isInteger(definition.TimeoutSeconds) ? [] : ['the machine has no literal timeout']),
    ...(JSON.stringify(definition).length < LARGEST_DEFINITION ? [] : ['the definition is too large']),
    ...repeatedNames(graphs),
    ...graphs.flatMap((graph) => [...ways(graph), ...graph.names.flatMap((name) => state(name, graph.state(name)))]),
    ...expressions(new Graph(definition)),
  ];
}

interface Ajv {
  errors: unknown;
  getSchema(name: string): { (data: unknown): boolean; errors: unknown };
  validate(name: string, data: unknown): boolean;
  /** Ours: what was compiled, by the schema's name. */
  compiled?: Map<string, ReturnType<Ajv['getSchema']>>;
}

/** The package compiles the schema of the language anew at each call, which takes half a second. It is the same each time, so the first is kept. */
function compileOnce(): void {
  const ajv: Ajv = require(require.resolve('ajv', { paths: [dirname(require.resolve('asl-validator'))] })).default.prototype;
  if (ajv.compiled !== undefined) return;
  const compiled: NonNullable<Ajv['compiled']> = new Map();
  ajv.compiled = compiled;
  ajv.validate = function validate(this: Ajv, name, data) {
    const schema = compiled.get(name) ?? this.getSchema(name);
    compiled.set(name, schema);
    const holds = schema(data);
    this.errors = schema.errors;
    return holds;
  };
}
compileOnce();

/** What is wrong by the schema of the language. */
export function invalid(definition: DefinitionJson): string[] {
  // a copy, because the validator writes into what it is given
  const { isValid, errorsText } = aslValidator(structuredClone(definition));
  return isValid ? [] : [errorsText('\n')];
}

/** Names are unique over the whole machine, branches included. */
function repeatedNames(graphs: readonly Graph[]): string[] {
  const names = graphs.flatMap((graph) => graph.names);
  return names.filter((name, index) => names.indexOf(name) !== index).map((name) => `two states are named ${name}`);
}

function ways(graph: Graph): string[] {
  const missing = graph.edges.filter(({ to }) => !graph.names.includes(to)).map(({ from, to }) => `${from} leads to ${to}, which is not there`);
  if (missing.length > 0) return missing;
  const reached = graph.reachable([graph.definition.StartAt]);
  return [
    ...graph.names.filter((name) => !reached.has(name)).map((name) => `${name} cannot be reached`),
    ...graph.names.filter((name) => ![...graph.reachable([name])].some((end) => graph.isEnd(end))).map((name) => `there is no end after ${name}`),
    ...circles(graph),
  ];
}

function circles(graph: Graph): string[] {
  return graph.circular
    .filter((name) => graph.state(name).Type === 'Choice' && roundsOf(graph, name) === undefined)
    .map((name) => `the circle through ${name} has no end`);
}

function state(name: string, json: StateJson): string[] {
  return [
    ...(name.length <= LONGEST_NAME ? [] : [`${name} has ${name.length} characters`]),
    ...fieldsOf(json)
      .filter((field) => JSONPATH_FIELDS.includes(field) || field.endsWith('.$'))
      .map((field) => `${name} has the JSONPath field ${field}`),
    ...misplaced(name, json),
    ...(json.Type === 'Task' ? task(name, json) : []),
    ...(json.Type === 'Choice' && json.Default === undefined ? [`${name} has no default`] : []),
  ];
}

function task(name: string, { TimeoutSeconds, Retry = [], Catch = [] }: StateJson): string[] {
  const caught = Catch.flatMap(({ ErrorEquals }) => ErrorEquals);
  const retried = Retry.flatMap(({ ErrorEquals }) => ErrorEquals);
  return [
    ...(Number.isInteger(TimeoutSeconds) && Number(TimeoutSeconds) > 0 ? [] : [`${name} has no literal timeout`]),
    ...(retried.some((error) => /^(Lambda|StepFunctions)\./.test(error)) ? [] : [`${name} does not try again`]),
    ...(Retry.every(({ MaxAttempts }) => MaxAttempts !== undefined) ? [] : [`${name} does not say how often it tries again`]),
    ...(caught.includes('States.ALL') ? [] : [`${name} does not catch everything`]),
  ];
}

/** `$states.errorOutput` exists within a Catch only, `$states.result` within what a state hands on only. */
function misplaced(name: string, { Catch, Branches, Assign, Output, ...rest }: StateJson & { readonly Output?: unknown }): string[] {
  const uses = (json: unknown, field: string) => JSON.stringify(json ?? null).includes(`$states.${field}`);
  return [
    ...(uses([Assign, Output, rest], 'errorOutput') ? [`${name} reads $states.errorOutput outside of a Catch`] : []),
    ...(uses([Catch, rest], 'result') ? [`${name} reads $states.result before there is one`] : []),
  ];
}

/** A variable that some way leaves unset fails the execution where it is read. Branches read the variables of the machine around them. */
function expressions(graph: Graph): string[] {
  const known = definitelyAssigned(graph);
  return graph.names.flatMap((name) => {
    try {
      const unset = [...read(graph, name)].filter((variable) => !known.get(name)?.has(variable));
      return unset.map((variable) => `${name} reads $${variable}, which may not be set`);
    } catch (error) {
      return [`${name}: ${(error as Error).message}`];
    }
  });
}

function fieldsOf(json: unknown): string[] {
  if (typeof json !== 'object' || json === null) return [];
  return Object.entries(json).flatMap(([field, value]) => (field === 'Branches' || field === 'Arguments' ? [] : [field, ...fieldsOf(value)]));
}
