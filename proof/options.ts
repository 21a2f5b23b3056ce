/** A whole number that an option gives. @throws Error with the option, the value and what is allowed */
export function whole(name: string, given: string, least: number, most: number): number {
  const value = Number(given);
  if (/^\d+$/.test(given) && value >= least && value <= most) return value;
  throw new Error(`--${name} is ${JSON.stringify(given)}; give a whole number from ${least} to ${most.toLocaleString('en')}`);
}

/** What the options ask for; undefined when there is nothing to do but what has been printed. A wrong one is said, without a trace, and fails. */
export function asked<Options>(command: string, read: () => Options | undefined): Options | undefined {
  try {
    return read();
  } catch (error) {
    // Node goes on about arguments that begin with a dash, which none of ours do.
    console.error(`${(error as Error).message.split('. To specify')[0]}\nWhat there is says npm run ${command} -- --help`);
    process.exitCode = 1;
    return undefined;
  }
}
