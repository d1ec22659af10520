import { once } from 'node:events';
import { environment } from '../../functions/environment.ts';

/** What the bench gave this process to work with: its first message, as arguments are too short for some. */
export async function inputOf<Input>(): Promise<Input> {
  // Without the bench there is nobody to work for, and nobody to end this process.
  process.once('disconnect', () => process.exit(1));
  const [input]: unknown[] = await once(process, 'message');
  return input as Input;
}

export function send(message: object): Promise<void> {
  return new Promise((resolve, reject) => {
    if (!process.send) throw new Error('This file is started by `npm run bench`.');
    process.send(message, (error: Error | null) => (error ? reject(error) : resolve()));
  });
}

/** Tells the bench the result, and ends. */
export async function finish(result: object): Promise<never> {
  await send(result);
  process.exit(0);
}

/** The most memory that this process has had so far, in megabytes (1,000,000 bytes). */
export function peakMegabytes(): number {
  return (process.resourceUsage().maxRSS * 1024) / 1e6;
}

/** Seconds since `start`, which `performance.now()` gave. */
export function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}

/** As Lambda and the stack set it for a function; nothing is asked of AWS before a call. */
export function setFunctionEnvironment(): void {
  process.env.AWS_REGION = 'us-east-1';
  for (const name of [
    environment.stackName,
    environment.backupsBucket,
    environment.workBucket,
    environment.bucketOwner,
  ]) {
    process.env[name] = 'bench';
  }
}
