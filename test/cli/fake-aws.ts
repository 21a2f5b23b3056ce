import { type Answer, LocalServer, type Received } from './local-server';

const ROLE = /RoleArn=([^&]+)/;

/** As much of SSM, STS and S3 (path style) as `ptl` asks: parameters, roles and buckets that a test sets up. */
export class FakeAws {
  readonly server: LocalServer;
  readonly parameters = new Map<string, string>();
  /** Regions without any parameter. */
  readonly emptyRegions = new Set<string>();
  /** Regions where nobody may read any. */
  readonly refusedRegions = new Set<string>();
  readonly refusedRoles = new Set<string>();
  /** `<bucket>/<key>` -> content. */
  readonly objects = new Map<string, string>();
  readonly buckets = new Set<string>();
  readonly assumed: string[] = [];
  /** Region each parameter was asked for in. */
  readonly parameterRegions: string[] = [];

  constructor() {
    this.server = new LocalServer((received) => this.answer(received));
  }

  private answer(received: Received): Answer {
    if (received.headers['x-amz-target'] === 'AmazonSSM.GetParameter') return this.parameter(received);
    if (received.body.includes('Action=AssumeRole')) return this.assumeRole(received.body);
    if (received.body.includes('Action=GetCallerIdentity')) {
      return xml(
        '<GetCallerIdentityResponse><GetCallerIdentityResult><Account>111111111111</Account><Arn>arn:aws:iam::111111111111:user/pipeline</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>',
      );
    }
    return this.bucket(received);
  }

  private parameter({ body, headers }: Received): Answer {
    const name: string = JSON.parse(body).Name;
    const region = /\/(\w+-\w+-\d)\/ssm\//.exec(headers.authorization ?? '')?.[1] ?? '';
    this.parameterRegions.push(region);
    const value = this.emptyRegions.has(region) ? undefined : this.parameters.get(name);
    const json = { 'content-type': 'application/x-amz-json-1.1' };
    if (this.refusedRegions.has(region)) {
      const message = `User: arn:aws:iam::111111111111:user/pipeline is not authorized to perform: ssm:GetParameter because no identity-based policy allows it`;
      return {
        status: 400,
        headers: { ...json, 'x-amzn-errortype': 'AccessDeniedException' },
        body: JSON.stringify({ __type: 'AccessDeniedException', message }),
      };
    }
    if (value === undefined) return { status: 400, headers: { ...json, 'x-amzn-errortype': 'ParameterNotFound' }, body: '{"__type":"ParameterNotFound"}' };
    return { headers: json, body: JSON.stringify({ Parameter: { Name: name, Value: value } }) };
  }

  private assumeRole(body: string): Answer {
    const role = decodeURIComponent(ROLE.exec(body)?.[1] ?? '');
    if (this.refusedRoles.has(role)) {
      return {
        ...xml(
          '<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not authorized to perform: sts:AssumeRole</Message></Error></ErrorResponse>',
        ),
        status: 403,
      };
    }
    this.assumed.push(role);
    const credentials =
      '<Credentials><AccessKeyId>AKIDROLE</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>';
    return xml(`<AssumeRoleResponse><AssumeRoleResult>${credentials}</AssumeRoleResult></AssumeRoleResponse>`);
  }

  private bucket({ method, path, body }: Received): Answer {
    const url = new URL(path, 'http://s3');
    const [, bucket = '', key = ''] = /^\/([^/]+)\/?(.*)$/.exec(url.pathname) ?? [];
    if (!this.buckets.has(bucket)) return { ...xml('<Error><Code>NoSuchBucket</Code></Error>'), status: 404 };
    if (method === 'PUT') {
      this.objects.set(`${bucket}/${key}`, body);
      return { headers: { etag: '"etag"' }, body: '' };
    }
    if (url.searchParams.has('location')) return xml('<LocationConstraint>eu-west-2</LocationConstraint>');
    if (url.searchParams.has('encryption')) return xml('<ServerSideEncryptionConfiguration/>');
    const found = [...this.objects.keys()].filter((name) => name.startsWith(`${bucket}/${url.searchParams.get('prefix')}`));
    const contents = found.map((name) => `<Contents><Key>${name.slice(bucket.length + 1)}</Key><Size>1000</Size></Contents>`).join('');
    return xml(`<ListBucketResult>${contents}</ListBucketResult>`);
  }
}

function xml(body: string): Answer {
  return { headers: { 'content-type': 'application/xml' }, body };
}
