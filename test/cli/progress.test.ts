import { stripVTControlCharacters } from 'node:util';
import picocolors from 'picocolors';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Output } from '../../cli/output/output.ts';
import { displayProgress } from '../../cli/progress/progress-display.ts';
import { progressFrame } from '../../cli/progress/progress-frame.ts';
import { backupRunKind, deployedRuns, restoreRunKind } from '../../cli/progress/run-kind.ts';
import { type ProgressView, RunProgress } from '../../cli/progress/run-progress.ts';
import { restoreStages, type Stage } from '../../core/ports/reporter.ts';
import { RecordedIo } from './recorded-io.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const plain = picocolors.createColors(false);
const now = () => Date.now();

function wordsOf(name: Stage) {
  const words = backupRunKind.stages.find(({ stage }) => stage === name);
  if (!words) throw new Error(`A backup has no stage ${name}.`);
  return words;
}

/** Lets `perSecond` happen in each of so many seconds. */
function seconds(count: number, perSecond: () => void): void {
  for (let second = 0; second < count; second += 1) {
    perSecond();
    vi.advanceTimersByTime(1000);
  }
}

describe('comments, which go on beside objects and references', () => {
  it('end no stage before them, and the time left is that of what takes longest', () => {
    const progress = new RunProgress(restoreRunKind, now);
    progress.planned('configuration', 1);
    progress.planned('objects', 1_000);
    progress.planned('comments', 1_000, true);
    seconds(30, () => {
      progress.advanced('objects', 20);
      progress.advanced('comments', 10);
    });
    const ended = () => progress.view().stages.map(({ stage, hasEnded }) => [stage.stage, hasEnded]);
    expect(ended()).toEqual([
      ['configuration', true],
      ['objects', false],
      ['comments', false],
    ]);
    expect(progress.view().left).toMatchObject({ stage: { stage: 'comments' }, milliseconds: 70_000 });
    progress.planned('references', 100);
    expect(ended()).toContainEqual(['objects', true]);
    expect(ended()).toContainEqual(['comments', false]);
    progress.planned('constraints', 1);
    expect(ended()).toContainEqual(['comments', true]);
  });

  it('end those when nothing else is left to do, so that no time of theirs is said of a stage that is over', () => {
    const progress = new RunProgress(restoreRunKind, now);
    const ended: [string, number][] = [];
    progress.listen({
      ...{ began: () => undefined, entered: () => undefined, waits: () => undefined },
      ended: ({ stage, milliseconds }) => ended.push([stage.stage, milliseconds]),
    });
    progress.planned('objects', 1_000);
    progress.planned('comments', 1_000, true);
    vi.advanceTimersByTime(60_000);
    progress.planned('references', 0);
    vi.advanceTimersByTime(1_000);
    progress.planned('comments', 0);
    vi.advanceTimersByTime(3_600_000);
    progress.planned('constraints', 1);
    expect(ended).toEqual([
      ['objects', 60_000],
      ['references', 1_000],
      ['comments', 3_661_000],
    ]);
  });

  it('are told of with them where stderr is no terminal', () => {
    const io = new RecordedIo();
    const progress = new RunProgress(restoreRunKind, now);
    const display = displayProgress(io, new Output(io, { isJson: false, isDebug: false }), progress);
    progress.planned('objects', 100);
    progress.planned('comments', 100, true);
    progress.advanced('objects', 50);
    progress.advanced('comments', 25);
    vi.advanceTimersByTime(30_000);
    display.end();
    expect(io.stderr.text.trimEnd().split('\n').at(-1)).toMatch(
      /^Objects: 50 objects \(50 %\), Comments: 25 objects \(25 %\), /,
    );
  });
});

