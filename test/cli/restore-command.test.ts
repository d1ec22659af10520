import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../cli/command-line.ts';
import { InterruptedError, PlanChangedError } from '../../core/errors.ts';
import type { Difference, Loss, RestoreReport } from '../../core/model/restore.ts';
import { shellWord } from '../../core/shell-word.ts';
import { backup, manifest, pretendProduct } from './pretend-product.ts';
import { counts, hash, keys, planCounts, planSummary, report } from './pretend-restore.ts';
import { RecordedIo } from './recorded-io.ts';
import { env, run } from './restored.ts';
import { temporaryFolder } from './temporary-folder.ts';

const loss = (number: number): Loss => ({
  kind: 'object',
  source: String(number),
  where: `ITSM-${number}`,
  attribute: 'Owner',
  values: number,
  reason: 'the target has no such account',
});
const losses = Array.from({ length: 12 }, (_, index) => loss(index + 1));

/** A reference that leads to nothing of the target, or to what stands under another key by now. */
const reference = (number: number, now: string | null, reason: string): Loss => ({
  ...{ kind: 'object', source: String(number), where: `ASSETS-${number}`, attribute: 'Vendor', values: 1, reason },
  refersTo: { key: 'ASSETS-667', now },
});

const linked = {
  ...{ references: 306, objects: 214 },
  schemas: [
    { key: 'ASSETS', references: 300, objects: 210 },
    { key: 'PPL', references: 6, objects: 4 },
  ],
};
const changed = { attributes: 2, objects: 2, places: [{ where: 'ASSETS / Laptop: Owner', objects: 2 }] };

const difference: Difference = {
  kind: 'object',
  source: '88',
  target: '1088',
  where: 'ITSM-88',
  what: 'the attribute Owner has 1 value, the backup 2',
};

