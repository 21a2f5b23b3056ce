import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { HUB_FUNCTIONS, type HubFunctionEntry } from '../../../constructs/hub/hub-functions-table';
import { OWN_PATH_FUNCTIONS } from '../../../constructs/hub/own-path-functions';
import { DECISION_FUNCTIONS, TRAFFIC_FUNCTIONS } from '../../../constructs/pieces/functions-table';

const handlers = join(__dirname, '..', '..', '..', 'lambda', 'handlers');

/** What a handler can reach at all, but for the ledger's adapter, which can do everything: what it does not use is not in its bundle. */
function bundleOf(handler: string): string {
  const entryPoints = [join(handlers, `${handler}.ts`)];
  const { outputFiles } = buildSync({ entryPoints, bundle: true, platform: 'node', format: 'esm', write: false, external: ['@aws-sdk/*', '@smithy/*'] });
  const text = outputFiles[0]?.text ?? '';
  expect(text).toContain('var DynamoLedger = class');
  return text.replace(/var DynamoLedger = class[\s\S]*?\n\};/, '');
}

/** Only of pieces. */
const { 'take-slot': takeSlot, 'machine-ended': machineEnded } = TRAFFIC_FUNCTIONS;
const { 'open-firebreak': openFirebreak, decisions, 'pipeline-ended': pipelineEnded } = DECISION_FUNCTIONS;
const FUNCTIONS = {
  ...HUB_FUNCTIONS,
  ...OWN_PATH_FUNCTIONS,
  'take-slot': takeSlot,
  'machine-ended': machineEnded,
  'open-firebreak': openFirebreak,
  decisions,
  'pipeline-ended': pipelineEnded,
};

describe.each(Object.entries<HubFunctionEntry>(FUNCTIONS))('%s', (handler, { ledger = ['commits'], asks = [] }) => {
  test('has the rights to the ledger and to tokens that its code can use, no fewer and no more', () => {
    expect(existsSync(join(handlers, `${handler}.ts`))).toBe(true);
    const code = bundleOf(handler);
    const uses = [
      ...(/\.commit\(/.test(code) ? ['commits'] : []),
      ...(/\.(gates|audit|outbox)\(/.test(code) ? ['entries'] : []),
      ...(/\.(releasesInFlight|latestReleases|waitingGates|tickets)\(/.test(code) ? ['lists'] : []),
    ];
    // The sweep delivers whatever somebody else has committed.
    const answers = handler === 'sweep' ? ['answersGates', 'endsBakes'] : [];
    if (/answer: \{ success/.test(code)) answers.push('answersGates');
    if (/answer: \{ error/.test(code)) answers.push('endsBakes');
    expect({ uses, answers }).toEqual({ uses: [...ledger], answers: asks.filter((ask) => ask === 'answersGates' || ask === 'endsBakes') });
  });
});