describe('the progress of a run', () => {
  it('adds up what is planned in several parts', () => {
    const progress = new RunProgress(backupRunKind, now);

    progress.planned('objects', 100);
    progress.planned('objects', 50);
    progress.advanced('objects', 75);

    expect(progress.view().stages).toMatchObject([{ stage: { stage: 'objects' }, planned: 150, done: 75 }]);
    expect(progressFrame(progress.view(), 100, plain)).toMatch(/ 50% 75\/150\n/);
  });

  it('is never over 100 % when there is more than was planned', () => {
    const progress = new RunProgress(backupRunKind, now);

    progress.planned('objects', 100);
    progress.advanced('objects', 250);

    const frame = progressFrame(progress.view(), 100, plain);
    expect(frame).toMatch(/ 100% 250\n/);
    expect(frame).not.toContain('250/100');
  });

  it('is not 100 % before all is done', () => {
    const progress = new RunProgress(backupRunKind, now);

    progress.planned('activity', 100_000);
    progress.advanced('activity', 99_999);

    expect(progressFrame(progress.view(), 100, plain)).toContain(' 99% 99,999/100,000');
  });

  it('ends a stage when a later one begins, though less came than was planned', () => {
    const progress = new RunProgress(backupRunKind, now);

    progress.planned('objects', 100);
    progress.advanced('objects', 90);
    progress.planned('activity', 90);

    expect(progressFrame(progress.view(), 100, plain)).toMatch(/^Objects .* 100% 90\nActivity .* {3}0% 0\/90/);
  });

  it('does not end the stage in which a run fails', () => {
    const progress = new RunProgress(backupRunKind, now);

    progress.planned('objects', 100);
    progress.advanced('objects', 90);

    expect(progress.view().stages[0]?.hasEnded).toBe(false);
  });

  it('estimates the time left from the rate of the last minute', () => {
    const progress = new RunProgress(backupRunKind, now);
    progress.planned('activity', 2000);
    seconds(100, () => progress.advanced('activity', 10));

    // 1,000 left at 10 a second.
    expect((progress.view().left?.milliseconds ?? 0) / 1000).toBeCloseTo(100, -1);
    expect(progressFrame(progress.view(), 100, plain)).toContain('about 2 min left');

    // Ten times slower: after a minute the old rate is forgotten.
    seconds(60, () => progress.advanced('activity', 1));
    expect((progress.view().left?.milliseconds ?? 0) / 1000).toBeCloseTo(940, -2);
  });

  it.each([
    { when: 'nothing was planned', planned: 0, moving: 9, still: 0 },
    { when: 'it just began', planned: 100, moving: 4, still: 0 },
    { when: 'more came than was planned', planned: 1, moving: 9, still: 0 },
    { when: 'nothing moved for a minute', planned: 100, moving: 9, still: 61 },
  ])('has no estimate while $when', ({ planned, moving, still }) => {
    const progress = new RunProgress(backupRunKind, now);
    if (planned > 0) progress.planned('objects', planned);

    seconds(moving, () => progress.advanced('objects', 1));
    seconds(still, () => {});

    expect(progress.view().left).toBeUndefined();
    expect(progressFrame(progress.view(), 100, plain)).not.toContain('left');
  });

  it('says of objects that only they are estimated: the activity is not planned yet', () => {
    const progress = new RunProgress(backupRunKind, now);
    progress.planned('objects', 6000);
    seconds(10, () => progress.advanced('objects', 10));

    expect(progressFrame(progress.view(), 100, plain)).toContain('about 10 min left for objects');
  });

  it('counts the requests of the last minute, of whichever endpoints, against nothing that changes with the stage', () => {
    const progress = new RunProgress(backupRunKind, now);
    seconds(30, () => progress.requested());
    seconds(30, () => {
      progress.requested();
      progress.requested();
    });

    expect(progress.view().requestsPerMinute).toBeCloseTo(90, -1);
    expect(progressFrame(progress.view(), 100, plain)).toMatch(/ (?:89|9\d) requests\/min$/);
  });
});

