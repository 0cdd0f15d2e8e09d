import { DEFAULT_RULES } from '../../src/domain/rules.ts';
import { openPostgresStore } from '../../src/store/postgres/open.ts';
import { sendMessage } from '../conformance/commands.ts';

/**
 * A node that sends messages to the group `g` of the database at the URL, eight at a time, and prints `MsgSeq Random` of each once it is
 * acknowledged. `Random` counts up from the second argument. It never ends by itself.
 */
const [url = '', firstRandom = '0'] = process.argv.slice(2);
const rules = { ...DEFAULT_RULES, groupMessagesPerSecond: 0 };
const store = await openPostgresStore({ url, rules, alone: false });

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
