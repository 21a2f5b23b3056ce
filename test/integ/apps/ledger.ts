/** A ledger by itself, and a role that commits to it and looks into its outbox. */
import { App, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Ledger } from '../../../constructs/hub/ledger';

const stack = new Stack(new App(), 'IntegLedger');
const ledger = new Ledger(stack, 'Ledger', { removalPolicy: RemovalPolicy.DESTROY });
const role = new Role(stack, 'Committing', { assumedBy: new AccountRootPrincipal() });
ledger.grantCommit(role);
ledger.grantEntries(role);
new CfnOutput(stack, 'Table', { value: ledger.table.tableName });
new CfnOutput(stack, 'RoleArn', { value: role.roleArn });
