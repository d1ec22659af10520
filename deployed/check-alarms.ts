import { AwsRefusedError, nameOf } from '../core/errors.ts';
import type { SetupCheck } from '../core/operations/one-check.ts';
import { askAws } from './ask-aws.ts';
import type { FoundStack } from './find-stack.ts';

/**
 * Whether alarms reach anybody: a mail that nobody has confirmed gets none, and no alarm says so. Nobody at all is what a new stack
 * has, and may be meant so; a subscription that waits, or a topic that was named, is not. Throws AwsRefusedError.
 */
export async function whoIsTold({ name, account, alarmTopic, clients }: FoundStack): Promise<Omit<SetupCheck, 'name'>> {
  if (alarmTopic === undefined) {
    return {
      ok: true,
      detail: 'The stack does not say where its alarms go.',
      remedy: `Deploy it again with this program: npx cdk deploy ${name}`,
    };
  }
  const [, , , , owner] = alarmTopic.split(':');
  const isOfOthers = owner !== account;
  const subscriptions = await askAws('see who gets the alarms', clients.topics.subscriptions(alarmTopic)).catch(
    (error: unknown) => {
      if (isOfOthers && error instanceof AwsRefusedError && isDenied(error)) return undefined;
      throw error;
    },
  );
  if (!subscriptions) {
    return {
      ok: true,
      detail: `Alarms go to ${alarmTopic}, of another account: who is subscribed to it cannot be seen from here.`,
      remedy: 'Ask whoever owns that topic whether anybody gets what comes to it.',
    };
  }
  const { confirmed, pending } = subscriptions;
  if (confirmed > 0) return { ok: true, detail: `Alarms go to ${alarmTopic}, and somebody gets them.`, remedy: null };
  if (pending > 0) {
    return {
      ok: false,
      detail: `Alarms go to ${alarmTopic}, and nobody gets them: no subscription is confirmed.`,
      remedy:
        'Follow the link in the mail of AWS with the subject "Subscription Confirmation", or have it sent again in SNS.',
    };
  }
  const ownTopic = isOwn(alarmTopic, name);
  return {
    ok: ownTopic,
    detail: `Alarms go to ${alarmTopic}, and nobody is subscribed to it.`,
    remedy: ownTopic
      ? `Name somebody in "alarmEmail", or a topic of yours in "alarmTopicArn", then npx cdk deploy ${name}; or subscribe somebody in SNS.`
      : 'Subscribe somebody to it in SNS.',
  };
}

/** The topic that the stack has made: CloudFormation names it after the stack. */
function isOwn(topic: string, stack: string): boolean {
  return topic.split(':').at(-1)?.startsWith(`${stack}-AlarmTopic`) === true;
}

function isDenied({ cause }: AwsRefusedError): boolean {
  return /^(AuthorizationError|AccessDenied)/.test(nameOf(cause));
}
