import { loadConfig, startServer } from '@confab-im/server';

/** A server as a process of its own, for tests that kill it: configuration file as the argument, URL on standard output. */
const [file = ''] = process.argv.slice(2);
const server = await startServer({
  config: loadConfig({ file, env: {} }),
  onFatal: () => process.exit(1),
});
process.on('SIGTERM', () => void server.stop().then(() => process.exit(0)));
process.stdout.write(`${JSON.stringify({ url: server.url })}\n`);
