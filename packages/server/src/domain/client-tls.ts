import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';

/**
 * How Confab speaks TLS to one endpoint. All but `servername` are PEM texts. TLS 1.2 is the least, and the receiver is always
 * verified: there is no setting that turns it off.
 */
export interface ClientTls {
  /** Who may vouch for the receiver, instead of the authorities that Node.js trusts. */
  readonly ca?: string;
  /** Shown to receivers that ask who calls: the certificate, then the rest of its chain. */
  readonly cert?: string;
  readonly key?: string;
  /** Asked for (SNI) and looked for in the receiver's certificate, instead of the host of the URL. */
  readonly servername?: string;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
const PRIVATE_KEY = /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/;

/** What is wrong with a PEM text of certificates, as a clause; undefined when nothing is. */
export function certificateProblem(pem: string): string | undefined {
  const blocks = pem.match(CERTIFICATE) ?? [];
  if (blocks.length === 0) return 'holds no certificate (-----BEGIN CERTIFICATE-----)';
  const bad = blocks.findIndex((block) => attempt(() => new X509Certificate(block)) === undefined);
  return bad === -1
    ? undefined
    : `holds a certificate that cannot be read: number ${bad + 1} of ${blocks.length}`;
}

/** What is wrong with a PEM text of a private key, as a clause; undefined when nothing is. Never shows a part of it. */
export function keyProblem(pem: string): string | undefined {
  if (!PRIVATE_KEY.test(pem)) return 'holds no private key (-----BEGIN PRIVATE KEY-----)';
  if (/ENCRYPTED/.test(pem)) {
    return 'holds a private key with a passphrase; take it off with "openssl pkey -in OLD -out NEW"';
  }
  return readKey(pem) === undefined ? 'holds a private key that cannot be read' : undefined;
}

/** Whether the private key is that of the first certificate. Both texts must be free of problems. */
export function keyFits(cert: string, key: string): boolean {
  const privateKey = readKey(key);
  return privateKey !== undefined && (first(cert)?.checkPrivateKey(privateKey) ?? false);
}

/** When the first certificate ends, in unix ms; undefined when it cannot be read. */
export function validUntil(cert: string): number | undefined {
  return first(cert)?.validToDate.getTime();
}

/** Says that a client certificate has ended, as a clause; undefined while it has not. `now` in unix ms. */
export function expiryProblem({ cert }: ClientTls, now: number): string | undefined {
  const until = cert === undefined ? undefined : validUntil(cert);
  if (until === undefined || now <= until) return undefined;
  return `its client certificate (tls.cert) expired on ${new Date(until).toISOString()}; renew it`;
}

function first(pem: string): X509Certificate | undefined {
  const [block] = pem.match(CERTIFICATE) ?? [];
  return block === undefined ? undefined : attempt(() => new X509Certificate(block));
}

function readKey(pem: string): KeyObject | undefined {
  return attempt(() => createPrivateKey(pem));
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
