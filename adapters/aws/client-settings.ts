/**
 * What every client of AWS is made with. Five attempts with backoff are the SDK's own retries; a request that stays without
 * an answer ends after a minute, so that a step that has 15 minutes does not wait for one packet.
 */
export const clientSettings = {
  maxAttempts: 5,
  requestHandler: {
    connectionTimeout: 5_000,
    requestTimeout: 60_000,
    throwOnRequestTimeout: true,
    // As many as a step has requests to the site in flight: each answer is stored as it comes.
    httpsAgent: { maxSockets: 64 },
    httpAgent: { maxSockets: 64 },
  },
};
