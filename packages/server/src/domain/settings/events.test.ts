import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { EVENT_KINDS } from '../event-kinds.ts';
import { COMMANDS } from './events.ts';

const PAGE = readFileSync(new URL('../../../../../docs/webhooks.md', import.meta.url), 'utf8');

test('docs/webhooks.md names every command, and every event that can be asked for', () => {
  for (const commands of [COMMANDS.tencent, COMMANDS.openim]) {
    for (const [command, kinds] of Object.entries(commands)) {
      if (kinds.some((kind) => EVENT_KINDS.some((after) => after === kind))) {
        assert.ok(PAGE.includes(`\`${command}\``), command);
      }
    }
  }
  for (const kind of EVENT_KINDS) assert.ok(PAGE.includes(`\`${kind}\``), kind);
});
