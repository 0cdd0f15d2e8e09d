import Type from 'typebox';
import { certificateProblem, keyFits, keyProblem } from '../client-tls.ts';
import { MASK } from '../mask.ts';
import { type Problem, Unfit } from './problem.ts';

/** From what is written to the PEM text. Throws `Unfit`. */
export type ReadPem = (written: string) => string;

/** Certificates of all authorities together are a quarter of this. */
const PEM_MAX_LENGTH = 1_048_576;

/** Where no file may be named: whoever may write endpoints by the admin API may not read the files of the server by it. */
export const pemText: ReadPem = (written) => {
  if (written === MASK || isPem(written)) return written;
  throw new Unfit('must be PEM text (-----BEGIN …); only the configuration file may name files');
};

export function isPem(written: string): boolean {
  return written.includes('-----BEGIN ');
}

/** The setting `tls` of an endpoint. The same everywhere but for what may be written in place of PEM text. */
export function clientTlsSchema(readPem: ReadPem, expects: string) {
  const pem = (problemOf: (text: string) => string | undefined, description: string, secret = false) =>
    Type.Optional(
      Type.Decode(
        Type.String({ minLength: 1, maxLength: PEM_MAX_LENGTH, quiet: true, secret, expects, description }),
        (written) => checked(written, readPem(written), problemOf),
      ),
    );
  return Type.Object(
    {
      ca: pem(
        certificateProblem,
        'Certificates of the authorities that may vouch for the receiver, instead of the public ones.',
      ),
      cert: pem(certificateProblem, 'Client certificate and its chain, for receivers that ask for one.'),
      key: pem(keyProblem, 'Private key of the client certificate, without a passphrase.', true),
      servername: Type.Optional(
        Type.String({
          pattern: '^[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*$',
          maxLength: 253,
          expects: 'a host name such as hooks.example.com',
          shownDefault: 'the host of `url`',
          description: "Name that is asked for and that the receiver's certificate must bear.",
        }),
      ),
    },
    {
      description:
        'Mutual TLS, own authorities, another server name. The receiver is always verified, with TLS 1.2 or later.',
      rule: clientTlsProblems,
    },
  );
}

/** What is wrong between the parts of `tls`; a masked key is judged once the stored one is back in its place. */
export function clientTlsProblems(value: unknown): readonly Problem[] {
  const { cert, key } = value as { readonly cert?: string; readonly key?: string };
  if (cert !== undefined && key === undefined) {
    return [{ path: ['key'], message: 'is missing: it must be the private key of cert' }];
  }
  if (key !== undefined && cert === undefined) {
    return [{ path: ['cert'], message: 'is missing: it must be the certificate that key belongs to' }];
  }
  if (cert === undefined || key === undefined || key === MASK || keyFits(cert, key)) return [];
  return [{ path: ['key'], message: 'does not belong to cert: they are of different pairs' }];
}

function checked(written: string, text: string, problemOf: (text: string) => string | undefined): string {
  if (text === MASK) return text;
  const problem = problemOf(text);
  if (problem === undefined) return text;
  throw new Unfit(isPem(written) ? problem : `names the file ${written}, which ${problem}`);
}
