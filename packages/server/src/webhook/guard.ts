import dns from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { isPrivate, type Judgement, judgeAddress, refuse } from '../base/address.ts';
import { PLAIN_HTTP_REMEDY } from '../domain/plain-http.ts';

/** Resolves a name to all its addresses, as `dns.lookup` does with `all: true`. */
export type Resolve = (
  hostname: string,
  options: dns.LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: dns.LookupAddress[]) => void,
) => void;

/** The error of `guardedLookup` when a name leads where webhooks must not go. */
export class AddressBlockedError extends Error {
  readonly code = 'EADDRBLOCKED';
}

/** What clouds call their metadata service; refused by name too, wherever a resolver may say that they lead. */
const METADATA_NAMES: ReadonlySet<string> = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'metadata.tencentyun.com',
  'metadata.azure.internal',
  'instance-data',
  'instance-data.ec2.internal',
]);

/**
 * Checks what can be known of a target before its name is resolved. Needed besides `guardedLookup`, since Node calls
 * no lookup for a host that is an IP literal (webhook-delivery 4.1).
 */
export function checkTarget(url: URL, allowPrivate: boolean): Judgement {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return { ok: false, why: `a URL of scheme "${url.protocol.slice(0, -1)}"; webhooks go to http or https` };
  }
  if (url.username !== '' || url.password !== '') {
    return {
      ok: false,
      why: 'a URL with a user name or password; put credentials into the headers of the endpoint',
    };
  }
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (isIP(host) !== 0) return judgeAddress(host, allowPrivate);
  if (METADATA_NAMES.has(host.toLowerCase())) return refuse('never', 'a cloud metadata name');
  if (!allowPrivate && (host === 'localhost' || host.endsWith('.localhost'))) {
    return refuse('private', 'a loopback name');
  }
  return { ok: true };
}

/**
 * A `lookup` for `net.connect` and `tls.connect` that hands out addresses only if every one of them may be called;
 * otherwise it fails with `AddressBlockedError`. The socket connects to exactly the addresses that were judged, so a
 * name that changes its answer between check and connect gains nothing.
 *
 * `privateOnly` is for plain HTTP: public addresses are refused too.
 */
export function guardedLookup(
  allowPrivate: boolean,
  resolve: Resolve = dns.lookup,
  privateOnly = false,
): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, []);
      for (const { address } of addresses) {
        const judgement = judgeAddress(address, allowPrivate);
        if (!judgement.ok) return callback(blocked(hostname, judgement.why), []);
        if (privateOnly && !isPrivate(address)) {
          return callback(
            blocked(hostname, `a public address, and the URL is plain http; ${PLAIN_HTTP_REMEDY}`),
            [],
          );
        }
      }
      const [first] = addresses;
      if (first === undefined) return callback(notFound(hostname), []);
      if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

function blocked(hostname: string, why: string): AddressBlockedError {
  return new AddressBlockedError(`The host name ${hostname} resolves to ${why}.`);
}

function notFound(hostname: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`The host name ${hostname} has no address.`), { code: 'ENOTFOUND' });
}