describe('plan', () => {
  it('shows what would be done, and the command that does exactly that', async () => {
    const { exitCode, stdout, directory, lastLine } = await run(['plan', backup, '--schema', 'FAC=FAC_IMP:My fac']);

    expect(exitCode).toBe(0);
    expect(stdout.split('\n').slice(0, 11)).toEqual([
      '  Objects of     Name                   Types  Create   Reuse',
      '  FAC → FAC_IMP  Facilities [Imported]      1   1,204       0',
      '  USERS          Users                      0      22  10,000',
      '  Total                                     1   1,226  10,000',
      '',
      '  Other things  Create  Reuse',
      '  Schemas            2      0',
      '  Object types       3      0',
      '  Attributes        31      0',
      '  Comments         233      0',
      '',
    ]);
    expect(stdout).toMatch(/Requests +1,502, about 3 min$/m);
    expect(stdout).toMatch(/Objects there +10,000 now, 11,226 afterwards$/m);
    expect(lastLine).toBe(
      `Planned: 1,226 objects and 269 other things to write. Nothing was changed. Carry it out: npx assets-backup restore ${backup} --local '${directory}' --schema 'FAC=FAC_IMP:My fac' --approve ${hash}`,
    );
    expect(existsSync(join(directory, '.work', keys.plan))).toBe(true);
    expect(stdout).toContain(join(directory, '.work', keys.plan));
  });

  it('repeats every option in the command that goes on', async () => {
    const leftOut = ['--no-objects', '--no-comments', '--no-history', '--no-restrictions', '--into-existing'];
    const others = ['--only-type', 'Mobile phone', '--users', '@users.csv', '--keep-logs', '5'];
    const argv = [backup, '--schema', 'FAC', '--schema', 'HR=HR2', '--input', '@in.json', ...leftOut, ...others];
    const { lastLine, files } = await run(['plan', ...argv], { files: { 'users.csv': 'a', 'in.json': {} } });

    for (const word of argv) expect(lastLine).toContain(shellWord(word.replace('@', `${files}/`)));
  });

  it('names what is lost, missing and to be known, and where all of it stands', async () => {
    const accounts = Array.from({ length: 11 }, (_, index) => `5b10a2844c20165700ede${index}`);
    const summary = planSummary({
      counts: planCounts({ object: counts({ create: 5, update: 1, conflict: 2, skip: 3 }) }),
      missingAccounts: accounts,
      missingGroups: null,
      outsideKept: 7,
      outsideLost: 2,
      objectsNow: null,
      losses,
      lossCount: 78,
      warnings: ['The target has other status types.'],
      usersTemplate: keys.usersTemplate,
    });
    const { exitCode, stdout, directory, lastLine } = await run(['plan', backup], { summary });

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^ +Objects of .* Create +Reuse +Update +Conflict +Skip$/m);
    expect(stdout).toContain(
      'Known losses (78 values):\n  - ITSM Owner: 78 values of 12 objects (the target has no such account), such as ITSM-1, ITSM-2, ITSM-3\n',
    );
    expect(stdout).not.toContain(' more, in ');
    expect(stdout).toContain('Accounts that the target lacks (11):\n  - 5b10a2844c20165700ede0\n');
    expect(stdout).toContain('  and 1 more, which the template names');
    expect(stdout).toContain('Groups of the target are not known: this login may not list them.');
    expect(stdout).toContain(`--users FILE:\n  ${join(directory, '.work', keys.usersTemplate)}`);
    expect(stdout).toMatch(/References +to objects outside of this restore: 7 kept, 2 lost$/m);
    expect(stdout).toMatch(/Objects there +the site does not say/);
    expect(stdout).toContain('Warnings (1):\n  - The target has other status types.');
    expect(lastLine).toContain('6 objects to write, 2 conflicts left alone, 78 values lost.');
  });

  it('names what is linked again, what somebody has changed, and where each of them stands', async () => {
    const files = { linkFiles: [keys.plannedLinks(1)], changedFiles: [keys.changed(1)] };
    const { stdout, directory } = await run(['plan', backup], { summary: planSummary({ linked, changed, ...files }) });

    expect(stdout).toContain(
      [
        '306 references of 214 objects that are there will lead to what is made anew:',
        '  - ASSETS: 300 references of 210 objects',
        '  - PPL: 6 references of 4 objects',
        `  each of them in ${join(directory, '.work', keys.plannedLinks(1))}`,
        '',
        '2 values of 2 objects differ from the backup and stay as they are:',
        '  - ASSETS / Laptop: Owner of 2 objects',
        `  each of them in ${join(directory, '.work', keys.changed(1))}`,
      ].join('\n'),
    );
  });

  it('names what would be set back, and what came after the backup', async () => {
    const files = { overwrittenFiles: [keys.plannedOverwrites(1)] };
    const types = [{ where: 'ASSETS / Laptop', objects: 3 }];
    const cameLater = { objects: 3, types, files: [keys.cameLater(1)] };
    const summary = planSummary({ overwritten: changed, cameLater, ...files });
    const { stdout, directory } = await run(['plan', backup], { summary });

    expect(stdout).toContain(
      [
        '2 values of 2 objects that are there would be overwritten:',
        '  - ASSETS / Laptop: Owner of 2 objects',
        `  each of them in ${join(directory, '.work', keys.plannedOverwrites(1))}`,
        '',
        '3 objects came after the backup and stay as they are:',
        '  - ASSETS / Laptop: 3 objects',
        `  each of them in ${join(directory, '.work', keys.cameLater(1))}`,
      ].join('\n'),
    );
  });

  it('of what is all there says that nothing is to be written', async () => {
    const summary = planSummary({ counts: planCounts({ object: counts({ reuse: 11_226 }) }) });

    expect((await run(['plan', backup], { summary })).lastLine).toMatch(/^There is nothing to write: .*--approve/);
  });

  it('that its input file asks for says how to go on', async () => {
    const files = { 'import.json': { folder: backup, dryRun: true } };
    const { lastLine, exitCode } = await run(['restore', '--input', '@import.json'], { files });

    expect(exitCode).toBe(0);
    expect(lastLine).toMatch(
      /Carry it out: take "dryRun" out of .*import\.json, then npx assets-backup restore --local/,
    );
  });

  it('gives 0 also where something is to be approved; the restore stops there with 1', async () => {
    const summary = planSummary({ approvals: ['make the attribute HR / Person: Badge'] });
    const plan = await run(['plan', backup], { summary });
    const dryRun = await run(['restore', backup, '--dry-run'], { summary });
    const restore = await run(['restore', backup], { summary });
    const approved = await run(['restore', backup, '--approve', hash], { summary });

    expect([plan, dryRun, restore, approved].map(({ exitCode }) => exitCode)).toEqual([0, 0, 1, 0]);
    for (const { stdout, lastLine } of [plan, dryRun, restore]) {
      expect(stdout).toContain('To be approved (1):\n  - make the attribute HR / Person: Badge\n');
      expect(lastLine).toMatch(new RegExp(`npx assets-backup restore ${backup} .* --approve ${hash}$`));
    }
    expect(restore.lastLine).toContain('Nothing was changed, as 1 thing above needs your approval.');
    expect(plan.lastLine).toContain('Approve and carry it out:');
  });

  it('with --json is one document with the plan', async () => {
    const { io, stderr, directory } = await run(['plan', backup, '--json'], {
      summary: planSummary({ usersTemplate: keys.usersTemplate }),
    });

    expect(stderr).toBe('');
    expect(io.document()).toMatchObject({
      type: 'plan',
      outcome: 'planned',
      backup,
      summary: { hash, requests: 1502 },
      next: expect.stringContaining(`--approve ${hash}`),
      paths: {
        plan: join(directory, '.work', keys.plan),
        losses: [join(directory, '.work', keys.plannedLosses(1))],
        links: [],
        changed: [],
        items: [join(directory, '.work', keys.items(1)), join(directory, '.work', keys.items(2))],
        usersTemplate: join(directory, '.work', keys.usersTemplate),
        log: expect.stringContaining('.log'),
      },
      exitCode: 0,
    });
  });
});