describe('the progress on a site that asks to slow down', () => {
  /** As a worker tells it: an answer of 429, and for how long it asks nothing. */
  function refused(progress: RunProgress, wait: number): void {
    progress.event('request.failed', { endpoint: 'GET /x', status: 429, attempt: 1 });
    progress.event('rate-limit.waited', { seconds: wait });
  }

  it('says how often it has, and what is waited for', () => {
    const progress = new RunProgress(backupRunKind, now);
    progress.planned('activity', 1000);
    progress.requested();
    refused(progress, 30);
    expect(progress.view().throttled).toEqual({ count: 1, wait: 0 });
    expect(progressFrame(progress.view(), 100, plain)).toContain('the site asked once to slow down');

    vi.advanceTimersByTime(2000);
    for (let more = 0; more < 165; more += 1) refused(progress, 28);
    expect(progressFrame(progress.view(), 120, plain).split('\n').at(-1)).toBe(
      '0:02 elapsed · the site asked 166 times to slow down · waiting 28 s for the site',
    );
    vi.advanceTimersByTime(28_000);
    progress.requested();
    expect(progressFrame(progress.view(), 100, plain)).not.toContain('waiting');
    expect(progress.view().throttled.count).toBe(166);
  });

  it('counts no other failures', () => {
    const progress = new RunProgress(backupRunKind, now);
    progress.event('request.failed', { endpoint: 'GET /x', status: 503, attempt: 1 });
    progress.event('request.failed', { endpoint: 'GET /x', error: 'was cut off', attempt: 1 });
    expect(progress.view().throttled).toEqual({ count: 0, wait: 0 });
  });

  it('says so where stderr is no terminal', () => {
    const io = new RecordedIo();
    const progress = new RunProgress(backupRunKind, now);
    const display = displayProgress(io, new Output(io, { isJson: false, isDebug: false }), progress);
    progress.planned('activity', 1);
    refused(progress, 60);
    vi.advanceTimersByTime(30_000);
    display.end();
    expect(io.stderr.text).toBe(
      'Activity: 1 object to read or carry over.\nActivity: 0 objects (0 %), 0:30 elapsed, the site asked once to slow down, waiting 30 s for the site.\n',
    );
  });

  it.each([20, 50, 80, 300].flatMap((wait) => [150, 250, 3050].map((planned) => [wait, planned] as const)))(
    'never says for more than a minute that less than one is left, where it asks for %i s, of %i objects',
    (wait, planned) => {
      const progress = new RunProgress(backupRunKind, now);
      let done = 0;
      progress.planned('activity', planned);
      let saidFor = 0;
      for (let second = 0; done < planned; second += 1) {
        // It lets 100 requests through, and then nothing.
        const isHeld = second % (10 + wait) >= 10;
        if (isHeld && second % (10 + wait) === 10) refused(progress, wait);
        if (!isHeld) {
          done += 10;
          progress.requested();
          progress.advanced('activity', 10);
        }
        vi.advanceTimersByTime(1000);
        const isSaid = progressFrame(progress.view(), 200, plain).includes('under a minute left');
        if (isSaid) saidFor += 1;
      }
      expect(saidFor).toBeLessThanOrEqual(60);
    },
  );

  it('says that it lasts longer than estimated, once that is so', () => {
    const progress = new RunProgress(backupRunKind, now);
    progress.planned('activity', 1000);
    seconds(30, () => progress.advanced('activity', 30));
    expect(progressFrame(progress.view(), 200, plain)).toContain('under a minute left');
    const one = (second: number) => () => {
      if (second % 5 === 0) progress.advanced('activity', 1);
    };
    for (let second = 0; second < 61; second += 1) {
      seconds(1, one(second));
      progress.view();
    }
    seconds(40, () => progress.advanced('activity', 2));
    expect(progressFrame(progress.view(), 200, plain)).toContain('longer than estimated');
  });
});

describe('the progress of a restore', () => {
  it('has its own stages in their order, with values lost for gaps', () => {
    const progress = new RunProgress(restoreRunKind, now);
    for (const stage of restoreStages) {
      progress.planned(stage, 10);
      progress.advanced(stage, 10);
    }
    progress.event('restore.loss', { kind: 'object', source: '1', values: 3 });
    progress.event('restore.loss', { kind: 'object', source: '2', values: 1 });
    progress.event('export.gap', {});

    const lines = progressFrame(progress.view(), 80, plain).split('\n');
    expect(lines.map((line) => line.split(' ')[0])).toEqual([
      'Check',
      'Planning',
      'Configuration',
      'Objects',
      'References',
      'Comments',
      'Constraints',
      'Comparison',
      'Issues',
      '0:00',
    ]);
    expect(lines.at(-1)).toContain('4 values lost');
    expect(progress.view().stages.map(({ hasEnded }) => hasEnded)).toEqual([...Array(8).fill(true), false]);
  });

  it('is told elsewhere in words of its own', () => {
    const io = new RecordedIo();
    const progress = new RunProgress(restoreRunKind, now);
    const display = displayProgress(io, new Output(io, { isJson: false, isDebug: false }), progress);
    progress.planned('check', 1);
    progress.planned('configuration', 31);
    progress.planned('objects', 5);
    progress.advanced('objects', 5);
    progress.planned('references', 2);
    display.end();

    expect(io.stderr.text.trimEnd().split('\n')).toEqual([
      'Check: 1 file to check.',
      'Check: 0 files checked in 0:00.',
      'Configuration: 31 things to write.',
      'Configuration: 0 things written in 0:00.',
      'Objects: 5 objects to write.',
      'Objects: 5 objects written in 0:00.',
      'References: 2 objects to link.',
    ]);
  });

  it('does not fail at a stage that is none of its own', () => {
    const progress = new RunProgress(restoreRunKind, now);
    progress.planned('verification', 3);
    progress.advanced('verification', 3);

    expect(progress.view().stages).toEqual([]);
  });
});

