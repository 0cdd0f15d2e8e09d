import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const APP = 1400000001;
export const ADMIN = 'administrator';
/** Signs the UserSigs of a run; the server it opens lives on 127.0.0.1 for seconds. */
export const SECRET_KEY = 'only-for-the-bench';
export const SENDER = 'leckie';
export const GROUPS: readonly string[] = Array.from({ length: 100 }, (_, index) => `g${index}`);

export interface Target {
  readonly name: string;
  readonly url: string;
}

/**
 * Writes the configuration of a server whose state lives in `folder`, or in `store`, and whose messages go to `endpoints`. Everything
 * is as by default, but the limit of messages per second and group. JSON is YAML.
 */
export function writeConfig(folder: string, endpoints: readonly Target[], store?: string): string {
  const file = join(folder, 'confab.yaml');
  const config = {
    listen: '127.0.0.1:0',
    // By the environment: another store for runs by hand, such as an empty database of PostgreSQL.
    store: store ?? process.env.CONFAB_BENCH_STORE ?? `sqlite:${join(folder, 'confab.db')}`,
    limits: { groupMessagesPerSecond: 0 },
    apps: [
      {
        sdkAppId: APP,
        secretKeys: [SECRET_KEY],
        admins: [ADMIN],
        endpoints: endpoints.map((target) => ({
          ...target,
          events: ['Group.CallbackAfterSendMsg'],
          allowPrivateNetwork: true,
        })),
      },
    ],
  };
  writeFileSync(file, JSON.stringify(config, null, 2));
  return file;
}
