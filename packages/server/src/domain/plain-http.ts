import { isAddress, judgeAddress } from '../base/address.ts';

/** What an endpoint says about the networks it may be reached over. */
export interface PlainHttpRule {
  readonly allowPrivateNetwork: boolean;
  readonly allowPlainHttp?: boolean;
}

export const PLAIN_HTTP_REMEDY = 'use https, or set allowPlainHttp: true';

/**
 * Why a URL must not be called without TLS, as a clause; undefined when it may. Plain `http:` is for this machine, and for private
 * networks where the endpoint may reach them: anywhere else everybody on the way can read the messages and, since Tencent's
 * `Sign` does not cover the body, change them.
 *
 * A name says nothing of its address. With `allowPrivateNetwork` it passes here, and each address that it resolves to is judged
 * when the connection is made.
 */
export function plainHttpProblem(url: URL, rule: PlainHttpRule): string | undefined {
  if (url.protocol !== 'http:' || rule.allowPlainHttp === true) return undefined;
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (host === 'localhost' || host.endsWith('.localhost')) return undefined;
  if (isAddress(host)) {
    // Addresses that no endpoint may call are none of this rule's business.
    return judgeAddress(host, false).ok ? 'leads out of the private network without TLS' : undefined;
  }
  return rule.allowPrivateNetwork ? undefined : 'leads to another machine without TLS';
}
