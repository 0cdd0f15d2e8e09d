import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { makeUserSig } from '@confab-im/protocol';
import { loadConfig, startServer } from '@confab-im/server';

export const APP = 1_400_000_001;
const KEY = '5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e';

export type Answer = Readonly<Record<string, unknown>> & { readonly ErrorCode: number };

/** The server as a program embeds it, until the test ends; `config` is put beside what every server needs, `app` into its app. */
export async function startChat(t: TestContext, { config, app }: { config?: object; app?: object }) {
  const folder = await mkdtemp(join(tmpdir(), 'confab-chat-'));
  const secrets = { sdkAppId: APP, secretKeys: [KEY] };
  const text = JSON.stringify({
    ...{ listen: '127.0.0.1:0', store: `sqlite:${join(folder, 'confab.db')}`, log: { level: 'silent' } },
    ...config,
    apps: [{ ...secrets, ...app }],
  });
  const server = await startServer({ config: loadConfig({ text, env: {} }) });
  t.after(async () => {
    await server.stop();
    await rm(folder, { recursive: true });
  });
  const now = Math.floor(Date.now() / 1000);
  const usersig = await makeUserSig({
    ...{ ...secrets, userId: 'administrator', key: KEY },
    ...{ now, expireSeconds: 600 },
  });
  const query = `sdkappid=${APP}&identifier=administrator&usersig=${usersig}&random=1&contenttype=json`;
  return {
    url: server.url,
    call: async (command: string, body: object): Promise<Answer> => {
      const url = `${server.url}/v4/${command}?${query}`;
      return (await (await fetch(url, { method: 'POST', body: JSON.stringify(body) })).json()) as Answer;
    },
  };
}
