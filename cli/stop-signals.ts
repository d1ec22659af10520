import type { StopListeners } from './command-line-io.ts';

/**
 * npm passes a Ctrl-C on to its child, which the terminal has told already: two signals so close together are one press.
 */
const onePressMilliseconds = 300;

/**
 * Calls `stop` at the first Ctrl-C or SIGTERM and `quit` at the next; returns what ends the listening. With `hungUp` the process
 * outlives its terminal, as under nohup: a connection that drops is no wish to end a backup.
 */
export function onStopSignals({ stop, quit, hungUp }: StopListeners): () => void {
  let firstAt: number | undefined;
  const listener = (signal: NodeJS.Signals) => {
    if (firstAt === undefined) {
      firstAt = performance.now();
      stop(signal);
    } else if (performance.now() - firstAt >= onePressMilliseconds) quit();
  };
  process.on('SIGINT', listener).on('SIGTERM', listener);
  if (hungUp) process.on('SIGHUP', hungUp);
  return () => {
    process.off('SIGINT', listener).off('SIGTERM', listener);
    if (hungUp) process.off('SIGHUP', hungUp);
  };
}
