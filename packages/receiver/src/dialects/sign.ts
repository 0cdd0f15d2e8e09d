import { checkTencentSign, parseTencentUrl } from '@confab-im/protocol';
import type { VerifyRules } from '../options.ts';
import { type Refusal, refusal } from '../refusal.ts';

/** Checks `Sign` and `RequestTime` of a URL against every token that is live (tencent-webhooks A.3). */
export async function checkSign(url: string, rules: VerifyRules): Promise<Refusal | undefined> {
  const { sign, requestTime } = parseTencentUrl(url);
  const now = Math.floor(rules.now() / 1000);
  for (const token of rules.authTokens) {
    const verdict = await checkTencentSign({
      token,
      sign,
      requestTime,
      now,
      windowSeconds: rules.windowSeconds,
    });
    if (verdict === 'ok') return undefined;
    if (verdict === 'missing') {
      return refusal(
        'unsigned',
        'Sign or RequestTime is missing in the URL. Enter the same token at the sender and here.',
      );
    }
    if (verdict === 'stale') {
      return refusal(
        'stale',
        `RequestTime ${requestTime} is more than ${rules.windowSeconds} s away from ${now}, the time here. ` +
          'Set both clocks; an old request must not be repeated.',
      );
    }
  }
  return refusal(
    'bad-signature',
    'Sign was not made with a token known here. Enter the same token at the sender and here.',
  );
}
