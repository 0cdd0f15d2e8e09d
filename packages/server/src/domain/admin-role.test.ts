import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ADMIN_ROLES, roleSuffices } from './admin-role.ts';

test('a role suffices for itself and for every lesser one', () => {
  const matrix = ADMIN_ROLES.map((role) => ADMIN_ROLES.map((needed) => roleSuffices(role, needed)));
  assert.deepEqual(matrix, [
    [true, true, true],
    [false, true, true],
    [false, false, true],
  ]);
});
