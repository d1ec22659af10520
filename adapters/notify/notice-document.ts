import type { JsonRecord } from '../../core/model/json.ts';

/** Hosts of the addresses that Workflows of Teams give out. */
const workflowHosts = /\.(logic\.azure\.com|powerplatform\.com|powerautomate\.com)$/;

/**
 * What is sent: `text` alone, since Slack, Mattermost, Rocket.Chat, Google Chat and the connectors of Teams all take that, and Google
 * Chat refuses a document with a field that it does not know. The Workflows that took the connectors' place show adaptive cards alone, so
 * there the text stands in one as well (learn.microsoft.com, "Create and send messages", known issues).
 */
export function noticeDocument({ hostname }: URL, text: string): JsonRecord {
  if (!workflowHosts.test(hostname)) return { text };
  const body = text.split('\n').map((line) => ({ type: 'TextBlock', text: line, wrap: true }));
  const content = { type: 'AdaptiveCard', version: '1.2', body };
  return {
    type: 'message',
    text,
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content }],
  };
}
