import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FOR_EVER } from '../../src/domain/mute.ts';
import type { Command } from '../../src/store/commands.ts';
import { sentFacts } from '../support/sent-facts.ts';
import { APP, createGroup, START, sendMessage } from './commands.ts';
import { inWords, Model } from './model.ts';
import type { StoreKind } from './open-store.ts';
import { openScene, type Scene } from './scene.ts';

const USERS = ['a', 'b', 'c'];
const user = fc.constantFrom(...USERS);
const userIds = fc.uniqueArray(user, { minLength: 1, maxLength: 3 });
const groupId = fc.constantFrom('g', 'h');

const creating = fc
  .tuple(groupId, fc.constantFrom('Public', 'Private', 'ChatRoom', 'AVChatRoom'), userIds)
  .map(([id, groupType, members]) => {
    const list = groupType === 'AVChatRoom' ? {} : { members: members.map((userId) => ({ userId })) };
    return createGroup({ groupId: id, groupType, ...list });
  });
const changing = fc
  .tuple(fc.constantFrom('addMembers', 'deleteMembers'), groupId, userIds)
  .map(([type, id, users]): Command => {
    const fields = { now: START, app: APP, operator: 'administrator', silent: false };
    return { type, ...fields, groupId: id, userIds: users };
  });
const sending = fc
  .record({
    id: groupId,
    sender: user,
    random: fc.nat(9),
    onlineOnly: fc.boolean(),
    to: fc.option(fc.uniqueArray(user, { maxLength: 2 }), { nil: undefined }),
  })
  .map(({ id, sender, random, onlineOnly, to }) =>
    sendMessage(id, sender, { random, onlineOnly, ...(to === undefined || onlineOnly ? {} : { to }) }),
  );
const by = { now: START, app: APP, operator: 'administrator', operatorIsAdmin: true } as const;
const profiling: fc.Arbitrary<Command> = fc.oneof(
  fc
    .tuple(groupId, fc.constantFrom('one', 'two'))
    .map(([id, name]): Command => ({ type: 'modifyGroup', ...by, groupId: id, changes: { name } })),
  fc
    .tuple(groupId, user)
    .map(([id, newOwner]): Command => ({ type: 'changeOwner', ...by, groupId: id, newOwner })),
  fc
    .tuple(
      groupId,
      user,
      fc.record(
        { role: fc.constantFrom('Admin', 'Member'), nameCard: fc.constantFrom('', 'x') },
        { requiredKeys: [] },
      ),
    )
    .map(
      ([id, userId, fields]): Command => ({ type: 'modifyMember', ...by, groupId: id, userId, ...fields }),
    ),
  fc.tuple(groupId, userIds, fc.constantFrom(0, FOR_EVER)).map(
    ([id, users, seconds]): Command => ({
      type: 'muteMembers',
      ...by,
      groupId: id,
      userIds: users,
      seconds,
    }),
  ),
);
const destroying = groupId.map(
  (id): Command => ({ type: 'destroyGroup', now: START, app: APP, operator: 'x', groupId: id }),
);
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 2, arbitrary: creating },
  { weight: 2, arbitrary: changing },
  { weight: 8, arbitrary: sending },
  { weight: 3, arbitrary: profiling },
  { weight: 1, arbitrary: destroying },
);

/** Commands in batches of any size. */
const batches = fc.array(fc.array(command, { minLength: 1, maxLength: 12 }), { maxLength: 8 });

export function propertySuite({ open, durable }: StoreKind): void {
  test('however commands are put into batches, the store does what the model says', async () => {
    const run = async (split: Command[][]): Promise<void> => {
      await using scene = await openScene(open, { rules: { groupMessagesPerSecond: 0 } });
      await scene.accounts(...USERS);
      const hook = await scene.endpoint('hook');
      const model = new Model();
      for (const batch of split) {
        const expected = batch.map((one) => (isTargetedInRoom(model, one) ? 'refused' : model.apply(one)));
        assert.deepEqual((await scene.batch(...batch)).map(inWords), expected);
      }
      if (durable) await scene.reopen();
      await agreesWith(scene, model, hook);
    };
    await fc.assert(fc.asyncProperty(batches, run), { numRuns: durable ? 15 : 60 });
  });
}

/** An AVChatRoom has no targeted messages, not even one to nobody. */
function isTargetedInRoom(model: Model, one: Command): boolean {
  return (
    one.type === 'sendMessage' && one.to !== undefined && model.groups.get(one.groupId)?.type === 'AVChatRoom'
  );
}

async function agreesWith(scene: Scene, model: Model, hook: number): Promise<void> {
  const delivered = await scene.drain(hook, 3);
  for (const [id, { numbered, members, muted, ...profile }] of model.groups) {
    const group = await scene.groupNow(id);
    assert.deepEqual([group.nextMsgSeq, group.memberNum], [numbered.length + 1, members.size]);
    assert.deepEqual(
      [group.name, group.owner, group.infoSeq],
      [profile.name, profile.owner, profile.infoSeq],
    );
    const history = await scene.store.history({ app: APP, groupId: id, fromMsgSeq: 0, limit: 1_000 });
    const stored = (history?.messages ?? []).map(({ msgSeq, sender, random, tip }) => [
      msgSeq,
      sender,
      random,
      tip,
    ]);
    const expected = numbered.flatMap((one, index) =>
      one === undefined ? [] : [[index + 1, one.sender, one.random, one.tip]],
    );
    assert.deepEqual(stored.reverse(), expected);
    const page = await scene.store.members({ app: APP, groupId: id, offset: 0, limit: 9 });
    assert.deepEqual(
      page?.members.map(({ userId, role, nameCard }) => [userId, { role, nameCard }]),
      [...members],
    );
    const restricted = { app: APP, groupId: id, kind: 'mute', now: 0, offset: 0, limit: 9 } as const;
    assert.deepEqual(
      (await scene.store.restricted(restricted))?.users.map(({ userId }) => userId),
      [...muted].toSorted(),
    );
    const sentTo = delivered.filter((event) => event.id.split('-')[1] === String(group.streamId));
    assert.deepEqual(
      sentTo.map((event) => sentFacts(event).random),
      model.events.get(id),
    );
    const order = sentTo.map((event) => event.seq);
    assert.deepEqual(
      order,
      order.toSorted((a, b) => a - b),
    );
  }
}
