import { readFileSync } from 'node:fs';
import { CliError, codeOf, reasonOf } from './cli-error.ts';

/** Longer than any key or token we know; keeps a wrongly named file out of memory. */
const MAX_SECRET_BYTES = 16_384;

export interface SecretSource {
  /** What it is, for the error: "secret key". */
  readonly what: string;
  /** Given on the command line. */
  readonly value?: string | undefined;
  /** A file that holds it, `-` for standard input. */
  readonly file?: string | undefined;
  /** The environment variable to look in last, for those that have one. */
  readonly variable?: string;
}

/** A secret from the command line, a file or the environment, in this order; surrounding white space goes. */
export function readSecret(source: SecretSource): string | undefined {
  const text = source.value ?? readSecretFile(source) ?? fromEnvironment(source);
  if (text === undefined) return undefined;
  const secret = text.trim();
  if (secret === '') throw new CliError(`The ${source.what} is empty: ${origin(source)}.`);
  return secret;
}

function readSecretFile({ what, file }: SecretSource): string | undefined {
  if (file === undefined) return undefined;
  try {
    const bytes = readFileSync(file === '-' ? 0 : file);
    if (bytes.length <= MAX_SECRET_BYTES) return bytes.toString('utf8');
  } catch (error) {
    const why = codeOf(error) === 'ENOENT' ? 'there is no such file' : reasonOf(error);
    throw new CliError(`The ${what} could not be read from ${file}: ${why}.`);
  }
  throw new CliError(`The ${what} in ${file} is larger than ${MAX_SECRET_BYTES} bytes: it is not one.`);
}

function fromEnvironment({ variable }: SecretSource): string | undefined {
  return variable === undefined ? undefined : process.env[variable];
}

function origin({ value, file, variable }: SecretSource): string {
  if (value !== undefined) return 'it was given on the command line';
  return file === undefined ? `see the environment variable ${variable}` : `see ${file}`;
}
