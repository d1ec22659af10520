import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { harmlessLines } from '../../core/harmless.ts';
import type { EventFields, EventName, Reporter } from '../../core/ports/reporter.ts';

/** A metric that an event carries: its name, the field it stands in, and its unit. */
export interface EventMetric {
  readonly event: EventName;
  readonly field: string;
  readonly metric: string;
  readonly unit: keyof typeof MetricUnit;
}

export interface LambdaReporterSettings {
  /** Name of the function's step. */
  readonly step: string;
  /** The one dimension of all metrics. */
  readonly stack: string;
  readonly namespace: string;
  readonly metrics: readonly EventMetric[];
}

/** Events become lines of the function's log, as JSON with the field `event`; the numbers in some become metrics of CloudWatch. */
export class LambdaReporter implements Reporter {
  readonly #logger: Logger;
  readonly #settings: LambdaReporterSettings;

  constructor(settings: LambdaReporterSettings) {
    this.#logger = new Logger({
      serviceName: settings.step,
      logLevel: 'INFO',
      // Names of a site stand in events, and CloudWatch shows them as they are.
      jsonReplacerFn: (_, value) => (typeof value === 'string' ? harmlessLines(value) : value),
    });
    this.#settings = settings;
  }

  /** Every line names the invocation from now on. */
  beginInvocation(requestId: string): void {
    this.#logger.resetKeys();
    this.#logger.appendKeys({ requestId });
  }

  // Progress is what the state machine shows: its maps, and the state it is in.
  planned(): void {}
  advanced(): void {}
  requested(): void {}

  event(level: 'debug' | 'info' | 'warn' | 'error', name: EventName, fields: EventFields): void {
    // A line's own message is the sentence of an event that has one.
    const { message = name, ...others } = fields;
    this.#logger[level](String(message), { event: name, ...others });
    const { metrics, namespace, stack } = this.#settings;
    const found = metrics.flatMap(({ event, field, metric, unit }) => {
      const value = fields[field];
      return event === name && typeof value === 'number' ? [{ metric, unit, value }] : [];
    });
    if (found.length === 0) return;
    // One document for each event: a metric that comes twice in an invocation is two data points.
    const document = new Metrics({ namespace });
    // Otherwise the library adds `service`, and alarms on the stack alone would see nothing.
    document.clearDefaultDimensions();
    document.addDimension('Stack', stack);
    for (const { metric, unit, value } of found) document.addMetric(metric, MetricUnit[unit], value);
    document.publishStoredMetrics();
  }
}
