import { Graph } from '../machines/graph';
import { type Machine, machinesOf } from '../machines/machines';
import { functionsOf } from '../read/functions';
import type { ReviewedPath } from '../read/reviewed-path';
import type { Prices } from './prices';
import type { Line } from './quantities';
import { invocations } from './standing';

/** What a release uses that goes straight through: every transition and every call that its machines' definitions say. */
export function releaseLines(reviewed: ReviewedPath, { assumptions }: Prices): Line[] {
  const machines = machinesOf(reviewed).filter(({ kind }) => kind !== 'other');
  const environments = reviewed.plans.length;
  const tasks = machines.flatMap((machine) => calls(machine, reviewed));
  const value = (name: keyof Prices['assumptions']) => assumptions[name].value;
  return [
    { price: 'stateTransition', what: 'state transitions', quantity: machines.reduce((sum, { definition }) => sum + new Graph(definition).straight.length, 0) },
    ...tasks.flatMap(({ memoryMb, deploys }) => invocations('tasks', 1, deploys ? value('secondsPerDeployment') : value('secondsPerTask'), memoryMb)),
    { price: 'tableWrite', what: 'ledger: writes', quantity: tasks.length * value('writesPerTask') },
    { price: 'tableRead', what: 'ledger: reads', quantity: tasks.length * value('readsPerTask') + value('apiRequestsPerRelease') * value('readsPerTask') },
    { price: 'customEvent', what: 'events', quantity: tasks.length * value('eventsPerTask') },
    { price: 'httpApiRequest', what: 'API: requests', quantity: value('apiRequestsPerRelease') },
    ...invocations('API', value('apiRequestsPerRelease'), value('apiRequestsPerRelease') * 0.1 * value('secondsPerTask'), 256),
    { price: 's3Put', what: 'files: published', quantity: value('filesPerRelease') },
    { price: 's3Get', what: 'files: looked at', quantity: value('filesPerRelease') * (environments + 1) },
    { price: 'logGb', what: 'logs', quantity: (tasks.length * value('logKbPerTask')) / 1_000_000 },
    { price: 'trace', what: 'traces', quantity: tasks.length },
  ];
}

/** The function calls of a release that goes straight through a machine. */
function calls({ definition }: Machine, reviewed: ReviewedPath) {
  const functions = functionsOf(reviewed);
  const graphs = [new Graph(definition), ...new Graph(definition).branches];
  return new Graph(definition).straight.flatMap((name) => {
    const state = graphs.find((graph) => graph.names.includes(name))?.state(name);
    const arn = String((state?.Arguments as { FunctionName?: string } | undefined)?.FunctionName).replace(/:\d+$/, '');
    const called = functions.find((one) => one.arn === arn);
    return called === undefined ? [] : [{ memoryMb: called.memoryMb, deploys: called.name.endsWith('/Deploy') }];
  });
}
