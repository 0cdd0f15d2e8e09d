import { BlockList, isIP, isIPv4 } from 'node:net';

/** Says who calls: the socket's address, or behind trusted proxies the one their `X-Forwarded-For` gives. */
export class ClientAddress {
  readonly #trusted = new BlockList();
  readonly #trustsAny: boolean;

  /** `trustedProxies`: addresses and CIDRs. Throws an error that names one that is neither. */
  constructor(trustedProxies: readonly string[]) {
    this.#trustsAny = trustedProxies.length > 0;
    for (const entry of trustedProxies) this.#trust(entry);
  }

  #trust(entry: string): void {
    const [address = '', prefix] = entry.split('/');
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    const bits = family === 'ipv4' ? 32 : 128;
    const length = prefix === undefined ? bits : Number(prefix);
    const valid =
      isIP(address) !== 0 && prefix !== '' && Number.isInteger(length) && length >= 0 && length <= bits;
    if (!valid) throw new Error(`trustedProxies: "${entry}" is no address or CIDR; write it like 10.0.0.0/8`);
    this.#trusted.addSubnet(address, length, family);
  }

  /**
   * Goes through `X-Forwarded-For` from its end, where the nearest proxy wrote, as long as the writer is trusted; what
   * stands before the first stranger could have been made up by him.
   */
  of(socketAddress: string | undefined, forwardedFor: string | string[] | undefined): string {
    let address = plain(socketAddress ?? '');
    if (!this.#trustsAny || forwardedFor === undefined) return address;
    const hops = (typeof forwardedFor === 'string' ? forwardedFor : forwardedFor.join(',')).split(',');
    for (let i = hops.length - 1; i >= 0 && this.#isTrusted(address); i--) {
      const hop = plain(hops[i]?.trim() ?? '');
      if (isIP(hop) === 0) break;
      address = hop;
    }
    return address;
  }

  #isTrusted(address: string): boolean {
    const version = isIP(address);
    return version !== 0 && this.#trusted.check(address, version === 4 ? 'ipv4' : 'ipv6');
  }
}

/** An IPv4 address that a dual-stack socket shows as `::ffff:192.0.2.1`, without its prefix. */
function plain(address: string): string {
  const tail = address.startsWith('::ffff:') ? address.slice(7) : address;
  return isIPv4(tail) ? tail : address;
}
