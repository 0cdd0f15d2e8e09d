import { DEFAULT_RULES } from '../../src/domain/rules.ts';
import { openWorkerStore } from '../../src/store/sqlite/worker-store.ts';
import { APP, createGroup, putEndpoint, START, sendMessage } from './commands.ts';

/**
 * A process that sends messages to the group `g` of the database named on its command line, eight at a time, and prints
 * `MsgSeq Random` of each once it is acknowledged. `Random` counts up from the second argument. It never ends by itself.
 */
const [path = '', firstRandom = '0'] = process.argv.slice(2);
const store = await openWorkerStore({ path, rules: { ...DEFAULT_RULES, groupMessagesPerSecond: 0 } });
await store.commit({ type: 'importAccounts', now: START, app: APP, accounts: [{ userId: 'a' }] });
await store.commit(createGroup({ groupId: 'g', members: [{ userId: 'a' }] }));
await store.commit(putEndpoint('hook'));

let random = Number(firstRandom);
async function sendForEver(): Promise<never> {
  for (;;) {
    const own = random++;
    const result = await store.commit(sendMessage('g', 'a', { random: own }));
    if (result.kind !== 'sent') throw new Error(`message ${own}: ${JSON.stringify(result)}`);
    process.stdout.write(`${result.msgSeq} ${own}\n`);
  }
}
await Promise.all(Array.from({ length: 8 }, sendForEver));
