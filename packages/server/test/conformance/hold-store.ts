import { openFileStore } from '../../src/store/sqlite/open.ts';

/** A process that opens the database named on its command line, says so, and keeps it until it is killed. */
openFileStore(process.argv[2] ?? '');
console.log('open');
process.stdin.resume();
setInterval(() => undefined, 2 ** 30);
