/** An AWS that the story plays on: the local one, or a real account. */
export interface Aws {
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
  /** Environment of processes that are to talk to it, as the account's administrator. */
  readonly env: NodeJS.ProcessEnv;
  /** For SDK clients of this process; without endpoint and credentials they look for them as usual. */
  readonly client: {
    readonly region: string;
    readonly endpoint?: string;
    readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
}
