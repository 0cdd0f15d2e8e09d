import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GROUP_TYPES } from '@confab-im/protocol';
import fc from 'fast-check';
import { sampleGroup } from '../../test/support/sample-group.ts';
import type { Group } from './group.ts';
import { GROUP_TYPE_TRAITS } from './group-types.ts';
import { decideModifyGroup, type ProfileChanges } from './modify-group.ts';
import { DEFAULT_RULES } from './rules.ts';

function decide(group: Partial<Group>, given: ProfileChanges) {
  const decision = decideModifyGroup(sampleGroup(group), given, DEFAULT_RULES);
  assert.ok(decision.kind === 'modify', JSON.stringify(decision));
  return decision;
}

function error(group: Partial<Group>, given: ProfileChanges): string | undefined {
  const decision = decideModifyGroup(sampleGroup(group), given, DEFAULT_RULES);
  return decision.kind === 'refused' ? decision.error : undefined;
}

test('of what is given only what is different is a change; name, texts and picture are told', () => {
  const given = {
    name: 'new',
    introduction: '',
    faceUrl: 'f',
    muteAll: true,
    applyJoinOption: 'NeedPermission',
  } as const;
  assert.deepEqual(decide({}, given), {
    kind: 'modify',
    changes: { name: 'new', faceUrl: 'f', muteAll: true },
    told: { name: 'new', faceUrl: 'f' },
    changedData: [],
  });
});

const SETTINGS = {
  applyJoinOption: ['DisableApply', 'applyJoinOptionUsable'],
  inviteJoinOption: ['DisableInvite', 'inviteJoinOptionUsable'],
  historyBeforeJoin: [true, 'historyBeforeJoinUsable'],
} as const;

test('a type takes the settings that it has; another one is refused unless it says what holds anyway', () => {
  for (const type of GROUP_TYPES) {
    for (const [name, [value, trait]] of Object.entries(SETTINGS)) {
      const group = { type, applyJoinOption: 'FreeAccess', historyBeforeJoin: false } as const;
      if (GROUP_TYPE_TRAITS[type][trait]) {
        assert.deepEqual(decide(group, { [name]: value }).changes, { [name]: value }, `${type} ${name}`);
      } else {
        assert.equal(error(group, { [name]: value }), 'PERMISSION_DENIED', `${type} ${name}`);
        assert.deepEqual(decide({ ...group, [name]: value }, { [name]: value }).changes, {});
      }
    }
  }
});

test('permission groups are of communities with topics', () => {
  const given = { enablePermission: true, defaultPermission: 3 };
  assert.deepEqual(decide({ type: 'Community', supportTopic: true }, given).changes, given);
  for (const type of GROUP_TYPES) {
    assert.equal(error({ type }, { enablePermission: true }), 'PERMISSION_DENIED');
    assert.equal(error({ type }, { defaultPermission: 3 }), 'PERMISSION_DENIED');
    assert.deepEqual(decide({ type }, { enablePermission: false, defaultPermission: 0 }).changes, {});
  }
});

test('a limit of 0 stays as it is, one over that of the type is refused', () => {
  assert.deepEqual(decide({}, { maxMemberNum: 0 }).changes, {});
  assert.equal(error({}, { maxMemberNum: 6_001 }), 'INVALID_PARAMETERS');
  assert.deepEqual(decide({ maxMemberNum: 9 }, { maxMemberNum: 5 }).changes, { maxMemberNum: 5 });
  assert.deepEqual(decide({ type: 'AVChatRoom' }, { maxMemberNum: 2 ** 32 - 1 }).changes, {});
});

test('custom fields are merged, and told only with what is told anyway', () => {
  const fields = [{ Key: 'a', Value: '1' }];
  const { changes, told, changedData } = decide(
    { appDefinedData: fields },
    { appDefinedData: [{ Key: 'b', Value: '2' }] },
  );
  assert.deepEqual(changes, { appDefinedData: [...fields, { Key: 'b', Value: '2' }] });
  assert.deepEqual([told, changedData], [{}, [{ Key: 'b', Value: '2' }]]);
  const eleven = Array.from({ length: 11 }, (_, i) => ({ Key: `k${i}`, Value: 'v' }));
  assert.equal(error({}, { appDefinedData: eleven }), 'INVALID_PARAMETERS');
  const ten = eleven.slice(1);
  const swap = [{ Key: 'k1', Value: '' }, eleven[0] ?? { Key: 'k0', Value: 'v' }];
  assert.equal(error({ appDefinedData: ten }, { appDefinedData: swap }), undefined);
});

test('doing it again changes nothing', () => {
  const text = fc.string({ maxLength: 5 });
  const given = fc.record(
    {
      name: text,
      notification: text,
      muteAll: fc.boolean(),
      historyBeforeJoin: fc.boolean(),
      maxMemberNum: fc.nat(9),
      appDefinedData: fc.array(
        fc.record({ Key: fc.constantFrom('a', 'b', 'c'), Value: fc.constantFrom('', 'x') }),
      ),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.constantFrom(...GROUP_TYPES), given, (type, changes) => {
      fc.pre(error({ type }, changes) === undefined);
      const once = decide({ type }, changes);
      const again = decideModifyGroup({ ...sampleGroup({ type }), ...once.changes }, changes, DEFAULT_RULES);
      assert.deepEqual(again, { kind: 'modify', changes: {}, told: {}, changedData: [] });
    }),
  );
});
