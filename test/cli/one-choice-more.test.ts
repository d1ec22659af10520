import * as v from 'valibot';
import { describe, expect, it, vi } from 'vitest';
import { backup } from './pretend-product.ts';
import { run } from './restored.ts';

/** The table as somebody leaves it who adds two choices: nothing else has heard of them. */
vi.mock(import('../../functions/inputs/restore-choices.ts'), async (original) => {
  const { choiceRows, ...others } = await original();
  const colours = v.optional(v.array(v.picklist(['red', 'green'], 'can only be red or green')), []);
  const option = { flags: '--only-colour <COLOUR>', needs: 'It needs a colour.', isRepeated: true } as const;
  const isBright = { option: { flags: '--bright' }, help: 'paint it bright', check: v.optional(v.boolean(), false) };
  const more = { 'include.colours': { option, help: 'restore only this colour', check: colours }, isBright };
  return { ...others, choiceRows: [...choiceRows, ...Object.entries(more)] };
});

const inBoth = { include: { objectTypes: [], colours: ['red', 'green'] }, isBright: true };

describe('a row more in the table of choices', () => {
  it('is an option of the command, and is in the line to start it again', async () => {
    const options = ['--only-colour', 'red', '--only-colour', 'green', '--bright'];
    const { asked, lastLine } = await run(['plan', backup, ...options]);

    expect(asked?.choices).toMatchObject(inBoth);
    expect(lastLine).toContain(` ${options.join(' ')} --approve `);
    expect((await run(['restore', '--help'])).stdout).toMatch(
      /^ {2}--only-colour <COLOUR> +restore only this colour$/m,
    );
  });

  it('is a field of the input, with its check and its default', async () => {
    const byFile = (content: object) => run(['plan', backup, '--input', '@in.json'], { files: { 'in.json': content } });

    expect((await byFile({ include: { colours: ['red', 'green'] }, isBright: true })).asked?.choices).toMatchObject(
      inBoth,
    );
    expect((await byFile({})).asked?.choices).toMatchObject({ include: { colours: [] }, isBright: false });
    expect((await byFile({ include: { colours: ['blue'] } })).stderr).toContain(
      'include.colours.0 can only be red or green',
    );
  });
});