describe('restore', () => {
  it('shows what was restored, how it was checked, and what to do next', async () => {
    const { exitCode, stdout, stderr, directory, lastLine } = await run(['restore', backup]);

    expect(exitCode).toBe(0);
    expect(stdout.split('\n').slice(0, 4)).toEqual([
      '  Objects of     Created  Reused  Updated  Lost',
      '  FAC → FAC_IMP    1,204       0        0     0',
      '  USERS               22  10,000        0     0',
      '  Total            1,226  10,000        0     0',
    ]);
    for (const line of [
      /Target +https:\/\/target\.atlassian\.net$/m,
      /Took +3:05$/m,
      /Comments +233, and 1,226 with history$/m,
      /Compared +11,226 objects, 61,004 values$/m,
      /Requests +1,263$/m,
    ]) {
      expect(stdout).toMatch(line);
    }
    for (const key of [keys.keyTable, keys.report]) expect(stdout).toContain(join(directory, '.work', key));
    expect(stdout).toContain('What no restore can bring back (1):\n  - keys, created and updated of objects');
    expect(lastLine).toBe(
      `Restored 2 schemas: 1,226 objects created, 10,000 there before; nothing is lost. See that nothing is left to do: npx assets-backup plan ${backup} --local '${directory}'`,
    );
    expect(stderr).toContain(`Restoring ${backup} to https://target.atlassian.net\n`);
  });

  it('names the first ten losses with their reasons and where all stand, and gives 3', async () => {
    const files = { ...report().files, losses: keys.lossLines, referencesByHand: keys.referencesByHand };
    const others = losses.slice(0, 10).map((one, index) => ({ ...one, attribute: `Owner ${index}` }));
    const all = [reference(670, 'ASSETS-2555', 'it was refused'), reference(671, null, 'it is not there'), ...others];
    const lost = { losses: all, lossCount: 57 };
    const made = report({ outcome: 'restored-with-losses', ...lost, files, notices: ['A notice.'] });
    const { exitCode, stdout, directory, lastLine } = await run(['restore', backup], { report: made });

    expect(exitCode).toBe(3);
    expect(stdout).toContain('Losses (57 values):\n  - ITSM-10 Owner 9: 10 values (the target has no such account)\n');
    expect(stdout).toContain('  - ASSETS-670 Vendor: ASSETS-667 → ASSETS-2555 (it was refused)\n');
    // The tenth line is the last; what is not shown are a value of a reference and one of ITSM-1.
    expect(stdout).toContain(`  and 2 more, in ${join(directory, '.work', keys.lossLines)}`);
    expect(stdout).toMatch(new RegExp(`To link by hand +${join(directory, '.work', keys.referencesByHand)}$`, 'm'));
    expect(stdout).toContain('Notices (1):\n  - A notice.');
    expect(lastLine).toMatch(
      /, with 57 values lost\. Mend the causes and give the same line again, or link by hand what references-by-hand\.csv names\. What is left to do: npx assets-backup plan /,
    );
  });

  it('counts what a damaged file of many objects held in the values that the heading counts', async () => {
    const damaged = [1, 1, 3, 1].map((values, index) => ({
      ...({
        kind: 'comment',
        source: `Laptop_1.json of ${index}`,
        where: `comments of object ${index}`,
        values,
      } as const),
      reason: 'Laptop_1.json is damaged',
    }));
    const lost = { losses: damaged, lossCount: 6 };
    const { stdout } = await run(['restore', backup], { report: report({ outcome: 'restored-with-losses', ...lost }) });
    expect(stdout).toContain(
      'Losses (6 values):\n  - 6 values of 4 objects (Laptop_1.json is damaged), such as comments of object 0, ',
    );
  });

  it('makes one sentence with a count of many losses of one reason', async () => {
    const same = Array.from({ length: 10 }, (_, index) => reference(index + 1, null, 'it is not there'));
    const icons = ['a', 'b', 'c', 'd'].map((name) => ({
      ...({ kind: 'icon', source: name, where: name, values: 0 } as const),
      reason: 'the site takes no images',
    }));
    const lost = { losses: [...same, ...icons], lossCount: 14 };
    const { stdout } = await run(['restore', backup], { report: report({ outcome: 'restored-with-losses', ...lost }) });

    const first = [1, 2, 3].map((number) => `ASSETS-${number}: ASSETS-667`).join(', ');
    expect(stdout).toContain(
      [
        'Losses (14 values):',
        `  - ASSETS Vendor: 10 references of 10 objects (it is not there), such as ${first}`,
        '  - 4 icons (the site takes no images), such as a, b, c',
        '',
      ].join('\n'),
    );
  });

  it('names what was linked again and what somebody has changed', async () => {
    const files = { ...report().files, links: keys.linkTable, changed: keys.changedLines };
    const { stdout, directory } = await run(['restore', backup], { report: report({ linked, changed, files }) });

    expect(stdout).toContain('306 references of 214 objects that are there lead to what is made anew:\n  - ASSETS: ');
    expect(stdout).toContain(`  each of them in ${join(directory, '.work', keys.linkTable)}\n`);
    expect(stdout).toContain('  - ASSETS / Laptop: Owner of 2 objects\n');
    expect(stdout).toContain(`  each of them in ${join(directory, '.work', keys.changedLines)}\n`);
  });

  it('shows what version 0.1.0 has left as well', async () => {
    const { linked: _l, changed: _c, lossGroups: _g, ...old } = report({ losses: losses.slice(0, 1), lossCount: 1 });
    const files = { losses: null, differences: null, keys: keys.keyTable };
    const made = { ...old, outcome: 'restored-with-losses', files } as unknown as RestoreReport;
    const { exitCode, stdout, lastLine } = await run(['restore', backup], { report: made });

    expect(exitCode).toBe(3);
    expect(stdout).toContain('Losses (1 value):\n  - ITSM-1 Owner: 1 value (the target has no such account)\n');
    expect(lastLine).not.toContain('by hand');
  });

  it('names differences, and gives 14 whatever else was lost', async () => {
    const made = report({
      outcome: 'differences-found',
      losses: losses.slice(0, 1),
      lossCount: 1,
      differences: [difference],
      differenceCount: 1,
    });
    const { exitCode, stdout, lastLine } = await run(['restore', backup], { report: made });

    expect(exitCode).toBe(14);
    expect(stdout).toContain('Differences (1):\n  - ITSM-88: the attribute Owner has 1 value, the backup 2\n');
    expect(lastLine).toContain('but with 1 difference and 1 value lost.');
  });

  it('with --json is one document with the report', async () => {
    const made = report({ outcome: 'restored-with-losses', losses, lossCount: 12 });
    const { exitCode, io, stderr, directory } = await run(['restore', backup, '--json'], { report: made });

    expect(exitCode).toBe(3);
    expect(stderr).toBe('');
    expect(io.document()).toMatchObject({
      type: 'restore',
      outcome: 'restored-with-losses',
      created: 1226,
      losses: 12,
      report: { hash, lossCount: 12, schemas: [{ from: 'FAC', to: 'FAC_IMP' }, {}] },
      paths: {
        plan: join(directory, '.work', keys.plan),
        report: join(directory, '.work', keys.report),
        losses: null,
        changed: null,
        keys: join(directory, '.work', keys.keyTable),
        links: null,
        referencesByHand: null,
      },
      exitCode: 3,
    });
  });

  it('writes a log beside those of the backups', async () => {
    const { directory } = await run(['restore', backup]);
    const [name = ''] = readdirSync(join(directory, 'logs'));
    const lines = readFileSync(join(directory, 'logs', name), 'utf8')
      .trimEnd()
      .split('\n');

    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { event: 'run.started' },
      { event: 'run.ended', outcome: 'restored', exitCode: 0 },
    ]);
  });

  it('stops in order at Ctrl-C', async () => {
    const { product, backups } = pretendProduct();
    backups.add(manifest());
    const io = new RecordedIo({ env });

    const code = await runCommandLine(['restore', backup, '--local', temporaryFolder()], io, {
      ...product,
      restore: ({ signal }) => {
        io.pressCtrlC();
        expect(signal?.aborted).toBe(true);
        return Promise.reject(new InterruptedError('The restore was stopped.'));
      },
    });

    expect(code).toBe(130);
    expect(io.stderr.text).toMatch(/Stopping \.\.\.;.*\nThe restore was stopped\.\n/);
    expect(io.isListening).toBe(false);
  });

  it('that is refused says why in a sentence, with its log', async () => {
    const { product, backups } = pretendProduct();
    backups.add(manifest());
    const io = new RecordedIo({ env });

    const code = await runCommandLine(['restore', backup, '--local', temporaryFolder(), '--approve', hash], io, {
      ...product,
      restore: () => Promise.reject(new PlanChangedError('The plan has changed.')),
    });

    expect(code).toBe(1);
    expect(io.stdout.text).toBe('');
    expect(io.stderr.text).toMatch(/The plan has changed\.\nThe log of this run: /);
  });

  it('does not take names of the site for orders to the terminal', async () => {
    const made = report({ losses: [{ ...loss(1), where: 'Up\u202e\u001b[31m\nside' }], lossCount: 1 });
    const { stdout } = await run(['restore', backup], { report: made });

    expect(stdout).toContain('Up\\u202e\\u001b[31m\\u000aside');
  });
});
