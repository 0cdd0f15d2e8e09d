import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GroupType } from '@confab-im/protocol';
import { GROUP_TYPES } from '@confab-im/protocol';
import { sampleGroup } from '../../test/support/sample-group.ts';
import { decideModifyMember, type MemberChanges, type MemberState } from './modify-member.ts';

const MEMBER: MemberState = { role: 'Member', msgFlag: 'AcceptAndNotify', nameCard: 'c', data: [] };

function decide(given: MemberChanges, member: MemberState | undefined = MEMBER, type: GroupType = 'Public') {
  return decideModifyMember(sampleGroup({ type }), 'u', member, given);
}

const error = (...args: Parameters<typeof decide>) => {
  const decision = decide(...args);
  return decision.kind === 'refused' ? decision.error : undefined;
};

test('only what is different changes, and only role and name card are told', () => {
  assert.deepEqual(decide({ role: 'Admin', msgFlag: 'Discard', nameCard: 'c', muteSeconds: 5 }), {
    kind: 'modify',
    changes: { role: 'Admin', msgFlag: 'Discard' },
    told: { role: 'Admin' },
    muteSeconds: 5,
  });
  assert.deepEqual(decide({ role: 'Member', nameCard: '' }), {
    kind: 'modify',
    changes: { nameCard: '' },
    told: { nameCard: '' },
  });
});

test('what each type refuses', () => {
  const byType = (given: MemberChanges) => GROUP_TYPES.map((type) => error(given, MEMBER, type));
  const no = 'PERMISSION_DENIED';
  assert.deepEqual(byType({ role: 'Admin' }), [no, undefined, undefined, no, undefined]);
  assert.deepEqual(byType({ muteSeconds: 1 }), [no, undefined, undefined, no, undefined]);
  assert.deepEqual(byType({ nameCard: 'x' }), [undefined, undefined, undefined, no, undefined]);
  const work = decide({ muteSeconds: 0 }, MEMBER, 'Private');
  assert.ok(work.kind === 'modify' && work.muteSeconds === undefined);
});

test('an owner keeps his role, a stranger has nothing to change', () => {
  const owner = { ...MEMBER, role: 'Owner' } as const;
  assert.equal(error({ role: 'Member' }, owner), 'PERMISSION_DENIED');
  assert.equal(error({ nameCard: 'x' }, owner), undefined);
  const stranger = decideModifyMember(sampleGroup({}), 'u', undefined, { nameCard: 'x' });
  assert.ok(stranger.kind === 'refused' && stranger.error === 'INVALID_PARAMETERS');
});

test('custom fields are merged, at most 5', () => {
  const five = Array.from({ length: 5 }, (_, i) => ({ Key: `k${i}`, Value: 'v' }));
  const more = decide(
    {
      appDefinedData: [
        { Key: 'k0', Value: '' },
        { Key: 'new', Value: 'v' },
      ],
    },
    { ...MEMBER, data: five },
  );
  assert.ok(more.kind === 'modify');
  assert.deepEqual(more.changes.data, [...five.slice(1), { Key: 'new', Value: 'v' }]);
  assert.equal(
    error({ appDefinedData: [{ Key: 'new', Value: 'v' }] }, { ...MEMBER, data: five }),
    'INVALID_PARAMETERS',
  );
});
