import { onTestFinished, vi } from 'vitest';
import { systemClock } from '../../adapters/system-clock.ts';
import type { Product } from '../../cli/command-context.ts';
import { runCommandLine } from '../../cli/command-line.ts';
import type { Clock } from '../../core/ports/clock.ts';
import { openStack } from '../../deployed/deployed-stack.ts';
import { PretendS3 } from '../adapters/aws/pretend-s3.ts';
import { manifest, pretendProduct } from '../cli/pretend-product.ts';
import { RecordedIo } from '../cli/recorded-io.ts';
import { PretendAws, stackName } from './pretend-aws.ts';

/** Waits between two looks take no time. */
const impatient: Clock = { now: () => Date.now(), sleep: (_, signal) => systemClock.sleep(1, signal) };

/** Where the SDK finds everything, and nothing of whoever runs the test. */
export function environmentOf(aws: PretendAws, s3: PretendS3): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: aws.address,
    AWS_ENDPOINT_URL_S3: s3.address,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_MAX_ATTEMPTS: '1',
  };
}

/** A pretend AWS with a stack, for one test. */
export async function pretendStack(parts: Partial<Product> = {}) {
  const [aws, s3] = await Promise.all([PretendAws.start(), PretendS3.start()]);
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await Promise.all([aws.stop(), s3.stop()]);
  });
  for (const [name, value] of Object.entries(environmentOf(aws, s3))) vi.stubEnv(name, value);
  const product = {
    ...pretendProduct(manifest(), parts).product,
    openStack: (address: Parameters<typeof openStack>[0]) => openStack(address, impatient),
  };
  return {
    aws,
    s3,
    /** Puts a JSON document, or bytes, into a bucket. */
    put(key: string, content: object) {
      s3.objects.set(key, content instanceof Uint8Array ? content : Buffer.from(JSON.stringify(content)));
    },
    /** Runs a command on the stack, in this process. */
    run: (argv: readonly string[], io = new RecordedIo()) => command([...argv, '--stack', stackName], io),
    /** Runs a command that names the stack itself. */
    command,
  };

  async function command(argv: readonly string[], io = new RecordedIo()) {
    const exitCode = await runCommandLine(argv, io, product);
    return {
      exitCode,
      io,
      stdout: io.stdout.text,
      stderr: io.stderr.text,
      lastLine: io.stdout.text.trimEnd().split('\n').at(-1) ?? '',
    };
  }
}
