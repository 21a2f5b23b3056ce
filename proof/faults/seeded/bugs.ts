import type { Edit } from '../../code/edit';
import type { Fault } from '../table/fault';

/** A rule that is broken on purpose, in one deployed function, and the cell that must find it. */
export interface SeededBug {
  readonly does: string;
  /** The function it is in. */
  readonly handler: string;
  readonly edit: Edit;
  readonly found: { readonly state: string; readonly fault: Fault };
}

export const BUGS: Readonly<Record<string, SeededBug>> = {
  'always-goes-back': {
    does: 'no release is accepted, whatever it is like',
    handler: 'accept',
    edit: {
      file: 'steps/accepting.ts',
      from: 'const failure = mayGoOn(at, input, release, state) ??',
      to: "const failure = { step: at, subject: 'the release', expected: 'safe', actual: 'one never knows', logs: execution } ??",
    },
    found: { state: 'Accept in Live', fault: 'throttled' },
  },
  'safety-net-looks-away': {
    does: 'what a machine leaves behind that was stopped is nobody’s business',
    handler: 'reconcile',
    edit: {
      file: 'safety-net/rescue-environment.ts',
      from: 'if (state.lock?.execution !== execution) return undefined;',
      to: 'if (execution) return undefined;',
    },
    found: { state: 'Bake Live at 50 percent', fault: 'stopped' },
  },
  'lets-in-for-nobody': {
    does: 'a release whose machine died before it was let in may be let in all the same',
    handler: 'reconcile',
    edit: { file: 'safety-net/rescue-environment.ts', from: 'if (release) await keepReleaseOut(ports, ended, environment, release);', to: '' },
    found: { state: 'Enter Live', fault: 'stoppedMidway' },
  },
  'writes-first': {
    does: 'the ledger does not know that traffic may have moved before it was moved',
    handler: 'move-traffic',
    edit: { file: 'environment.ts', from: 'return { ...state, lock: { ...lockOf(state), shifted: true, intended } };', to: 'return intended && state;' },
    found: { state: 'Shift Live to 50 percent', fault: 'stoppedMidway' },
  },
};
