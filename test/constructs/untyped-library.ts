/** The library as plain JavaScript has it: nothing stands between a team's mistake and it. With the values that its tests start from. */
import { Duration, Stack } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import * as library from '../../lib';
import { testApp } from '../test-app';

// biome-ignore lint/suspicious/noExplicitAny: that is what these tests are about
export const UNTYPED = library as any;

const { Environment, Firebreak, GoNoGo, LambdaMigration, LambdaWorkload, Migration, MigrationRunner, Party } = UNTYPED;

export const env = { account: '111111111111', region: 'eu-west-2' };
export const subnet = 'subnet-0a1b2c3d4e5f60718';
export const minute = Duration.minutes(1);
export const image = `payments@sha256:${'0a'.repeat(32)}`;
export const reason = 'nobody is asked in this test';
export const party = () => Party.of('Security', { members: ['arn:aws:iam::111111111111:role/security'] });
export const workload = () => new LambdaWorkload({ code: Code.fromInline('x'), handler: 'index.handler' });
export const production = () => new Environment('Production', { env, firebreak: Firebreak.none({ reason }), goNoGo: GoNoGo.none({ reason }) });
export const migration = () => Migration.expand('2026-11-add-currency', new LambdaMigration({ code: Code.fromInline('x'), handler: 'index.handler' }));
export const runner = () => MigrationRunner.lambdaFunction({ functionName: 'f', timeout: minute });
export const sharedState = { bind: () => ({ values: {} }) };
export const app = () => testApp();
export const stack = () => new Stack(app(), 'Stack', { env });
