import { parseStore } from '../../src/config/values.ts';
import { moveStore } from '../../src/move-store.ts';

/** A move as a process of its own, for tests that kill it. Arguments: from, to. Each page is told as a line on standard output. */
const [from = '', to = ''] = process.argv.slice(2);
try {
  const { tables } = await moveStore({
    from: parseStore(from),
    to: parseStore(to),
    onProgress: (progress) => process.stdout.write(`${JSON.stringify(progress)}\n`),
  });
  process.stdout.write(`${JSON.stringify({ tables })}\n`);
} catch (error) {
  process.stdout.write(`${JSON.stringify({ error: { ...(error as object), message: String(error) } })}\n`);
  process.exitCode = 1;
}
