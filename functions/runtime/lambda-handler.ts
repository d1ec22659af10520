import type { Context } from 'aws-lambda';
import type { Json } from '../../core/model/json.ts';
import { invocationServices, type ReadsSchedule } from './aws-services.ts';
import type { Step } from './step.ts';

/**
 * Makes a step the handler of a Lambda function: the same step, with AWS for its services.
 * @param readsSchedule only where the function needs it (`asksSchedule`), since what reads schedules is heavy
 */
export function lambdaHandler(step: Step, readsSchedule?: ReadsSchedule) {
  const handler = async (payload: Json, context: Context): Promise<Json> => {
    const { services, end } = await invocationServices(step.name, context, readsSchedule);
    try {
      return await step.invoke(services, payload);
    } finally {
      end();
    }
  };
  // By this, a test sees that a function holds the step of its name.
  return Object.assign(handler, { stepName: step.name });
}
