/**
 * Writes the JSON schema of every event on the bus to `docs/schemas/events`: `node --import tsx tools/event-schemas.ts`.
 *
 * A test holds the files, and the events the handlers really send, against these definitions.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { type EventName, FINDING_KINDS, GATE_KINDS, MIGRATION_KINDS } from '../lambda/contract';

const text = (means: string) => z.string().describe(means);
const instant = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  .meta({ format: 'date-time' });
const colour = text('the slot, for example blue');
const digest = text('SHA-256 over templates and assets of the release, hex');
const evidenceDigest = text('SHA-256 over tests and verdicts before the gate, hex');
const weights = z.record(z.string(), z.int().min(0).max(100)).describe('colour -> percent of live traffic');
const names = z.array(z.string());
const arn = text('Amazon Resource Name');
const gate = z.enum(GATE_KINDS);
const verdict = z.enum(['passed', 'failed', 'inconclusive', 'error']);
const ticket = text('fingerprint of the ticket');
const failure = z.looseObject({ step: text('the state it happened in'), subject: z.string(), expected: z.string(), actual: z.string(), logs: z.string() });
const migration = { migration: text('its name'), kind: z.enum(MIGRATION_KINDS) };
const opened = z.looseObject({
  parties: z.array(z.looseObject({ name: z.string(), members: z.array(arn) })).describe('who is asked'),
  digest,
  evidenceDigest,
  expiresAt: instant,
  resumes: z.enum(['byReleaseManager', 'automatically']),
});
const migrations = z.array(z.string()).describe('names of what is to run, in order');
const decision = z.looseObject({ gate, party: z.string(), decision: z.enum(['accept', 'refuse']), digest, evidenceDigest });
const said = z.looseObject({ name: z.string(), decision: z.enum(['accept', 'refuse']), by: arn, reason: z.string(), at: instant });
const percent = z.int().min(1).max(100).describe('the step it is at');
const passed = z.looseObject({ gate, digest, evidenceDigest, parties: z.array(said).describe('who accepted, when and why') });

const firedBefore = z.looseObject({
  alarm: z.string(),
  reason: z.string(),
  since: instant,
  baseline: z
    .looseObject({ was: z.number(), allowed: z.number() })
    .optional()
    .describe('what it measured then, and from where on it counts, in the unit of its metric; where it is not there, the alarm is judged by its state alone'),
  byState: text('why nothing was measured').optional(),
});

const goesTo = text('what users get: 503, or the ARN of the target group that served before any release');

const currentAttempt = z
  .literal(false)
  .optional()
  .describe('false where the machine is of an earlier attempt, or was started by hand; the release goes on, or has ended, without it');

/** When each event happens, and what its `detail` holds at least; more may be there. */
export const EVENTS: Readonly<Record<EventName, { readonly when: string; readonly detail: z.ZodObject }>> = {
  ReleaseSubmitted: {
    when: 'A release was registered and starts on its path.',
    detail: z.looseObject({
      digest,
      origin: z.enum(['major', 'minor']),
      changeClass: z.enum(['standard', 'normal', 'emergency']),
      emergency: text('why it may take the place of a release that has moved nothing').optional(),
      requeuedAfter: text('the emergency that took its place, after which the hub submitted it anew').optional(),
      changes: names.describe('declared changes'),
      migrations: z
        .array(z.looseObject({ name: z.string(), kind: z.enum(MIGRATION_KINDS) }))
        .optional()
        .describe('what it brings for the shared state'),
      attempt: z.int().min(1),
      firebreaks: names.describe('environments whose firebreak is on for this release'),
      fixForward: z.string().optional().describe('why it goes forward although alarms fire already'),
      replaceTarget: z.string().optional().describe('why it may take the slot of what can be rolled back to'),
    }),
  },
  SubmissionRefused: {
    when: 'A submission that came by state machine or event was refused; nothing was changed. Not in the ledger.',
    detail: z.looseObject({ code: text('stable, for example VersionTaken') }),
  },
  TurnAwaited: {
    when: 'A release waits for its turn in front of an environment that another has, or waits for.',
    detail: z.looseObject({
      behind: text('what is ahead of it, in words'),
      until: instant.describe('by when it has entered, or stops'),
      place: z.int().min(1).describe('among those that wait'),
    }),
  },
  ReleaseSuperseded: {
    when: 'Another release takes the place of one that has moved nothing in an environment; it stops at its next step, and no ticket is raised.',
    detail: z.looseObject({
      by: text('version that takes its place'),
      author: arn.describe('who submitted that'),
      digest,
      emergency: z.boolean().describe('whether that is an emergency: this one is submitted anew when it has ended'),
      acceptances: z.array(z.looseObject({ gate, party: z.string(), by: arn })).describe('what was decided about it here, and is void'),
    }),
  },
  EnvironmentEntered: {
    when: 'A release has an environment to itself.',
    detail: z.looseObject({ colour, live: z.string().nullable().describe('the version that is live there') }),
  },
  SlotDeployed: { when: 'A release is in the shadow, and serves nobody.', detail: z.looseObject({ colour, digest, targetGroupArn: arn, alarms: names }) },
  MigrationStarted: {
    when: 'What a release brings for the shared state of an environment is about to be called there, or started.',
    detail: z.looseObject({
      ...migration,
      after: z
        .enum(['started', 'failed', 'undone', 'finished'])
        .optional()
        .describe('what became of it before; finished: of what takes a migration back, which may be needed again'),
      by: text('the release that ran it then').optional(),
      undo: z.literal(true).optional().describe('it is what takes the migration back'),
    }),
  },
  MigrationFinished: {
    when: 'It has finished in this environment, and is never run there again.',
    detail: z.looseObject({ ...migration, calls: z.int().min(1), seconds: z.int().min(0), said: text('what it said of itself').optional() }),
  },
  MigrationFailed: {
    when: 'It failed, and the release stops, or goes back where users are in an outage; it runs again with the next release that brings it.',
    detail: z.looseObject({
      ...migration,
      calls: z.int().min(1),
      actual: z.string(),
      logs: z.string(),
      undo: z.literal(true).optional().describe('it is what takes the migration back'),
    }),
  },
  MigrationUndone: {
    when: 'A breaking migration was taken back: the version before understands the shared state again.',
    detail: z.looseObject({ ...migration, calls: z.int().min(1), seconds: z.int().min(0), said: text('what it said of itself').optional() }),
  },
  OutageBegan: {
    when: 'Users of an environment were taken out of every slot for what a release needs; or once more, because it cannot go on.',
    detail: z.looseObject({
      colour,
      live: z.string().nullable().describe('the version that they had'),
      until: instant.describe('by when the release has them, or the way back begins'),
      says: text('what they are answered, with the status 503'),
      was: weights,
      again: z.literal(true).optional(),
    }),
  },
  OutageEnded: {
    when: 'Users have a version again.',
    detail: z.looseObject({ beganAt: instant, began: text('the release in whose it was'), seconds: z.int().min(0), how: text('which version they have') }),
  },
  ContractRequested: {
    when: 'Somebody asked for the contract that the live version brings; it begins when people have agreed.',
    detail: z.looseObject({ colour, execution: arn, migrations }),
  },
  ContractGateOpened: { when: 'A contract that was asked for waits for the decision.', detail: opened.extend({ migrations }) },
  ContractGatePassed: { when: 'It is agreed to, and begins if nothing has come in its way.', detail: passed },
  ContractFinished: {
    when: 'It has finished in this environment: no older version is a roll-back target there any more, since it started.',
    detail: z.looseObject({ colour, migrations, by: arn.nullable().describe('who asked for it') }),
  },
  ContractStopped: {
    when: 'It could not begin, or not go on, or its version was rolled back while it waited; live and traffic are as they were. What has started stays started, and goes on when it is asked for again.',
    detail: z.looseObject({
      migrations,
      by: arn.nullable().describe('who asked for it'),
      ticket: ticket.optional().describe('fingerprint of the ticket; none where a roll back ended it, which has its own'),
      failure,
    }),
  },
  TargetGateOpened: {
    when: 'A party is asked whether a release may take the slot of what can be rolled back to.',
    detail: opened.extend({ about: text('which version is in the slot') }),
  },
  TargetGatePassed: { when: 'It may: nothing holds that version from now on.', detail: passed },
  AlarmsFiredBefore: {
    when: 'The alarms of its slot that fire when a fix-forward has been deployed: they do not count until they have been quiet, or are worse than their baseline.',
    detail: z.looseObject({ colour, alarms: z.array(firedBefore) }),
  },
  TestFinished: {
    when: 'A test has a verdict: of the shadow, or, with `percent`, of the version that takes traffic.',
    detail: z.looseObject({ test: z.string(), colour, percent: percent.optional(), verdict, expected: z.string(), actual: z.string(), logs: z.string() }),
  },
  FirebreakOpened: { when: 'A release waits at a firebreak for every party.', detail: opened },
  GoNoGoOpened: {
    when: 'A release in the shadow waits for the decision to go live.',
    detail: opened.extend({
      migrations: migrations.optional().describe('of a planned outage: what is to run in it'),
      outage: z
        .looseObject({ longestSeconds: z.int().min(1), undoable: z.boolean().describe('whether all of it can be taken back') })
        .optional()
        .describe('users have no version for so long at most, if it is a go'),
    }),
  },
  DecisionRecorded: { when: 'A party accepted or refused.', detail: decision },
  FirebreakPassed: { when: 'Every party has accepted, and the release goes on.', detail: passed },
  GoNoGoPassed: { when: 'Go.', detail: passed },
  GateRefused: { when: 'A party refused, and the release stops, or the contract; one that has traffic goes back.', detail: decision },
  CapacityRaised: {
    when: 'A slot was given more tasks or instances, and all of them are healthy.',
    detail: z.looseObject({ colour, from: z.int().min(0), to: z.int().min(1), seconds: z.int().min(0).optional().describe('how long that took') }),
  },
  CapacityLowered: {
    when: 'A slot that has served nobody for `warmFor` runs nothing any more.',
    detail: z.looseObject({ colour, from: z.int().min(0), to: z.int().min(0), idleSince: instant.describe('since when it has served nobody') }),
  },
  TrafficShifted: {
    when: 'The live rule was written and read back.',
    detail: z.looseObject({
      colour,
      percent: z.int().min(1).max(100).describe('what the slot has of the live traffic, which is all of it where nothing was live to share with'),
      weights,
      was: weights,
      atOnce: z.string().optional().describe('why that is not what the step asks for'),
    }),
  },
  PauseOpened: {
    when: 'A release that has traffic waits for the decision to go on: its step pauses (`pause`), or its health gates could not tell (`inconclusive`). Its alarms stay watched.',
    detail: opened.extend({ gate: z.enum(['pause', 'inconclusive']), percent, about: text('what was inconclusive').optional() }),
  },
  PausePassed: { when: 'It goes on.', detail: passed.extend({ percent }) },
  MismatchFound: {
    when: 'The live rule was not what the ledger says.',
    detail: z.looseObject({ expected: text('what the ledger says'), actual: text('what the live rule held') }),
  },
  AlarmRaised: {
    when: 'An alarm ended a bake, or the wait for people while a release has traffic.',
    detail: z.looseObject({ alarm: z.string(), reason: z.string(), colour, percent: z.int().min(1).max(100) }),
  },
  ReleaseLive: {
    when: 'A release has all traffic of an environment and was accepted there.',
    detail: z.looseObject({
      colour,
      digest,
      previous: z.string().nullable(),
      earlyLifeSupportUntil: instant.optional().describe('until when no contract of it runs here'),
    }),
  },
  ReleaseStopped: {
    when: 'A release ended before any traffic was moved to it; or in an outage, and users have what they had, or no version (`outage`).',
    detail: z.looseObject({
      ticket: ticket.optional().describe('fingerprint of the ticket; none where another release has taken its place'),
      failure,
      currentAttempt,
      outage: z.enum(['over', 'stays']).optional().describe('of one that had begun: whether users have what they had, or stay without a version'),
    }),
  },
  ReleaseRolledBack: {
    when: 'Traffic is back where it was.',
    detail: z.looseObject({
      ticket,
      live: z.string().nullable().describe('the version that is live again; null where nothing was live before: the live rule answers 503'),
      weights,
      was: weights,
      outage: z.literal('over').optional().describe('it was in an outage, which is over'),
      currentAttempt,
    }),
  },
  ReleaseAborted: { when: 'Somebody stopped a release; it ends at its next step.', detail: z.looseObject({ digest }) },
  RollBackRequested: {
    when: 'Somebody asked for the roll back of a release in flight, or of one that is live and whose target must be started first.',
    detail: z.looseObject({ colour, weights }),
  },
  ReleaseFinished: {
    when: 'A release is at the end of its path, or of its way.',
    detail: z.looseObject({ outcome: z.enum(['live', 'stopped', 'rolledBack']) }),
  },
  TicketRaised: {
    when: 'A failure was recorded, for the first or one more time.',
    detail: failure.extend({ ticket, count: z.int().min(1), outcome: z.enum(['stopped', 'rolledBack', 'drift']) }),
  },
  SafetyNetActed: {
    when: 'An execution died, and the environment was brought back to its accepted target.',
    detail: z.looseObject({ outcome: z.enum(['stopped', 'rolledBack']) }),
  },
  DriftFound: {
    when: 'Whoever looks after the path found, twice, that something is not as it must be. Nothing was changed; a ticket says the same.',
    detail: z.looseObject({
      kind: z.enum(FINDING_KINDS),
      subject: z.string(),
      expected: z.string(),
      actual: z.string(),
      by: z.enum(['recover', 'person', 'time']).describe('who puts it right: ptl recover, somebody, or nobody has to'),
      remedy: z.string(),
      ticket,
    }),
  },
  EnvironmentRecovered: {
    when: 'Somebody had something put right that was not as it must be.',
    detail: z.looseObject({ did: z.string().describe('in words') }),
  },
  EnvironmentFrozen: {
    when: 'Somebody froze an environment: nothing goes live there until it ends. Said again, the later one counts. In the audit trail of what is live.',
    detail: z.looseObject({
      until: instant.nullable().describe('when it ends by itself, of which nothing is told; null: when somebody ends it'),
      before: z.looseObject({ by: arn, at: instant, until: instant.nullable() }).optional().describe('the one whose place it took'),
    }),
  },
  EnvironmentUnfrozen: {
    when: 'Somebody ended the freeze of an environment.',
    detail: z.looseObject({ by: arn.describe('who had frozen it'), at: instant, reason: z.string(), until: instant.nullable() }),
  },
  RetirementRequested: {
    when: 'Somebody asked for the whole path to be taken out; no release is let in any more. One for each environment.',
    detail: z.looseObject({ execution: arn, weights, users: goesTo, again: z.boolean().describe('whether it took over from a run that had not ended') }),
  },
  TrafficRestored: {
    when: 'The users of an environment get what served before any release.',
    detail: z.looseObject({ execution: arn, to: goesTo, was: weights }),
  },
  EnvironmentRetired: {
    when: 'The slots of an environment are removed; it is as it was before any release.',
    detail: z.looseObject({ execution: arn, stacks: names.describe('that were removed'), users: goesTo }),
  },
};

/** The `detail` of the EventBridge event whose `detail-type` is `name`. */
export function eventSchema(name: EventName): z.ZodObject {
  const { when, detail } = EVENTS[name];
  const fields = {
    at: instant.describe('when it happened, UTC'),
    what: z.literal(name),
    release: text('the version'),
    environment: text('where; absent when it is about the whole path').optional(),
    who: text('ARN of a person, as the authorizer named it, or of an execution'),
    why: text('in words').optional(),
    detail,
  };
  return z.looseObject(fields).meta({ title: name, description: when });
}

/** File name -> content of every schema file. */
export function schemaFiles(): Readonly<Record<string, string>> {
  const names = Object.keys(EVENTS) as EventName[];
  return Object.fromEntries(names.map((name) => [`${name}.json`, `${JSON.stringify(z.toJSONSchema(eventSchema(name)), null, 2)}\n`]));
}

if (require.main === module) {
  const folder = join(__dirname, '..', 'docs', 'schemas', 'events');
  mkdirSync(folder, { recursive: true });
  for (const [file, content] of Object.entries(schemaFiles())) writeFileSync(join(folder, file), content);
}
