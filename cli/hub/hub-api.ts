import {
  type ContractAnswer,
  type DecisionBody,
  type DoctorView,
  type EnvironmentView,
  type FreezeAnswer,
  type FreezeBody,
  type ReasonBody,
  type RecoverView,
  type ReleaseSummary,
  type ReleaseView,
  type ResumeBody,
  type RetireBody,
  type RetirementView,
  type RollBackView,
  type StatusView,
  type SubmitBody,
  type TicketView,
  ticketPlace,
} from '../../lambda/contract';
import type { Surroundings } from '../surroundings';
import { UserError } from '../user-error';
import type { HubAddress } from './address';
import type { Identity } from './aws';
import { askHub } from './signed-request';

/** Fields by which an answer is told from what something else says, that is not the hub. */
type Holds<T> = T extends readonly unknown[] ? 'list' : readonly (keyof T & string)[];

const LIST = 'list';
const RELEASE: Holds<ReleaseView> = ['version', 'now', 'gates'];
const STATUS: Holds<StatusView> = ['environments', 'releases', 'openGates'];
const ROLL_BACK: Holds<RollBackView> = ['outcome', 'environment'];
const DOCTOR: Holds<DoctorView> = ['environments', 'findings'];
const RECOVER: Holds<RecoverView> = ['environment', 'done', 'left'];
const CONTRACT: Holds<ContractAnswer> = ['outcome', 'release', 'environment'];
const FREEZE: Holds<FreezeAnswer> = ['environment'];
const ENVIRONMENT: Holds<EnvironmentView> = ['environment', 'weights'];
const RETIREMENT: Holds<RetirementView> = ['problems', 'environments'];

/** The hub's API as typed calls, one a route. */
export class HubApi {
  constructor(
    private readonly address: HubAddress,
    private readonly identity: Identity,
    private readonly surroundings: Surroundings,
  ) {}

  /** The same version with the same content twice is the same release: safe to send again. */
  submit(body: SubmitBody): Promise<ReleaseView> {
    return this.ask('POST', '/releases', RELEASE, body, true);
  }

  /** The ones that were submitted last, newest first. */
  releases(): Promise<ReleaseSummary[]> {
    return this.ask('GET', '/releases', LIST);
  }

  release(version: string): Promise<ReleaseView> {
    return this.ask('GET', `/releases/${encodeURIComponent(version)}`, RELEASE);
  }

  /** Undefined when no release has this version. */
  async tryRelease(version: string): Promise<ReleaseView | undefined> {
    try {
      return await this.release(version);
    } catch (error) {
      if (error instanceof UserError && error.code === 'UnknownRelease') return undefined;
      throw error;
    }
  }

  status(): Promise<StatusView> {
    return this.ask('GET', '/status', STATUS);
  }

  /** The ones that happened last, newest first, `MOST_TICKETS` at most. @param before only those that are behind this one */
  tickets(before?: TicketView): Promise<TicketView[]> {
    return this.ask('GET', before === undefined ? '/tickets' : `/tickets?before=${encodeURIComponent(ticketPlace(before))}`, LIST);
  }

  decide(version: string, body: DecisionBody): Promise<ReleaseView> {
    return this.ask('POST', `/releases/${encodeURIComponent(version)}/decisions`, RELEASE, body);
  }

  resume(version: string, body: ResumeBody): Promise<ReleaseView> {
    return this.ask('POST', `/releases/${encodeURIComponent(version)}/resume`, RELEASE, body);
  }

  abort(version: string, body: ReasonBody): Promise<ReleaseView> {
    return this.ask('POST', `/releases/${encodeURIComponent(version)}/abort`, RELEASE, body);
  }

  rollBack(environment: string, body: ReasonBody): Promise<RollBackView> {
    return this.ask('POST', `/environments/${encodeURIComponent(environment)}/roll-back`, ROLL_BACK, body);
  }

  /** What is not as it must be. @param environment in this one only */
  doctor(environment?: string): Promise<DoctorView> {
    return this.ask('GET', environment === undefined ? '/doctor' : `/doctor/${encodeURIComponent(environment)}`, DOCTOR);
  }

  recover(environment: string, body: ReasonBody): Promise<RecoverView> {
    return this.ask('POST', `/environments/${encodeURIComponent(environment)}/recover`, RECOVER, body);
  }

  /** Asked for while it waits, it is the same one: safe to send again. */
  contract(environment: string, body: ReasonBody): Promise<ContractAnswer> {
    return this.ask('POST', `/environments/${encodeURIComponent(environment)}/contract`, CONTRACT, body, true);
  }

  /** The very same one twice changes nothing: safe to send again. */
  freeze(environment: string, body: FreezeBody): Promise<FreezeAnswer> {
    return this.ask('POST', `/environments/${encodeURIComponent(environment)}/freeze`, FREEZE, body, true);
  }

  unfreeze(environment: string, body: ReasonBody): Promise<EnvironmentView> {
    return this.ask('POST', `/environments/${encodeURIComponent(environment)}/unfreeze`, ENVIRONMENT, body);
  }

  /** What taking the path out would do. */
  retirement(): Promise<RetirementView> {
    return this.ask('GET', '/retirement', RETIREMENT);
  }

  /** Asked twice, the second run takes over from the first: safe to send again. */
  retire(body: RetireBody): Promise<RetirementView> {
    return this.ask('POST', '/retirement', RETIREMENT, body, true);
  }

  private ask<T>(method: 'GET' | 'POST', path: string, holds: Holds<T>, body?: unknown, repeatable = method === 'GET'): Promise<T> {
    return askHub(this.address, this.identity, this.surroundings, { method, path, holds, body, repeatable }) as Promise<T>;
  }
}
