import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { generateSigningKey, importVerifyingKeys, verifyStandard } from '@confab-im/protocol';
import { createStandardSigner } from './signed.ts';

const NOW = 1_735_689_600_999;
const REQUEST = { url: 'https://app.example/im', headers: { 'x-tenant': 'blue' }, body: '{"a":"é"}' };

test('the signature is that of Standard Webhooks, over id, second of the attempt and body', async () => {
  const secret = Buffer.alloc(32, 7);
  const sign = createStandardSigner([`whsec_${secret.toString('base64')}`]);
  const { headers, ...rest } = await sign('abc-1-4', REQUEST, NOW);
  const signature = createHmac('sha256', secret).update('abc-1-4.1735689600.{"a":"é"}').digest('base64');
  assert.deepEqual(rest, { url: REQUEST.url, body: REQUEST.body });
  assert.deepEqual(headers, {
    'x-tenant': 'blue',
    'webhook-id': 'abc-1-4',
    'webhook-timestamp': '1735689600',
    'webhook-signature': `v1,${signature}`,
  });
});

test('whoever knows one of the live keys can verify, of either kind', async () => {
  const [shared, pair] = [await generateSigningKey('v1'), await generateSigningKey('v1a')];
  const { headers } = await createStandardSigner([shared.secret, pair.secret])('abc-1-4', REQUEST, NOW);
  for (const known of [shared.secret, pair.version === 'v1a' ? pair.public : '']) {
    const verdict = await verifyStandard({
      id: headers['webhook-id'],
      timestamp: headers['webhook-timestamp'],
      signature: headers['webhook-signature'],
      body: REQUEST.body,
      keys: await importVerifyingKeys([known]),
      now: NOW / 1000,
    });
    assert.deepEqual(verdict, { ok: true, keyIndex: 0 });
  }
});

test('a key that cannot be used is told of by its place, at each attempt, and nothing goes out', async () => {
  const halves = Buffer.concat([Buffer.alloc(32, 1), Buffer.alloc(32, 2)]).toString('base64');
  const sign = createStandardSigner([`whsk_${halves}`]);
  for (const attempt of [1, 2]) {
    await assert.rejects(sign(`abc-1-${attempt}`, REQUEST, NOW), /two halves of a whsk_ key do not belong/);
  }
});
