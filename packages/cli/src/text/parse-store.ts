import { parseStore, STORE_EXPECTS, type StoreConfig } from '@confab-im/server';
import { CliError } from '../cli-error.ts';

/** Where state lives, as in the configuration. What is wrong is told without the text, which may hold a password. */
export function storeOf(option: string, written: string): StoreConfig {
  try {
    return parseStore(written);
  } catch {
    throw new CliError(`${option} must be ${STORE_EXPECTS}.`);
  }
}
