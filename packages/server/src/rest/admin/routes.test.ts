import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ADMIN_ROUTES, routesAt } from './routes.ts';

test('a path finds its routes and their parameters', () => {
  const matches = routesAt('apps/14/endpoints/my%20name');
  assert.deepEqual(
    matches.map(({ route }) => route.method),
    ['GET', 'PUT', 'DELETE'],
  );
  assert.deepEqual(Object.fromEntries(matches[0]?.params ?? []), { app: '14', name: 'my name' });
  assert.deepEqual(
    routesAt('status').map(({ route }) => route.path),
    ['status'],
  );
});

test('other paths find none', () => {
  for (const path of [
    '',
    'status/',
    '/status',
    'apps//endpoints',
    'apps/14/endpoints/%zz',
    'apps/14',
    'apps/14/endpoints/a/b/c',
  ]) {
    assert.deepEqual(routesAt(path), [], path);
  }
});

test('what changes something needs more than read-only, and each call stands once', () => {
  for (const { method, role, path } of ADMIN_ROUTES) {
    assert.equal(role === 'read-only', method === 'GET', `${method} ${path}`);
  }
  const calls = ADMIN_ROUTES.map(({ method, path }) => `${method} ${path}`);
  assert.equal(new Set(calls).size, calls.length);
});
