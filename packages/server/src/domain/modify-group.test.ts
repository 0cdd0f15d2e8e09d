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

test('a type takes the options that it has', () => {
  const given: ProfileChanges = {
    maxMemberNum: 5,
    applyJoinOption: 'DisableApply',
    inviteJoinOption: 'DisableInvite',
    historyBeforeJoin: true,
    enablePermission: true,
    defaultPermission: 3,
  };
  for (const type of GROUP_TYPES) {
    const traits = GROUP_TYPE_TRAITS[type];
    const { changes } = decide({ type, applyJoinOption: 'FreeAccess' }, given);
    assert.equal('maxMemberNum' in changes, traits.membersStored, type);
    assert.equal('applyJoinOption' in changes, traits.applyJoinOptionUsable, type);
    assert.equal('inviteJoinOption' in changes, traits.inviteJoinOptionUsable, type);
    assert.equal('historyBeforeJoin' in changes, traits.historyBeforeJoinUsable, type);
    assert.equal('enablePermission' in changes, false, type);
  }
  const withTopics = decide({ type: 'Community', supportTopic: true }, given).changes;
  assert.deepEqual([withTopics.enablePermission, withTopics.defaultPermission], [true, 3]);
});

test('a limit of 0 stays as it is, one over that of the type is refused', () => {
  assert.deepEqual(decide({}, { maxMemberNum: 0 }).changes, {});
  assert.equal(error({}, { maxMemberNum: 6_001 }), 'INVALID_PARAMETERS');
  assert.equal(error({ type: 'AVChatRoom' }, { maxMemberNum: 2 ** 32 - 1 }), undefined);
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
      const once = decide({ type }, changes);
      const again = decideModifyGroup({ ...sampleGroup({ type }), ...once.changes }, changes, DEFAULT_RULES);
      assert.deepEqual(again, { kind: 'modify', changes: {}, told: {}, changedData: [] });
    }),
  );
});
