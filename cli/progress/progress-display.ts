import { createLogUpdate } from 'log-update';
import { counted } from '../../core/counted.ts';
import { harmless } from '../../core/harmless.ts';
import { clockTime } from '../../core/readable.ts';
import type { CommandLineIo, OutputStream } from '../command-line-io.ts';
import { isLiveTerminal, type Output } from '../output/output.ts';
import { wrapped } from '../output/wrapped.ts';
import { progressFrame } from './progress-frame.ts';
import { percentOf, statusParts, waitingLine } from './progress-lines.ts';
import type { RunProgress, StageProgress } from './run-progress.ts';

/** Shows how far a run is, on stderr. */
export interface ProgressDisplay {
  /** A line that stays. */
  say(line: string): void;
  /** Leaves the last picture, and the terminal as it was. */
  end(): void;
}

/** Bars on a terminal; lines elsewhere, for cron's mails; nothing where a program reads stderr. */
export function displayProgress(io: CommandLineIo, output: Output, progress: RunProgress): ProgressDisplay {
  if (isLiveTerminal(io)) return new LiveDisplay(io.stderr, output, progress);
  return output.isJson ? { say: () => {}, end: () => {} } : new LineDisplay(io.stderr, progress);
}

const redrawMilliseconds = 125;

class LiveDisplay implements ProgressDisplay {
  readonly #stream: OutputStream;
  readonly #output: Output;
  readonly #progress: RunProgress;
  readonly #log: ReturnType<typeof createLogUpdate>;
  readonly #timer: NodeJS.Timeout;

  constructor(stream: OutputStream, output: Output, progress: RunProgress) {
    this.#stream = stream;
    this.#output = output;
    this.#progress = progress;
    // log-update asks for a whole stream, and uses `write`, `columns`, `rows` and `isTTY`.
    this.#log = createLogUpdate(stream as unknown as NodeJS.WritableStream);
    this.#timer = setInterval(() => this.#draw(), redrawMilliseconds);
    this.#timer.unref();
  }

  say(line: string): void {
    this.#log.clear();
    this.#stream.write(`${wrapped(harmless(line), this.#stream.columns)}\n`);
    this.#draw();
  }

  end(): void {
    clearInterval(this.#timer);
    if (this.#progress.view().stages.length === 0) this.#log.clear();
    else {
      this.#draw();
      this.#stream.write('\n');
    }
    this.#log.done();
  }

  #draw(): void {
    const frame = progressFrame(this.#progress.view(), this.#stream.columns ?? 80, this.#output.colors);
    if (frame !== '') this.#log(frame);
  }
}

const lineMilliseconds = 30_000;

class LineDisplay implements ProgressDisplay {
  readonly #stream: OutputStream;
  readonly #progress: RunProgress;
  readonly #timer: NodeJS.Timeout;

  constructor(stream: OutputStream, progress: RunProgress) {
    this.#stream = stream;
    this.#progress = progress;
    this.#timer = setInterval(() => this.#tell(), lineMilliseconds);
    this.#timer.unref();
    progress.listen({
      began: (progress) => {
        const { title, due } = progress.stage;
        this.say(`${title}: ${quantity(progress, progress.planned)} ${due}.`);
      },
      ended: (progress) => {
        const { title, done } = progress.stage;
        this.say(`${title}: ${quantity(progress, progress.done)} ${done} in ${clockTime(progress.milliseconds)}.`);
      },
      entered: (state) => this.say(`${state} ...`),
      waits: (waiting) => this.say(`${waitingLine(waiting)}.`),
    });
  }

  say(line: string): void {
    this.#stream.write(`${harmless(line)}\n`);
  }

  end(): void {
    clearInterval(this.#timer);
  }

  #tell(): void {
    const view = this.#progress.view();
    const running = view.stages.filter(({ hasEnded }) => !hasEnded);
    if (running.length > 0 || view.state) this.say(`${[...running.map(stageParts), ...statusParts(view)].join(', ')}.`);
  }
}

function stageParts(stage: StageProgress): string {
  const percent = percentOf(stage);
  const share = percent === undefined ? '' : ` (${percent} %)`;
  return `${stage.stage.title}: ${quantity(stage, stage.done)}${share}`;
}

const quantity = ({ stage }: StageProgress, count: number) => counted(count, ...stage.unit);
