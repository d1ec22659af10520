import { expect, it } from 'vitest';
import { noticeDocument } from '../../../adapters/notify/notice-document.ts';

it.each([
  'https://hooks.slack.com/services/T0/B0/x',
  'https://chat.googleapis.com/v1/spaces/A/messages?key=x&token=y',
  'https://acme.webhook.office.com/webhookb2/x',
  'https://mattermost.example.com/hooks/x',
  'https://logic.azure.com.example.com/x',
])('is the text alone for %s', (url) => {
  expect(noticeDocument(new URL(url), 'It failed.')).toEqual({ text: 'It failed.' });
});

it.each([
  'https://prod-12.westeurope.logic.azure.com:443/workflows/x/triggers/manual/paths/invoke?sig=y',
  'https://default1.aa.environment.api.powerplatform.com:443/powerautomate/automations/direct/workflows/x',
])('is an adaptive card besides for a Workflow of Teams, which shows nothing else: %s', (url) => {
  expect(noticeDocument(new URL(url), 'It failed.\nFolder: /b')).toEqual({
    type: 'message',
    text: 'It failed.\nFolder: /b',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        content: {
          type: 'AdaptiveCard',
          version: '1.2',
          body: [
            { type: 'TextBlock', text: 'It failed.', wrap: true },
            { type: 'TextBlock', text: 'Folder: /b', wrap: true },
          ],
        },
      },
    ],
  });
});
