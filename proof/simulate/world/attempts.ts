import type { EnvironmentPlan, Outcome, SubmitBody } from '../../../lambda/contract';
import type { AuditEvent } from '../../../lambda/domain/model';
import { exampleBody } from '../../../test/lambda/submission-body';
import type { Plot } from './plot';

/** A version on its way: how it was submitted, and what it is like this time. */
export interface Attempt {
  readonly version: string;
  readonly number: number;
  readonly plot: Plot;
  readonly body: SubmitBody;
  readonly submittedAt: number;
  /** When its author submitted it, where the hub has done so anew since. */
  readonly authoredAt: number;
  /** The emergency behind which the hub has submitted it anew. */
  readonly requeuedAfter: string | undefined;
  /** Others are on the path at the same time: it may find an environment taken. */
  isCrowded: boolean;
  /** As the machine, or the safety net, recorded it. */
  finished?: Outcome;
  /** What happened to it, in order. */
  readonly events: AuditEvent[];
  /** Somebody aborted it before it was live where the users are. */
  isAborted: boolean;
  /** Where somebody asked for its roll back while it was in flight. */
  readonly rollBacks: Set<string>;
  /** Somebody took it back after it was live. */
  isTakenBack: boolean;
}

const bodies = new Map<string, SubmitBody>();
const texts = new Map<object, string>();

/** The same for every world: making one takes longer than a release does. @param says beside its bundle */
export function bodyOf(path: string, version: string, plans: readonly EnvironmentPlan[], says: Partial<SubmitBody>): SubmitBody {
  const key = JSON.stringify([path, version, says]);
  let body = bodies.get(key);
  if (!body) {
    body = exampleBody(version, plans, says);
    bodies.set(key, body);
    texts.set(body, JSON.stringify(body));
  }
  return body;
}

/** What is sent of a body. */
export function textOf(body: object): string {
  return texts.get(body) ?? JSON.stringify(body);
}

/** What somebody is about to submit. */
export type Planned = Pick<Attempt, 'version' | 'plot' | 'body' | 'isCrowded'>;

/** Every attempt of a world, in the order in which the ledger took them. */
export class Attempts {
  readonly all: Attempt[] = [];
  private readonly planned = new Map<string, Planned>();
  /** Some came that nobody had planned: from then on any may meet another. */
  private isUnruly = false;

  of(version: string): Attempt | undefined {
    for (let index = this.all.length - 1; index >= 0; index--) if (this.all[index]?.version === version) return this.all[index];
    return undefined;
  }

  plotOf(version: string): Plot | undefined {
    return this.of(version)?.plot;
  }

  /** Its next submission that the ledger takes is this one. */
  plan(planned: Planned): void {
    this.planned.set(planned.version, planned);
  }

  private begin({ release: version, at, detail }: AuditEvent): Attempt | undefined {
    const submittedAt = Date.parse(at);
    const before = this.of(version);
    const requeuedAfter = detail.requeuedAfter as string | undefined;
    const planned = requeuedAfter === undefined ? this.planned.get(version) : undefined;
    if (planned) this.planned.delete(version);
    // A pipeline that got no answer asks again, and by then the release has ended: that is another attempt.
    const attempt = planned ?? before;
    if (!attempt) return undefined;
    if (!planned && requeuedAfter === undefined) {
      this.isUnruly = true;
      for (const each of this.all) each.isCrowded = true;
    }
    const { plot, body } = attempt;
    const number = this.all.filter((each) => each.version === version).length + 1;
    const isCrowded = attempt.isCrowded || this.isUnruly;
    const authoredAt = requeuedAfter === undefined ? submittedAt : (before?.authoredAt ?? submittedAt);
    const known = { version, plot, body, number, submittedAt, authoredAt, requeuedAfter, isCrowded };
    const made: Attempt = { ...known, events: [], isAborted: false, rollBacks: new Set(), isTakenBack: false };
    this.all.push(made);
    return made;
  }

  /** An event of the ledger's. */
  happened(event: AuditEvent, isLiveWithUsers: boolean): void {
    const { what, environment = '', detail } = event;
    const attempt = what === 'ReleaseSubmitted' ? this.begin(event) : this.of(event.release);
    if (!attempt) return;
    attempt.events.push(event);
    if (what === 'ReleaseFinished') attempt.finished = detail.outcome as Outcome;
    if (what === 'ReleaseAborted' && !isLiveWithUsers) attempt.isAborted = true;
    if (what === 'RollBackRequested' && !('raises' in detail)) attempt.rollBacks.add(environment);
    if (what === 'ReleaseRolledBack' && !event.who.includes(':execution:')) attempt.isTakenBack = true;
  }
}
