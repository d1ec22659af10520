import { useEffect, useState } from 'preact/hooks';
import { ask, type Outcome } from './ask.ts';

/** A finished backup does not change, so going back asks nothing again; what is told of all of them does, with each night. */
const answered = new Map<string, Outcome<unknown>>();
const mostKept = 30;
const milliseconds = 500;

interface Use<Answer> {
  /** The newest outcome there is: while another address is asked for still that of the one before. */
  readonly outcome: Outcome<Answer>;
  readonly isBusy: boolean;
}

/**
 * Asks the server, and again for as long as an answer is a sign of progress alone.
 * @param address null: nothing is asked yet
 */
export function useAnswer<Answer>(
  address: string | null,
  isProgress: (answer: Answer) => boolean = () => false,
): Use<Answer> {
  const [last, setLast] = useState<{ address: string | null; outcome: Outcome<unknown> }>({
    address,
    outcome: waiting,
  });
  const known = address === null ? undefined : answered.get(address);
  useEffect(() => {
    if (address === null || known) return undefined;
    const stop = new AbortController();
    const follow = async () => {
      const outcome = await ask<Answer>(address, stop.signal);
      if (stop.signal.aborted) return;
      setLast({ address, outcome });
      if (outcome.state === 'answered' && isProgress(outcome.answer)) setTimeout(follow, milliseconds);
      else if (outcome.state === 'answered' && !/^\/api\/(?:backups|life)\b/.test(address)) keep(address, outcome);
    };
    void follow();
    return () => stop.abort();
  }, [address]);
  useEffect(() => {
    if (known) setLast({ address, outcome: known });
  }, [address]);
  const outcome = (known ?? last.outcome) as Outcome<Answer>;
  const isOfThis = known !== undefined || last.address === address;
  return { outcome, isBusy: outcome.state === 'waiting' || !isOfThis };
}

const waiting = { state: 'waiting' } as const;

function keep(address: string, outcome: Outcome<unknown>): void {
  answered.set(address, outcome);
  const [oldest] = answered.keys();
  if (answered.size > mostKept && oldest !== undefined) answered.delete(oldest);
}
