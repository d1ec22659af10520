/** What is said before a connection stands, so that nothing of the request can have arrived. */
const connectCodes: readonly string[] = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'CONNECT_TIMEOUT',
  'ERR_PROXY_TUNNEL',
];

/** No whole answer came: no connection, a closed one, or none in time. */
export class NetworkFault extends Error {
  override readonly name = 'NetworkFault';
  /** `ECONNREFUSED` and the like, `TIMEOUT`, or `CONNECT_TIMEOUT`. */
  readonly code: string;

  /** True where no connection was made. `TIMEOUT` does not say whether one was. */
  get neverConnected(): boolean {
    return connectCodes.includes(this.code);
  }

  constructor(message: string, code: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** What Node said of a request that failed. */
export function networkFaultOf(error: Error): NetworkFault {
  // A name with several addresses fails once for each of them; the error over those has no text.
  const cause = error instanceof AggregateError && error.errors[0] instanceof Error ? error.errors[0] : error;
  // Bytes of the answer, where it is no HTTP: they may be values of objects.
  if ('rawPacket' in cause) delete cause.rawPacket;
  // Node's word for an answer that the other side broke off; a person would think of the run.
  const message = cause.message === 'aborted' ? 'the answer broke off' : cause.message;
  return new NetworkFault(message, 'code' in cause ? String(cause.code) : cause.name, cause);
}
