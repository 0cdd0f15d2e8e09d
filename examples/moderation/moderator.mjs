/**
 * A moderator: asked before a group is created, before users join and before a message is sent.
 *
 *     node examples/moderation/moderator.mjs 8801 1400000001 WEBHOOK_TOKEN
 */
import { createServer } from 'node:http';
import { createReceiver, drop, refuse, rewrite, without } from '@confab-im/receiver';
import { nodeHttp } from '@confab-im/receiver/node-http';

const [port, sdkAppId, authToken] = process.argv.slice(2);
if (authToken === undefined) throw new Error('usage: node moderator.mjs PORT SDKAPPID WEBHOOK_TOKEN');

const BANNED = new Set(['mallory']);
const SECRET = /\b\d{16}\b/g;

const receiver = createReceiver({
  sdkAppId: Number(sdkAppId),
  authToken,
  on: {},
  before: {
    'group.before-create': ({ name }) =>
      name.includes('casino') ? refuse('No gambling here', 10_101) : undefined,
    'group.before-invite': ({ members }) => {
      const unwanted = members.filter((userId) => BANNED.has(userId));
      return unwanted.length > 0 ? without(unwanted) : undefined;
    },
    'group.message.before-send': ({ msgBody }) => {
      const text = msgBody.map(({ MsgContent }) => MsgContent.Text ?? '').join(' ');
      if (text.includes('buy now')) return drop();
      if (text.includes('idiot')) return refuse('Please be kind');
      if (text.search(SECRET) < 0) return undefined;
      // Card numbers do not go through.
      const masked = text.replace(SECRET, '****************');
      return rewrite({ msgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: masked } }] });
    },
  },
  observe: ({ kind, decision }) => console.log(JSON.stringify({ kind, decided: decision?.kind ?? 'go on' })),
});

const server = createServer(nodeHttp(receiver)).listen(Number(port), '127.0.0.1', () => {
  console.log(JSON.stringify({ listening: `http://127.0.0.1:${server.address().port}/` }));
});
