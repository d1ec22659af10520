import { readableCount } from '../../core/counted.ts';
import type { Output } from '../output/output.ts';
import { wrapped } from '../output/wrapped.ts';
import { percentOf, statusParts, waitingLine } from './progress-lines.ts';
import type { ProgressView, StageProgress } from './run-progress.ts';

type Colors = Output['colors'];

const titleWidth = 13;
const percentWidth = 4;
const widestBar = 32;
const narrowestBar = 5;
const betweenParts = ' · ';

/** One picture of the progress for a terminal of this width: a bar for each stage that has begun, then numbers. No line wraps. */
export function progressFrame(view: ProgressView, columns: number, colors: Colors): string {
  // The last column stays free: some terminals wrap as soon as it is written.
  const width = Math.max(1, columns - 1);
  const bars = view.stages.map((stage) => stageLine(stage, width, colors));
  const waiting = view.waiting ? filledLines(waitingLine(view.waiting).split(' '), width, ' ') : [];
  const status = filledLines(statusParts(view), width, betweenParts).map((line) => colors.dim(line));
  return [...bars, ...waiting, ...status].join('\n');
}

function stageLine(stage: StageProgress, width: number, colors: Colors): string {
  const percent = percentOf(stage);
  const percentText = (percent === undefined ? '' : `${percent}%`).padStart(percentWidth);
  const title = stage.stage.title.padEnd(titleWidth);
  const room = width - titleWidth - percentWidth - 3;
  const counts = countsOf(stage);
  const shown = room - counts.length >= narrowestBar ? counts : readableCount(stage.done);
  const barWidth = Math.min(widestBar, room - shown.length);
  if (barWidth < narrowestBar)
    return filledLines(`${title} ${percentText} ${shown}`.split(/ +/), width, ' ').join('\n');
  const full = Math.round((barWidth * (percent ?? 0)) / 100);
  const color = stage.hasEnded ? colors.green : colors.cyan;
  return `${title} ${color('█'.repeat(full))}${colors.dim('░'.repeat(barWidth - full))} ${percentText} ${shown}`;
}

/** What was planned may be an estimate: it is not shown once it is overtaken or the stage has ended. */
function countsOf({ planned, done, hasEnded }: StageProgress): string {
  const isKnown = !hasEnded && planned >= done;
  return isKnown ? `${readableCount(done)}/${readableCount(planned)}` : readableCount(done);
}

/** Puts as many parts on a line as fit. One that is wider than a line is broken between its words. */
function filledLines(parts: readonly string[], width: number, separator: string): string[] {
  const lines: string[] = [];
  for (const part of parts.flatMap((one) => wrapped(one, width).split('\n'))) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + separator.length + part.length <= width) {
      lines[lines.length - 1] = `${last}${separator}${part}`;
    } else lines.push(part.slice(0, width));
  }
  return lines;
}
