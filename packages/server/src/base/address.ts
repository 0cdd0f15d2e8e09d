import { BlockList, isIP } from 'node:net';

/**
 * Which addresses a webhook may call: public ones, unless the endpoint sets `allowPrivateNetwork`.
 *
 * The ranges are the union of what the best senders refuse (webhook-delivery 4.1). Link-local stays shut even with
 * `allowPrivateNetwork`, because that is where clouds keep their metadata service. IPv6 is an allow-list: what is not
 * global unicast (2000::/3) and has no row of its own is refused.
 */

/** `why` is a noun phrase without the address, so that a refusal tells nothing about the network behind a name. */
export type Judgement = { ok: true } | { ok: false; why: string };

type Family = 'ipv4' | 'ipv6';
type Reach = 'private' | 'never';
interface Range {
  family: Family;
  list: BlockList;
  reach: Reach;
  what: string;
}

const METADATA = 'a cloud metadata address';

/** The first row that matches decides. */
const RANGES: readonly Range[] = [
  // Alibaba Cloud; Azure's host agent, a public address; AWS; Google Cloud; Scaleway.
  range('ipv4', 'never', METADATA, '100.100.100.200/32', '168.63.129.16/32'),
  range('ipv6', 'never', METADATA, 'fd00:ec2::/32', 'fd20:ce::254/128', 'fd00:42::42/128'),

  range('ipv4', 'private', 'a loopback address', '127.0.0.0/8'),
  range('ipv4', 'private', 'a private network address', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'),
  range('ipv4', 'private', 'a carrier-grade NAT address', '100.64.0.0/10'),
  range('ipv6', 'private', 'a loopback address', '::1/128'),
  range('ipv6', 'private', 'a private network address', 'fc00::/7'),

  range('ipv4', 'never', 'an unspecified address', '0.0.0.0/8'),
  range('ipv4', 'never', 'a link-local address', '169.254.0.0/16'),
  range('ipv4', 'never', 'a multicast address', '224.0.0.0/4'),
  range('ipv4', 'never', 'the broadcast address', '255.255.255.255/32'),
  range(
    'ipv4',
    'never',
    'a reserved address',
    '192.0.0.0/24',
    '192.88.99.0/24',
    '198.18.0.0/15',
    '240.0.0.0/4',
  ),
  range('ipv4', 'never', 'a documentation address', '192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24'),
  range('ipv6', 'never', 'the unspecified address', '::/128'),
  range('ipv6', 'never', 'a link-local address', 'fe80::/10'),
  range('ipv6', 'never', 'a multicast address', 'ff00::/8'),
  range('ipv6', 'never', 'a documentation address', '2001:db8::/32', '3fff::/20'),
  range('ipv6', 'never', 'a tunnel address', '2002::/16', '2001::/32'),
  range('ipv6', 'never', 'a reserved address', '2001::/23'),
];

/** Forms of IPv6 whose last 32 bits are the IPv4 address that is really called: v4-mapped and NAT64. */
const EMBEDS_IPV4 = blockList('ipv6', ['::ffff:0:0/96', '64:ff9b::/96']);
const GLOBAL_UNICAST = blockList('ipv6', ['2000::/3']);

/**
 * Judges one IP address in any spelling that `node:net` takes; a zone (`%eth0`) is ignored.
 *
 * `allowPrivate` opens loopback, RFC 1918, 100.64.0.0/10 and fc00::/7; everything else that is not public stays shut.
 */
export function judgeAddress(address: string, allowPrivate: boolean): Judgement {
  const plain = address.split('%', 1)[0] ?? '';
  const version = isIP(plain);
  if (version === 0) return refuse('never', 'no IP address');
  if (version === 6 && EMBEDS_IPV4.check(plain, 'ipv6'))
    return judgeAddress(embeddedIpv4(plain), allowPrivate);

  const family = version === 4 ? 'ipv4' : 'ipv6';
  const hit = RANGES.find((row) => row.family === family && row.list.check(plain, family));
  if (hit !== undefined) {
    return allowPrivate && hit.reach === 'private' ? { ok: true } : refuse(hit.reach, hit.what);
  }
  if (version === 6 && !GLOBAL_UNICAST.check(plain, 'ipv6')) return refuse('never', 'a reserved address');
  return { ok: true };
}

/** Whether a host is an IP address and not a name. */
export function isAddress(host: string): boolean {
  return isIP(host) !== 0;
}

/** Whether an address is one that only `allowPrivateNetwork` opens: loopback, or a private network. */
export function isPrivate(address: string): boolean {
  return judgeAddress(address, true).ok && !judgeAddress(address, false).ok;
}

/** The refusal of an address or a name; `what` is a noun phrase. */
export function refuse(reach: Reach, what: string): Judgement {
  const rule =
    reach === 'private'
      ? 'which only an endpoint with allowPrivateNetwork may call'
      : 'which no endpoint may call';
  return { ok: false, why: `${what}, ${rule}` };
}

function range(family: Family, reach: Reach, what: string, ...subnets: string[]): Range {
  return { family, reach, what, list: blockList(family, subnets) };
}

function blockList(family: Family, subnets: readonly string[]): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [network = '', prefix] = subnet.split('/');
    list.addSubnet(network, Number(prefix), family);
  }
  return list;
}

/** The last 32 bits of an IPv6 address, dotted. WHATWG URL writes the groups in hexadecimal whatever the input was. */
function embeddedIpv4(address: string): string {
  const groups = new URL(`http://[${address}]`).hostname.slice(1, -1).split(':');
  const [high, low] = groups.slice(-2).map((group) => Number.parseInt(group || '0', 16));
  return [high, low].map((half = 0) => `${half >> 8}.${half & 0xff}`).join('.');
}
