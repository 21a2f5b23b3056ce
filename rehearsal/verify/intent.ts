import type { VerifyOptions } from './options';

/**
 * What is about to be done, and its price. Prices are those of eu-west-2, as AWS showed them in 2026, in USD; three load balancers are most of it.
 * https://aws.amazon.com/elasticloadbalancing/pricing, https://aws.amazon.com/secrets-manager/pricing
 */
export function intent({ account, region, keep }: Pick<VerifyOptions, 'account' | 'region' | 'keep'>, caller: string): string[] {
  return [
    `In account ${account}, region ${region}, as ${caller}:`,
    '',
    '  1. cdk bootstrap, which does nothing where the account is bootstrapped already',
    '  2. cdk deploy: a hub, three front doors with a network and a public load balancer each (port 80), a stack with a test function',
    '  3. seven IAM roles for the people and the pipeline of the story, tagged path-to-live:made-by = rehearsal',
    '  4. three releases, with traffic of some requests a second from here to the load balancers; one of them fails on purpose',
    keep ? '  5. everything stays (--keep)' : '  5. everything of 2, 3 and 4 is removed again; the bootstrap stack, and files published to its bucket, stay',
    '',
    'It takes about an hour and a half, most of it waiting for stacks, and for alarms, which look at whole minutes.',
    'It costs about USD 0.50 (load balancers 3 x 0.03 an hour, requests, functions, secrets); left behind, about USD 70 a month.',
    '',
    'This has not been run on a real account by those who wrote it: it was tried on a local AWS. Watch it, and look at the account afterwards.',
  ];
}
