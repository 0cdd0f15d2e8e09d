import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createLogger, type LogLevel } from './logger.ts';

function capture(level: LogLevel) {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
  return { lines, logger: createLogger({ level, destination }) };
}

test('a line is one object with level, time, fields and message', () => {
  const { lines, logger } = capture('info');
  logger.info({ command: 'send_group_msg', code: 0 }, 'request');
  const [{ time, ...rest } = {}] = lines;
  assert.equal(typeof time, 'number');
  assert.deepEqual(rest, { level: 'info', command: 'send_group_msg', code: 0, msg: 'request' });
});

test('lines below the level are not written', () => {
  const { lines, logger } = capture('warn');
  logger.debug({}, 'a');
  logger.info({}, 'b');
  logger.warn({}, 'c');
  logger.error({}, 'd');
  assert.deepEqual(
    lines.map(({ msg }) => msg),
    ['c', 'd'],
  );
});

test('secrets that slipped in are not written', () => {
  const { lines, logger } = capture('debug');
  const secret = 'hunter2';
  logger.info({ usersig: secret, endpoint: { authToken: secret, name: 'main' } }, 'x');
  logger.error({ headers: { authorization: secret }, token: secret, query: { Sign: secret } }, 'y');
  assert.doesNotMatch(JSON.stringify(lines), /hunter2/);
  assert.match(JSON.stringify(lines), /"name":"main"/);
});

test('a process that exits at once still writes its lines', () => {
  const module = fileURLToPath(new URL('./logger.ts', import.meta.url));
  const script = `
    const { createLogger } = await import(${JSON.stringify(module)});
    const logger = createLogger({ level: 'info' });
    for (let n = 0; n < 1000; n++) logger.info({ n }, 'line');
    process.exit(0);`;
  const { stdout, status } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
  });
  assert.equal(status, 0);
  const lines = stdout.trim().split('\n');
  assert.equal(lines.length, 1000);
  assert.equal(JSON.parse(lines.at(-1) ?? '').n, 999);
});
