/** Variables a shell needs to act in the story; everything else it has. */
const NEEDED = /^(AWS_|CDK_|PTL_|GATEWAY_PORT$|NODE_OPTIONS$|CURL_HOME$)/;

/** Would lead past the local AWS, or act as somebody else: whatever the shell has of these goes first. */
const FORGET =
  'for name in $(env | sed -nE \'s/^((AWS|CDK|PTL)_[A-Za-z0-9_]*|https?_proxy|HTTPS?_PROXY|all_proxy|ALL_PROXY)=.*/\\1/p\'); do unset "$name"; done';

/** What a shell sources to act as somebody, whatever it was set to before. A profile would come before keys. */
export function shellFile(env: NodeJS.ProcessEnv): string {
  const variables = Object.entries({ AWS_PROFILE: undefined, AWS_SESSION_TOKEN: undefined, ...env }).filter(([name]) => NEEDED.test(name));
  const lines = variables.map(([name, value]) => (value === undefined || value === '' ? `unset ${name}` : `export ${name}=${quoted(value)}`));
  return `${[FORGET, ...lines].join('\n')}\n`;
}

/** What curl reads in `CURL_HOME`: load balancers have no names outside of the local AWS, https://curl.se/docs/manpage.html#--connect-to. */
export function curlConfig(urls: readonly string[], endpoint: string): string {
  return urls.map((url) => `connect-to = "${new URL(url).hostname}::${new URL(endpoint).host}"\n`).join('');
}

/** As a shell takes it, whatever it holds. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
