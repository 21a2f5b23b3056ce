import { type DefinitionJson, read } from '../../proof/machines/definition';
import { compile } from '../../proof/machines/expression';
import { functionOf } from '../../proof/machines/functions';
import { catcherOf, chosen, done, retrierOf } from '../../proof/machines/moves';

const scope = { states: { input: { percent: 10 }, result: { outcome: 'shifted' } }, variables: { colour: 'blue' } };

function stateOf(json: object) {
  const found = read({ StartAt: 'it', States: { it: json } } as unknown as DefinitionJson, compile).states.get('it');
  if (!found) throw new Error('the state is there');
  return found;
}

test('a state leaves its result behind, or what its Output makes of it; and sets variables', () => {
  expect(done(stateOf({ Type: 'Pass' }), 'result', scope)).toEqual({ output: 'result', assigned: {} });
  const state = stateOf({ Type: 'Task', Output: { was: '{% $states.result.outcome %}', always: 1 }, Assign: { share: '{% $states.input.percent + 1 %}' } });
  expect(done(state, 'result', scope)).toEqual({ output: { was: 'shifted', always: 1 }, assigned: { share: 11 } });
});

test('the first condition that holds is the way, and otherwise the default', () => {
  const rule = (Condition: string, Next: string) => ({ Condition: `{% ${Condition} %}`, Next, Assign: { by: Next } });
  const choice = (...rules: object[]) => stateOf({ Type: 'Choice', Choices: rules, Default: 'else' });
  expect(chosen(choice(rule("$colour = 'red'", 'a'), rule("$colour = 'blue'", 'b'), rule('true', 'c')), scope)).toEqual({ next: 'b', assigned: { by: 'b' } });
  expect(chosen(choice(rule("$colour = 'red'", 'a')), scope)).toEqual({ next: 'else', assigned: {} });
  expect(() => chosen(choice(rule('$colour', 'a')), scope)).toThrow('a condition of "it" is "blue", no boolean');
});

test('an expression that yields nothing fails the state, as in Step Functions', () => {
  expect(() => done(stateOf({ Type: 'Pass', Output: '{% $states.input.nothing %}' }), undefined, scope)).toThrow('an expression of "it" yields nothing');
});

test('an error goes to the first rule that names it, or all of them', () => {
  const state = stateOf({
    Type: 'Task',
    Retry: [{ ErrorEquals: ['Lambda.ServiceException'], MaxAttempts: 5 }, { ErrorEquals: ['States.ALL'] }],
    Catch: [{ ErrorEquals: ['AlarmRaised'], Next: 'back' }],
  });
  expect(retrierOf(state, 'Lambda.ServiceException')).toMatchObject({ maxAttempts: 5, intervalSeconds: 1, backoffRate: 2 });
  expect(retrierOf(state, 'Other')).toMatchObject({ maxAttempts: 3 });
  expect(catcherOf(state, 'AlarmRaised')?.next).toBe('back');
  expect(catcherOf(state, 'Other')).toBeUndefined();
});

test('what would be carried out as something else is refused', () => {
  expect(() => stateOf({ Type: 'Task', HeartbeatSeconds: 5 })).toThrow('the proofs do not know the field HeartbeatSeconds of the state "it"');
  expect(() => stateOf({ Type: 'Task', Retry: [{ ErrorEquals: ['States.ALL'], Patience: 5 }] })).toThrow('the field Patience');
  expect(() => functionOf('arn:aws:lambda:eu-west-2:111111111111:function:FunctionsPaintFunctionCurrentVersion1:1')).toThrow(
    'the proofs do not know the function',
  );
});
