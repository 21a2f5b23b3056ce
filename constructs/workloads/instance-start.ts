import { Fn, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

export interface InstanceStartProps {
  /** Lines of a shell script of the team's, run as root. */
  readonly commands: string[];
  readonly environment: { readonly [name: string]: string };
  readonly port: number;
  readonly healthCheckPath: string;
  /** Logical id of the Auto Scaling group that waits for the signal. */
  readonly signals: string;
  /** Name of the instance's role, which sends it. */
  readonly roleName: string;
}

/**
 * What an instance does when it starts, as user data: the team's commands, then it asks itself for its health until that is good, by the address that the
 * load balancer will ask, and tells the slot's stack. Whatever fails on the way is told too, at once: the stack need not wait for a signal that never comes.
 */
export function instanceStart(scope: Construct, props: InstanceStartProps): string {
  const { region, stackName } = Stack.of(scope);
  const signal = `/opt/aws/bin/cfn-signal --stack ${stackName} --resource ${props.signals} --region ${region} --role ${props.roleName}`;
  const lines = [
    '#!/bin/bash',
    `trap '${signal} --exit-code $?' EXIT`,
    'set -e',
    ...Object.entries(props.environment).map(([name, value]) => `export ${name}=${quoted(value)}`),
    // In a shell of their own: one that exits, as a script that was pasted may, must not pass for a service that is healthy.
    '(',
    ...props.commands,
    ')',
    `until curl --fail --silent --output /dev/null "http://$(hostname -I | cut -d ' ' -f 1):${props.port}"${quoted(props.healthCheckPath)}; do sleep 2; done`,
    '',
  ];
  return Fn.base64(lines.join('\n'));
}

/** For a shell. */
function quoted(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
}
