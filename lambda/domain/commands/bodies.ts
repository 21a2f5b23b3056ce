import * as z from 'zod/mini';
import {
  CHANGES,
  type DecisionBody,
  type FreezeBody,
  GATE_KINDS,
  type ReasonBody,
  type RequeueBody,
  type ResumeBody,
  type RetireBody,
  type SubmitBody,
} from '../../contract';
import { Refused } from '../errors';

const LONGEST_SHOWN = 80;
const LONGEST_REASON = 2000;
const MOST_CHANGES = 50;
const MOST_NAMES = 50;

const text = z.string('must be a text').check(z.minLength(1, 'must not be empty'));
const reason = z.string('must be a text that says why').check(z.maxLength(LONGEST_REASON, `must not be longer than ${LONGEST_REASON} characters`));
const hash = z.string('must be a text').check(z.regex(/^[0-9a-f]{8,128}$/, 'must be lower case hex, as in the asset manifest'));
const list = <T extends z.ZodMiniType>(item: T) => z.array(item, 'must be a list');
const object = <T extends z.core.$ZodShape>(shape: T) => z.object(shape, 'must be an object');

// Where a file is becomes part of a URL. What a URL reads differently, `?` or `..` for instance, would have another file deployed than was sealed.
const place = (pattern: RegExp, message: string) => z.string('must be a text').check(z.regex(pattern, message));
const bucket = place(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be the name of a bucket');
const key = place(/^(?!.*\/[./])[A-Za-z0-9_-][A-Za-z0-9_./-]{0,1023}$/, 'must be letters, digits, _ . - and /, no part of it empty or with a dot in front');
const region = place(/^[a-z]{2,8}(-[a-z0-9]{1,16}){2,4}$/, 'must be the name of a region');
const file = object({ bucket, key, region, hash });
const stack = object({ stackName: text, environment: text, colour: text, template: file, assets: list(file) });
const change = z.string('must be a text').check(z.regex(/^[A-Za-z][A-Za-z0-9]{0,63}$/, `must be the name of a change, for example ${CHANGES.altersSchema}`));

const submit = object({
  version: z.string('must be a text'),
  digest: hash,
  origin: z.optional(z.enum(['major', 'minor'], 'must be major or minor')),
  changeClass: z.optional(z.enum(['standard', 'normal', 'emergency'], 'must be standard, normal or emergency')),
  changes: z.optional(list(change).check(z.maxLength(MOST_CHANGES, `must not be more than ${MOST_CHANGES}`))),
  again: z.optional(z.boolean('must be true or false')),
  fixForward: z.optional(reason.check(z.regex(/\S/, 'must say why'))),
  replaceTarget: z.optional(reason.check(z.regex(/\S/, 'must say why'))),
  emergency: z.optional(reason.check(z.regex(/\S/, 'must say why it is one'))),
  bundle: object({ stacks: list(stack) }),
});
const decision = object({
  environment: text,
  decision: z.enum(['accept', 'refuse'], 'must be accept or refuse'),
  reason,
  digest: z.string('must be the digest of the release you looked at'),
  party: z.optional(text),
  gate: z.optional(z.enum(GATE_KINDS, 'must be firebreak, goNoGo, contract, rollBackTarget, pause or inconclusive')),
  percent: z.optional(z.int('must be the step, a whole number of percent').check(z.minimum(1, 'must be at least 1'), z.maximum(100, 'must be at most 100'))),
});
const resume = object({ environment: text, reason: z.optional(reason) });
const why = object({ reason });
const instant = z
  .string('must be a text')
  .check(z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/, 'must be an instant with its zone, for example 2026-12-01T06:00Z'));
const freeze = object({ reason, until: z.optional(instant) });
const anew = object({ requeue: object({ release: text, after: text }) });
const retire = object({ reason, usersGet503: z.optional(list(text).check(z.maxLength(MOST_NAMES, `must not be more than ${MOST_NAMES}`))) });

/** Parsers of what the API is sent; what they do not know they leave out. @throws Refused `BadInput`, which names every field that is wrong */
export const parseBody = {
  submit: (body: unknown): SubmitBody => parsed(submit, body),
  decision: (body: unknown): DecisionBody => parsed(decision, body),
  resume: (body: unknown): ResumeBody => parsed(resume, body),
  reason: (body: unknown): ReasonBody => withReason(parsed(why, body)),
  freeze: (body: unknown): FreezeBody => withReason(parsed(freeze, body)),
  requeue: (body: unknown): RequeueBody => parsed(anew, body),
  retire: (body: unknown): RetireBody => withReason(parsed(retire, body)),
};

function withReason<T extends ReasonBody>(body: T): T {
  if (body.reason.trim() !== '') return body;
  throw new Refused('NoReason', `a reason is needed, got: ${JSON.stringify(body.reason)}; say in a sentence why, for those who read it afterwards`, 400);
}

function parsed<T extends z.ZodMiniType>(schema: T, body: unknown): z.output<T> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join('.') || 'the body'} ${issue.message}, got: ${shown(at(body, issue.path))}`);
  throw new Refused('BadInput', problems.join('; '), 400);
}

const at = (value: unknown, path: readonly PropertyKey[]) =>
  path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key], value);

function shown(value: unknown): string {
  const json = JSON.stringify(value) ?? 'nothing';
  return json.length > LONGEST_SHOWN ? `${json.slice(0, LONGEST_SHOWN)}…` : json;
}