describe('the progress of a run elsewhere', () => {
  it('is shown from the first look on, and its rate is that of what was done since', () => {
    const progress = new RunProgress(deployedRuns.backup, now);
    const beganAt = now() - 600_000;
    progress.startedAt(beganAt - 60_000);

    progress.reached('activity', { planned: 1000, done: 400, beganAt });
    seconds(30, () => {
      const { done = 0 } = progress.view().stages[0] ?? {};
      progress.reached('activity', { planned: 1000, done: done + 1, beganAt });
    });

    const view = progress.view();
    expect(view.stages).toMatchObject([{ planned: 1000, done: 430, milliseconds: 630_000 }]);
    expect(view.elapsedMilliseconds).toBe(690_000);
    expect(view.left?.milliseconds).toBeCloseTo(570_000, -4);
  });

  it('says each state once where stderr is no terminal', () => {
    const io = new RecordedIo();
    const progress = new RunProgress(deployedRuns.restore, now);
    const display = displayProgress(io, new Output(io, { isJson: false, isDebug: false }), progress);

    for (const state of ['Open backup', 'Create objects', 'Create objects']) progress.entered(state, now());
    vi.advanceTimersByTime(30_000);
    display.end();

    expect(io.stderr.text).toBe('Open backup ...\nCreate objects ...\nCreate objects (0:30), 0:30 elapsed.\n');
  });
});

describe('a picture of the progress', () => {
  const stage = (name: Stage, fields: object) => ({
    stage: wordsOf(name),
    planned: 0,
    done: 0,
    hasEnded: false,
    milliseconds: 0,
    ...fields,
  });
  const view: ProgressView = {
    stages: [
      stage('configuration', { planned: 300, done: 300, hasEnded: true }),
      stage('objects', { planned: 1_234_567, done: 1_234_567, hasEnded: true }),
      stage('activity', { planned: 1_234_567, done: 617_283 }),
    ],
    state: undefined,
    waiting: undefined,
    elapsedMilliseconds: 3_723_000,
    requestsPerMinute: 1398.7,
    throttled: { count: 166, wait: 29_400 },
    left: { stage: wordsOf('activity'), milliseconds: 26_400_000, isOverdue: false },
    missing: { count: 12, unit: ['gap', 'gaps'] },
  };

  it.each([20, 30, 40, 41, 60, 80, 100, 200])('fits a terminal of %i columns, coloured or not', (columns) => {
    for (const colors of [plain, picocolors.createColors(true)]) {
      const lines = stripVTControlCharacters(progressFrame(view, columns, colors)).split('\n');
      for (const line of lines) expect(line.length).toBeLessThan(columns);
      // What is broken is broken between words.
      expect(lines.join(' ')).toMatch(/the site asked 166 times to slow down/);
    }
  });

  it('says where a run in AWS is just now', () => {
    const state = { name: 'Export activity of every object', milliseconds: 3_600_000 };

    expect(
      progressFrame({ ...view, state }, 80, plain)
        .split('\n')
        .slice(-3),
    ).toEqual([
      'Export activity of every object (1:00:00) · 1:02:03 elapsed',
      'about 7 h 20 min left · 1,399 requests/min',
      'the site asked 166 times to slow down · waiting 30 s for the site · 12 gaps',
    ]);
  });

  it('says what is waited for and until when, whole on a narrow terminal too', () => {
    const waiting = { what: 'for the search of the target to show new objects', until: '2026-11-29T03:14:05.250Z' };
    const text = (columns: number) =>
      progressFrame({ ...view, waiting }, columns, plain)
        .split('\n')
        .slice(3);

    expect(text(80)[0]).toBe('Waiting until 03:14:05 UTC for the search of the target to show new objects');
    expect(text(40).slice(0, 3)).toEqual([
      'Waiting until 03:14:05 UTC for the',
      'search of the target to show new',
      'objects',
    ]);
  });

  it('is whole at 80 columns', () => {
    expect(progressFrame(view, 80, plain)).toBe(
      [
        'Configuration ████████████████████████████████ 100% 300',
        'Objects       ████████████████████████████████ 100% 1,234,567',
        'Activity      ████████████████░░░░░░░░░░░░░░░░  49% 617,283/1,234,567',
        '1:02:03 elapsed · about 7 h 20 min left · 1,399 requests/min',
        'the site asked 166 times to slow down · waiting 30 s for the site · 12 gaps',
      ].join('\n'),
    );
  });

  it('keeps to what matters at 40 columns', () => {
    expect(progressFrame(view, 40, plain)).toBe(
      [
        'Configuration ████████████████ 100% 300',
        'Objects       ██████████ 100% 1,234,567',
        'Activity      ██████░░░░░░  49% 617,283',
        '1:02:03 elapsed · about 7 h 20 min left',
        '1,399 requests/min',
        'the site asked 166 times to slow down',
        'waiting 30 s for the site · 12 gaps',
      ].join('\n'),
    );
  });
});

