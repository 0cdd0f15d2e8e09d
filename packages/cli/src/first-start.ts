import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { CliError, reasonOf } from './cli-error.ts';

/** Folder of everything that a server without a configuration of its own keeps; relative to where it is started. */
export const DATA_FOLDER = 'confab-data';

/** The configuration that commands use when none is named. */
export const DEFAULT_CONFIG = `${DATA_FOLDER}/confab.yaml`;

/** Makes the default configuration, readable by its owner alone, unless it stands already. Gives whether it was made. */
export function ensureDefaultConfig(): boolean {
  if (existsSync(DEFAULT_CONFIG)) return false;
  try {
    mkdirSync(dirname(DEFAULT_CONFIG), { recursive: true, mode: 0o700 });
    writeFileSync(DEFAULT_CONFIG, firstConfig(randomBytes), { mode: 0o600, flag: 'wx' });
    return true;
  } catch (error) {
    throw new CliError(
      `${DEFAULT_CONFIG} could not be made: ${reasonOf(error)}. Start in a folder you may write to, or name a file with --config.`,
    );
  }
}

/** The text of a first configuration: one app with an admin, fresh secrets (quoted: YAML takes some for numbers), no endpoints. */
export function firstConfig(random: (bytes: number) => Buffer): string {
  return `# Made on the first start. It holds secrets: keep it to yourself. Every key is described in docs/configuration.md.
listen: 127.0.0.1:7700
store: sqlite:./${DATA_FOLDER}/confab.db
# Encrypts what the store keeps of endpoints. A backup of the store is of no use without it, so keep it elsewhere too.
secretsKey: "${random(32).toString('base64')}"
admin:
  tokens:
    - name: first
      token: "${random(24).toString('base64url')}"
      role: owner
apps:
  - sdkAppId: 1400000001
    secretKeys:
      - "${random(32).toString('hex')}"
    admins: [administrator]
    # Where webhooks go. Put the lines below in place of [], restart, and "confab record" receives them.
    endpoints: []
    # - name: my-backend
    #   url: http://127.0.0.1:7701/
    #   events: [Group.CallbackAfterSendMsg]
    #   allowPrivateNetwork: true
`;
}
