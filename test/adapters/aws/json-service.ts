import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface JsonAnswer {
  readonly status?: number;
  readonly body: object;
}

/** An address that answers a service's requests (AWS JSON protocol) by their operation, and the settings of a client for it. */
export async function jsonService(answer: (operation: string, input: Record<string, unknown>) => JsonAnswer) {
  const server = createServer((request, response) => {
    const pieces: Uint8Array[] = [];
    request.on('data', (piece) => pieces.push(piece));
    request.on('end', () => {
      const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
      const { status = 200, body } = answer(operation, JSON.parse(Buffer.concat(pieces).toString()));
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  };
}
