import { UserError } from '../user-error';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Who the caller is and where, by the usual AWS chain: environment variables, profile, role of the machine. */
export interface Identity {
  credentials(): Promise<Credentials>;
  /**
   * @param of what is in the region, for the message
   * @default 'the hub'
   * @throws UserError when the chain names none
   */
  region(of?: string): Promise<string>;
  /** ARN of the caller as AWS sees them, for messages; undefined when AWS does not tell. */
  who(region: string): Promise<string | undefined>;
}

/** Loaded when first asked, so that help and usage errors do not wait for the SDK. */
export function usualIdentity(): Identity {
  let chain: Promise<() => Promise<Credentials>> | undefined;
  const identity: Identity = {
    async credentials() {
      chain ??= import('@aws-sdk/credential-providers').then(({ fromNodeProviderChain }) => fromNodeProviderChain());
      try {
        return await (await chain)();
      } catch (error) {
        throw awsProblem(error, 'reading your credentials') ?? error;
      }
    },
    async region(of = 'the hub') {
      const { SSMClient } = await import('@aws-sdk/client-ssm');
      try {
        return await new SSMClient({}).config.region();
      } catch (error) {
        const message = `no AWS region is set; give the region of ${of} with --region or AWS_REGION, or give your AWS profile one`;
        throw new UserError('NoRegion', message, { cause: error });
      }
    },
    async who(region) {
      const { STSClient, GetCallerIdentityCommand } = await import('@aws-sdk/client-sts');
      const sts = new STSClient({ region, credentials: () => identity.credentials() });
      return sts.send(new GetCallerIdentityCommand({})).then(
        ({ Arn }) => Arn,
        () => undefined, // only for a message about something that went wrong already
      );
    },
  };
  return identity;
}

const NO_CREDENTIALS = ['CredentialsProviderError', 'TokenProviderError'];
const BAD_CREDENTIALS = [
  'ExpiredToken',
  'ExpiredTokenException',
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
];
const DENIED = ['AccessDenied', 'AccessDeniedException'];
const AWAY = ['ECONNREFUSED', 'ENOTFOUND', 'ECONNRESET', 'ETIMEDOUT', 'EAI_AGAIN', 'TimeoutError'];

/**
 * An error of the AWS SDK in the caller's words; undefined for one that needs its own.
 *
 * @param doing what was tried, for example `reading the parameter /path-to-live/Payments/api-url`
 */
export function awsProblem(error: unknown, doing: string): UserError | undefined {
  const { name, code, message } = error as { name?: string; code?: string; message?: string };
  const is = (names: readonly string[]) => [name, code].some((word) => word !== undefined && names.includes(word));
  if (is(NO_CREDENTIALS)) {
    return new UserError(
      'NoCredentials',
      `no AWS credentials were found (${doing}): ${message}; log in (aws sso login), set AWS_PROFILE, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY`,
      { cause: error },
    );
  }
  if (is(BAD_CREDENTIALS))
    return new UserError('BadCredentials', `AWS does not accept your credentials (${doing}): ${message}; log in again`, { cause: error });
  if (is(DENIED)) {
    return new UserError(
      'AccessDenied',
      `you are not allowed to do this (${doing}): ${message}; your role needs one of the hub's managed policies (<path>-read, -submit, -decide or -manage)`,
      { cause: error },
    );
  }
  if (is(AWAY)) {
    return new UserError('Unreachable', `AWS cannot be reached (${doing}): ${message}; check the network, the region and AWS_ENDPOINT_URL if you set it`, {
      cause: error,
    });
  }
  return undefined;
}
