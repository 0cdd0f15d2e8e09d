/**
 * TLS identities made on the spot: a fresh P-256 key and a certificate (X.509 v3, RFC 5280), self-signed or signed by an
 * authority made likewise, by default for `localhost` and 127.0.0.1. So no private key lies in the repository, and none expires
 * unnoticed.
 */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

export interface Identity {
  /** PEM. */
  key: string;
  /** PEM; trust it with `tls.setDefaultCACertificates([cert])`. */
  cert: string;
}

const SEQUENCE = 0x30;
const SET = 0x31;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const UTF8_STRING = 0x0c;
const UTC_TIME = 0x17;

// OBJECT IDENTIFIERs in DER: ecdsa-with-SHA256, commonName, subjectAltName, basicConstraints.
const ECDSA_SHA256 = Buffer.from('06082a8648ce3d040302', 'hex');
const COMMON_NAME = Buffer.from('0603550403', 'hex');
const SUBJECT_ALT_NAME = Buffer.from('0603551d11', 'hex');
const BASIC_CONSTRAINTS = Buffer.from('0603551d13', 'hex');
const TRUE = Buffer.from('0101ff', 'hex');

export interface CertificateOptions {
  /** Host name or purpose; `localhost` also gets 127.0.0.1. */
  readonly name?: string;
  /** Who signs; itself when absent. Its own name must be its `name` of then. */
  readonly issuer?: Issuer;
  /** `YYMMDD…Z` as UTCTime has it. */
  readonly notAfter?: string;
}

/** An identity that may sign others. */
export interface Issuer extends Identity {
  readonly name: string;
}

export function selfSigned(options: CertificateOptions = {}): Identity {
  return certificate(options, false);
}

/** A root that signs identities: pass it as `issuer`. */
export function authority(name: string): Issuer {
  return { name, ...certificate({ name }, true) };
}

function certificate({ name = 'localhost', issuer, notAfter }: CertificateOptions, signs: boolean): Identity {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = der(SEQUENCE, ECDSA_SHA256);
  const addresses = name === 'localhost' ? [der(0x87, Buffer.from([127, 0, 0, 1]))] : [];
  const altNames = der(SEQUENCE, der(0x82, Buffer.from(name)), ...addresses);
  const extensions = [
    der(SEQUENCE, SUBJECT_ALT_NAME, der(OCTET_STRING, altNames)),
    ...(signs ? [der(SEQUENCE, BASIC_CONSTRAINTS, TRUE, der(OCTET_STRING, der(SEQUENCE, TRUE)))] : []),
  ];
  const body = der(
    SEQUENCE,
    der(0xa0, der(INTEGER, Buffer.from([2]))),
    der(INTEGER, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    distinguishedName(issuer?.name ?? name),
    der(
      SEQUENCE,
      der(UTC_TIME, Buffer.from('240101000000Z')),
      der(UTC_TIME, Buffer.from(notAfter ?? '491231235959Z')),
    ),
    distinguishedName(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(SEQUENCE, ...extensions)),
  );
  const signature = der(BIT_STRING, Buffer.from([0]), sign('sha256', body, issuer?.key ?? privateKey));
  const base64 = der(SEQUENCE, body, algorithm, signature).toString('base64');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
  };
}

function distinguishedName(name: string): Buffer {
  return der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, der(UTF8_STRING, Buffer.from(name)))));
}

/** One DER value: tag, length, content. */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const length =
    content.length < 0x80
      ? [content.length]
      : content.length < 0x100
        ? [0x81, content.length]
        : [0x82, content.length >> 8, content.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}
