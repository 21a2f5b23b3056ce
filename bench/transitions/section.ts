import { MOST_TRANSITIONS } from '../../rehearsal/figures/check';
import type { Section } from '../section';
import type { TransitionFigures } from './measure';

export function transitionsSection({ plain, features }: TransitionFigures): Section {
  return {
    title: 'Transitions of each feature',
    text: [
      'Counted in the synthesized definitions: each state that a release enters is a transition, as AWS counts them; a try that fails comes on top. ' +
        'The plainest path has one environment with one test, nobody who is asked, and one step of traffic; each row is that path with one thing more. ' +
        `Aim: fewer than ${MOST_TRANSITIONS} for a release that goes straight through.`,
    ],
    tables: [
      {
        columns: ['one environment, and', 'transitions', 'added'],
        words: 1,
        rows: [['nothing else', String(plain), ''], ...features.map(({ name, transitions }) => [name, String(transitions), String(transitions - plain)])],
      },
    ],
    remarks: ['Freezes, emergencies, fix-forwards, sticky sessions and further rules are no states of a machine: they add none'],
  };
}
