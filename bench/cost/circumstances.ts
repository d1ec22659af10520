import { aim } from '../../adapters/atlassian/rate-pacer.ts';
import { type Concurrency, defaultConcurrency } from '../../core/model/concurrency.ts';
import {
  divideBudget,
  type EndpointClass,
  type RequestBudget,
  requestBudget,
} from '../../core/model/request-budget.ts';
import { margin } from '../../core/runs/time-left.ts';

/** What the time of a run depends on, besides the site's size. */
export interface Circumstances {
  readonly budget: RequestBudget;
  readonly concurrency: Concurrency;
  /** Seconds until the site answers; a page of objects takes longer than the rest. Pages of a type come one after the other. */
  readonly pageSeconds: number;
  readonly answerSeconds: number;
  /** Seconds that one request to a bucket takes, where one waits for the other. */
  readonly storeSeconds: number;
  /** Seconds to start an invocation: a new container more often than not, its secret, its first connections. */
  readonly startSeconds: number;
  /** Processor seconds of a restore's plan, for each object. */
  readonly planSeconds: number;
}

/** Assumptions, cautious ones: neither Atlassian nor AWS promises any of these. */
export const assumed: Circumstances = {
  budget: requestBudget(),
  concurrency: defaultConcurrency,
  pageSeconds: 3,
  answerSeconds: 1,
  storeSeconds: 0.03,
  startSeconds: 2,
  planSeconds: 0.001,
};

/** A function's 15 minutes, less the margin at which a step hands back. */
export const usableSeconds = 15 * 60 - margin / 1000;

/** Seconds between two requests of a class, for one of `slots` workers that keeps within its part of the budget. */
export function secondsBetween({ budget }: Circumstances, endpointClass: EndpointClass, slots = 1): number {
  const { byClass, total } = divideBudget(budget, slots);
  return 60 / (Math.min(byClass[endpointClass], total) * aim);
}

/** Invocations that one after the other take so many seconds of work. */
export function invocationsFor(seconds: number): number {
  return Math.max(1, Math.ceil(seconds / usableSeconds));
}
