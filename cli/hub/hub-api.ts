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

/** The hub's API as typed calls, one a route. */
export class HubApi {
  constructor(
    private readonly address: HubAddress,
    private readonly identity: Identity,
    private readonly surroundings: Surroundings,
  ) {}

  /** The same version with the same content twice is the same release: safe to send again. */
  submit(body: SubmitBody): Promise<ReleaseView> {
    return this.ask('POST', '/releases', body, true);
  }

  /** The ones that were submitted last, newest first. */
  releases(): Promise<ReleaseSummary[]> {
    return this.ask('GET', '/releases');
  }

  release(version: string): Promise<ReleaseView> {
    return this.ask('GET', `/releases/${encodeURIComponent(version)}`);
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
    return this.ask('GET', '/status');
  }

  /** The ones that happened last, newest first, `MOST_TICKETS` at most. @param before only those that are behind this one */
  tickets(before?: TicketView): Promise<TicketView[]> {
    return this.ask('GET', before === undefined ? '/tickets' : `/tickets?before=${encodeURIComponent(ticketPlace(before))}`);
  }

  decide(version: string, body: DecisionBody): Promise<ReleaseView> {
    return this.ask('POST', `/releases/${encodeURIComponent(version)}/decisions`, body);
  }

  resume(version: string, body: ResumeBody): Promise<ReleaseView> {
    return this.ask('POST', `/releases/${encodeURIComponent(version)}/resume`, body);
  }

  abort(version: string, body: ReasonBody): Promise<ReleaseView> {
    return this.ask('POST', `/releases/${encodeURIComponent(version)}/abort`, body);
  }

  rollBack(environment: string, body: ReasonBody): Promise<RollBackView> {
    return this.ask('POST', `/environments/${encodeURIComponent(environment)}/roll-back`, body);
  }

  /** What is not as it must be. @param environment in this one only */
  doctor(environment?: string): Promise<DoctorView> {
    return this.ask('GET', environment === undefined ? '/doctor' : `/doctor/${encodeURIComponent(environment)}`);
  }

  recover(environment: string, body: ReasonBody): Promise<RecoverView> {
    return this.ask('POST', `/environments/${encodeURIComponent(environment)}/recover`, body);
  }

  /** Asked for while it waits, it is the same one: safe to send again. */
  contract(environment: string, body: ReasonBody): Promise<ContractAnswer> {
    return this.ask('POST', `/environments/${encodeURIComponent(environment)}/contract`, body, true);
  }

  /** The very same one twice changes nothing: safe to send again. */
  freeze(environment: string, body: FreezeBody): Promise<FreezeAnswer> {
    return this.ask('POST', `/environments/${encodeURIComponent(environment)}/freeze`, body, true);
  }

  unfreeze(environment: string, body: ReasonBody): Promise<EnvironmentView> {
    return this.ask('POST', `/environments/${encodeURIComponent(environment)}/unfreeze`, body);
  }

  /** What taking the path out would do. */
  retirement(): Promise<RetirementView> {
    return this.ask('GET', '/retirement');
  }

  /** Asked twice, the second run takes over from the first: safe to send again. */
  retire(body: RetireBody): Promise<RetirementView> {
    return this.ask('POST', '/retirement', body, true);
  }

  private ask<T>(method: 'GET' | 'POST', path: string, body?: unknown, repeatable = method === 'GET'): Promise<T> {
    return askHub(this.address, this.identity, this.surroundings, { method, path, body, repeatable }) as Promise<T>;
  }
}
