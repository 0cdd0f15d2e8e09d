import { openFileStore } from '../../src/store/sqlite/open.ts';

/** A process that opens the database named on its command line, says so, and keeps it as long as its input stays open. */
const store = openFileStore(process.argv[2] ?? '');
process.stdin.resume().on('end', () => store.close());
console.log('open');
