/**
 * The real server: `server-process.ts CONFIG [STORE-SCRIPT-URL]`. Tells its URL once it is up; asked anything, its resident memory
 * in bytes. SIGTERM stops it in order.
 */
import { loadConfig, startServer } from '@confab-im/server';

const [file = '', storeScript] = process.argv.slice(2);
const server = await startServer({
  config: loadConfig({ file, env: {} }),
  ...(storeScript === undefined ? {} : { storeScript: new URL(storeScript) }),
  onFatal: (error) => {
    process.stderr.write(`The server cannot go on: ${error.message}\n`);
    process.exit(1);
  },
});
process.on('SIGTERM', () => void server.stop().then(() => process.exit(0)));
process.on('message', () => process.send?.(process.memoryUsage.rss()));
process.send?.(server.url);
