import { describe } from 'node:test';
import { openMemoryStore } from '../../src/store/sqlite/open.ts';
import { conformance } from './suite.ts';

describe('SQLite in memory', () => {
  conformance({ open: async ({ rules }) => openMemoryStore({ rules }), durable: false });
});
