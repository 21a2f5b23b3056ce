import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import type { Clock } from '../domain/ports';

/** Credentials of one role, as every SDK client takes them. */
export type RoleCredentials = () => Promise<{ accessKeyId: string; secretAccessKey: string; sessionToken: string; expiration: Date }>;

/** Renewed this long before they expire, so that no call starts with credentials that end under way. */
const RENEW_BEFORE_MS = 5 * 60_000;

/** Roles in other accounts, assumed once per container and role and renewed shortly before they expire. */
export class AssumedRoles {
  private readonly sessions = new Map<string, ReturnType<RoleCredentials>>();

  constructor(
    private readonly sts: STSClient,
    private readonly clock: Clock,
  ) {}

  /** @param sessionName what the other account's CloudTrail shows, for example `path-to-live-Production`; other characters than it takes become `-` */
  credentials(roleArn: string, sessionName: string): RoleCredentials {
    return async () => {
      const known = this.sessions.get(roleArn);
      if (known && (await known).expiration.getTime() - Date.parse(this.clock.now()) > RENEW_BEFORE_MS) return known;
      const session = this.assume(roleArn, sessionName);
      this.sessions.set(roleArn, session);
      // A failure must not be remembered: the role's trust may be repaired while this container lives.
      session.catch(() => this.sessions.delete(roleArn));
      return session;
    };
  }

  private async assume(roleArn: string, sessionName: string): ReturnType<RoleCredentials> {
    const RoleSessionName = sessionName.replace(/[^\w+=,.@-]/g, '-').slice(0, 64);
    const { Credentials } = await this.sts.send(new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName }));
    if (!Credentials?.AccessKeyId || !Credentials.SecretAccessKey || !Credentials.SessionToken || !Credentials.Expiration) {
      throw new Error(`assuming ${roleArn} gave no credentials`);
    }
    return {
      accessKeyId: Credentials.AccessKeyId,
      secretAccessKey: Credentials.SecretAccessKey,
      sessionToken: Credentials.SessionToken,
      expiration: Credentials.Expiration,
    };
  }
}
