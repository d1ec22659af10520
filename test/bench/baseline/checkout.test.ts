import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { type CheckoutPlace, checkOut } from '../../../bench/baseline/checkout.ts';
import { testDirectory } from '../../end-to-end/local-run.ts';

const budget = 'core/model/request-budget.ts';
const ofClasses = (...names: string[]) => `export const endpointClasses = ${JSON.stringify(names)};\n`;

/** A repository with two commits, in which somebody is at work on a third. */
function testRepository() {
  const [repository, cache] = [testDirectory(), join(testDirectory(), 'cache')];
  const git = (...words: string[]) =>
    execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.com', ...words], {
      cwd: repository,
      encoding: 'utf8',
    }).trim();
  const write = (text: string) => {
    mkdirSync(dirname(join(repository, budget)), { recursive: true });
    writeFileSync(join(repository, budget), text);
  };
  git('init', '-q');
  const commits = ['object', 'page'].map((name) => {
    write(ofClasses(name));
    git('add', '-A');
    git('commit', '-qm', name);
    return git('rev-parse', 'HEAD');
  });
  write(ofClasses('unfinished'));
  const installed: string[] = [];
  const place: CheckoutPlace = {
    repository,
    cache,
    install: (directory) => {
      installed.push(readFileSync(join(directory, budget), 'utf8'));
    },
  };
  return { git, commits, place, installed };
}

it('a commit is checked out and built once, whatever the working tree holds, and the repository stays as it is', async () => {
  const { git, commits, place, installed } = testRepository();
  const [first = '', second = ''] = commits;
  const state = () => [git('status', '--porcelain'), git('worktree', 'list'), git('branch', '-a')];
  const before = state();
  for (const name of [first, first.slice(0, 8), 'HEAD~1']) {
    expect((await checkOut(name, place)).endpointClasses).toEqual(['object']);
  }
  expect((await checkOut(second, place)).endpointClasses).toEqual(['page']);
  expect(installed).toEqual([ofClasses('object'), ofClasses('page')]);
  expect(readdirSync(place.cache).sort()).toEqual([first, second].sort());
  expect(state()).toEqual(before);
});

it('is built anew where somebody has changed a file of it', async () => {
  const { commits, place, installed } = testRepository();
  const [first = ''] = commits;
  const { directory } = await checkOut(first, place);
  writeFileSync(join(directory, budget), ofClasses('changed'));
  await checkOut(first, place);
  expect(installed).toHaveLength(2);
  expect(readFileSync(join(directory, budget), 'utf8')).toBe(ofClasses('object'));
});

it.each(['0123456789', '--all', 'HEAD:core', 'gone'])('%s is no commit: it says what to do', async (name) => {
  const { place } = testRepository();
  await expect(checkOut(name, place)).rejects.toThrow(`has no commit ${name}. In a clone that holds only the last`);
  expect(existsSync(place.cache)).toBe(false);
});

it('one whose installation fails leaves nothing that could be taken for built', async () => {
  const { commits, place, installed } = testRepository();
  const [first = ''] = commits;
  const install = () => {
    throw new Error('no registry');
  };
  await expect(checkOut(first, { ...place, install })).rejects.toThrow('no registry');
  expect(readdirSync(place.cache)).toEqual([]);
  await checkOut(first, place);
  expect(installed).toHaveLength(1);
});
