import { describe, expect, it } from 'vitest';
import { definition, idle, mapOver, problemsOf, workTask } from './definitions.ts';
import { outputOf } from './fake-host.ts';

const reading = (expression: string) => idle({ Output: `{% ${expression} %}` });

describe('variables', () => {
  it('that no state assigns are refused', () => {
    expect(problemsOf(definition({ A: reading('$lost') }))).toEqual([
      'State "A": Output reads $lost, which is assigned by no state before it.',
    ]);
  });

  it('that the state itself assigns have no value yet', () => {
    const text = definition({ A: idle({ Assign: { x: 1 }, Output: '{% $x %}' }) });

    expect(problemsOf(text)).toEqual(['State "A": Output reads $x, which is not assigned on every way to this state.']);
  });

  it('that are assigned on one of two ways are refused', () => {
    const text = definition({
      A: workTask({ Assign: { lock: 1 }, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B' }], Next: 'B' }),
      B: reading('$lock'),
    });

    expect(problemsOf(text)).toEqual([
      'State "B": Output reads $lock, which is not assigned on every way to this state.',
    ]);
  });

  it('that are assigned on both ways, around a loop, or within the expression are accepted', () => {
    const text = definition({
      A: workTask({
        Assign: { lock: 1, cursor: null },
        Next: 'Which?',
      }),
      'Which?': {
        Type: 'Choice',
        Choices: [{ Condition: '{% $states.input = 1 %}', Assign: { cursor: 'x' }, Next: 'B' }],
        Default: 'B',
      },
      B: idle({ Assign: { cursor: '{% $string($cursor) %}' }, Next: 'C' }),
      C: { Type: 'Choice', Choices: [{ Condition: '{% $cursor = "null" %}', Next: 'B' }], Default: 'D' },
      D: reading(
        '($y := $lock; $f := function($n) { $n < 1 ? $y : $f($n - 1) }; $states.input.a@$i#$at[$i.b = $at].($map(c, function($v) { $v & d })) ~> $count)',
      ),
    });

    expect(problemsOf(text)).toEqual([]);
  });

  it('of a parent are not seen in the children of a map', () => {
    const text = definition({ A: idle({ Assign: { x: 1 }, Next: 'B' }), B: mapOver({ C: reading('$x') }) });

    expect(problemsOf(text)).toEqual(['State "C": Output reads $x, which is assigned by no state before it.']);
  });
});

describe('names in an expression', () => {
  it.each([
    "$states.input.items.{'a': n, 'b': $.k}",
    '$states.input.items^(>n).k',
    '$states.input.items{k: $sum(n)}',
    "$states.input.items#$i.{'i': $i, 'k': k}",
    '$states.input ~> |items|{"x": n * 2}, ["k"]|',
    '$states.input.items[n > 1 and k = "b"][0].*',
    '$states.input.**.n',
    '$states.input.items.n.(%.k)',
    '$filter($states.input.items, function($v, $i) { $v.n > $i })[0].k',
    '($add := function($x, $y)<nn:n> { $x + $y }; $one := $add(1, ?); $states.input.items.n ~> $map($one))',
    '$replace("a-b", /-./, function($m) { $m.match })',
    '[1..3].($ * 2)',
    '$states.input.items@$item.$states.input.items[n = $item.n].k',
  ])('that JSONata itself gives a value to are accepted: %s', async (expression) => {
    const states = { A: reading(expression) };

    expect(problemsOf(definition(states))).toEqual([]);
    await expect(
      outputOf(states, {
        items: [
          { n: 1, k: 'a' },
          { n: 2, k: 'b' },
        ],
      }),
    ).resolves.toBeDefined();
  });

  it.each([
    ['$map([1], function($v) { n })', 'n has no value here'],
    ['[1..3] ~> $map(function($v) { $v + $lost })', '$lost'],
    ['($x := 1; $y) + $x', '$x'],
    ['$states.input.items#$i.n + $i', '$i'],
    ['*', '* has no value here'],
    ['($states := 1; $states)', '$states cannot be assigned'],
  ])('that nothing gives a value to are refused: %s', (expression, problem) => {
    expect(problemsOf(definition({ A: reading(expression) }))).toEqual(
      expect.arrayContaining([expect.stringContaining(problem)]),
    );
  });
});
