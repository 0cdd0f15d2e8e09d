import { loadConfig, startServer } from '@confab-im/server';

/**
 * A server as a process of its own, for tests that kill it. Arguments: configuration file and, if need be, a script for the
 * store's thread; its URL comes on standard output.
 */
const [file = '', storeScript] = process.argv.slice(2);
const server = await startServer({
  config: loadConfig({ file, env: {} }),
  ...(storeScript === undefined ? {} : { storeScript: new URL(storeScript) }),
  onFatal: () => process.exit(1),
});
process.on('SIGTERM', () => void server.stop().then(() => process.exit(0)));
process.stdout.write(`${JSON.stringify({ url: server.url })}\n`);