describe('the display', () => {
  function displayed(io: RecordedIo, { isJson = false } = {}) {
    const progress = new RunProgress(backupRunKind, now);
    return { progress, display: displayProgress(io, new Output(io, { isJson, isDebug: false }), progress) };
  }

  it('redraws at most eight times a second, and leaves the last picture', () => {
    const io = new RecordedIo({ columns: 80 });
    const { progress, display } = displayed(io);
    const write = vi.spyOn(io.stderr, 'write');
    progress.planned('objects', 10_000);
    for (let step = 0; step < 1000; step += 1) {
      progress.advanced('objects', 10);
      vi.advanceTimersByTime(1);
    }
    expect(write.mock.calls.length).toBeLessThanOrEqual(8);
    expect(write.mock.calls.length).toBeGreaterThan(4);

    progress.end();
    display.end();
    expect(stripVTControlCharacters(io.stderr.text)).toMatch(/100% 10,000\n.*elapsed.*\n\n$/);
    const after = io.stderr.text.length;
    vi.advanceTimersByTime(5000);
    expect(io.stderr.text.length).toBe(after);
  });

  it('has no colour with NO_COLOR, and none of its own where the terminal is dumb', () => {
    const noColor = new RecordedIo({ columns: 80, env: { NO_COLOR: '1' } });
    const dumb = new RecordedIo({ columns: 80, env: { TERM: 'dumb' } });
    for (const io of [noColor, dumb]) {
      const { progress, display } = displayed(io);
      progress.planned('objects', 10);
      progress.advanced('objects', 5);
      vi.advanceTimersByTime(1000);
      display.end();
    }

    // biome-ignore lint/suspicious/noControlCharactersInRegex: what colours are made of
    expect(noColor.stderr.text).not.toMatch(/\u001b\[\d*m/);
    expect(noColor.stderr.text).toContain('█');
    expect(dumb.stderr.text).toBe('Objects: 10 objects to read.\n');
  });

  it('elsewhere tells once in 30 seconds', () => {
    const io = new RecordedIo();
    const { progress, display } = displayed(io);
    progress.planned('activity', 6000);
    seconds(65, () => progress.advanced('activity', 10));
    display.end();

    expect(io.stderr.text.trimEnd().split('\n')).toEqual([
      'Activity: 6,000 objects to read or carry over.',
      'Activity: 300 objects (5 %), 0:30 elapsed, about 10 min left.',
      'Activity: 600 objects (10 %), 1:00 elapsed, about 9 min left.',
    ]);
  });

  it('elsewhere says once what is waited for, however many wait, and again when it is waited for anew', () => {
    const io = new RecordedIo();
    const { progress, display } = displayed(io);
    const first = { what: 'for the target', until: '2026-11-29T03:14:05.000Z' };
    const second = { what: 'for the target', until: '2026-11-29T03:14:06.000Z' };
    progress.event('run.waiting', first);
    progress.event('run.waiting', second);
    progress.event('run.waited', first);
    expect(progress.view().waiting).toEqual(second);
    progress.event('run.waited', second);
    expect(progress.view().waiting).toBeUndefined();
    progress.event('run.waiting', { what: 'for the target', until: '2026-11-29T04:00:00.000Z' });
    display.end();

    expect(io.stderr.text.trimEnd().split('\n')).toEqual([
      'Waiting until 03:14:05 UTC for the target.',
      'Waiting until 04:00:00 UTC for the target.',
    ]);
  });

  it('says nothing to a program', () => {
    const io = new RecordedIo();
    const { progress, display } = displayed(io, { isJson: true });
    progress.planned('activity', 6000);
    seconds(65, () => progress.advanced('activity', 10));
    display.say('A line.');
    display.end();

    expect(io.stderr.text).toBe('');
  });
});
