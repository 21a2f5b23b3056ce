/** The account that the key `test` belongs to. */
export const ACCOUNT = '000000000000';
export const REGION = 'eu-west-2';

/** Would lead a child past the emulator, to the user's own AWS or through their proxy. */
const LEFT_OUT = /^(AWS_.*|CDK_.*|PTL_.*|https?_proxy|all_proxy)$/i;

/**
 * The environment of a process that is to use the emulator and nothing else: its endpoint and keys, no profile, no configuration of
 * the user's, and AWS's names of load balancers and APIs resolved to it.
 *
 * @param names path of the script that resolves the names
 */
export function childEnvironment(own: NodeJS.ProcessEnv, port: number, names: string): NodeJS.ProcessEnv {
  const kept = Object.fromEntries(Object.entries(own).filter(([name]) => !LEFT_OUT.test(name)));
  return {
    ...kept,
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    // The SDK's advice about the Node version is not part of the story.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    // Checking the templates at each synth takes seconds; the tests do it.
    CDK_VALIDATION: 'false',
    GATEWAY_PORT: String(port),
    NODE_OPTIONS: `${own.NODE_OPTIONS ?? ''} --require ${JSON.stringify(names)}`.trim(),
  };
}
