/** An account beside the hub's, which has its own: its number is the key of its administrator on the local AWS. */
export const PRODUCTION_ACCOUNT = '222222222222';
export const LONDON = { account: PRODUCTION_ACCOUNT, region: 'eu-west-2' } as const;
export const DUBLIN = { account: PRODUCTION_ACCOUNT, region: 'eu-west-1' } as const;
