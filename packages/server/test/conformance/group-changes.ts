import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { GroupChange } from '@confab-im/protocol';
import { EVENT_KINDS } from '../../src/domain/event-kinds.ts';
import type { AddMembers, DeleteMembers } from '../../src/store/commands.ts';
import type { LaneEvent } from '../../src/store/lanes.ts';
import { APP, createGroup, START, startReplay } from './commands.ts';
import type { StoreKind } from './open-store.ts';
import { openScene, type Scene } from './scene.ts';

const FROM = { clientIp: '192.0.2.9', platform: 'RESTAPI', operationId: 'op-9' };
const ALL = { events: EVENT_KINDS };

function adding(userIds: readonly string[], groupId = 'g'): AddMembers {
  return { ...changing(groupId), type: 'addMembers', userIds, silent: true };
}

function removing(userIds: readonly string[], groupId = 'g'): DeleteMembers {
  return { ...changing(groupId), type: 'deleteMembers', userIds, silent: true, reason: 'noise' };
}

function changing(groupId: string) {
  return { now: START, app: APP, operator: 'root', from: FROM, groupId };
}

function kinds(events: readonly LaneEvent[]): string[] {
  return events.map(({ facts }) => facts.kind);
}

async function members(scene: Scene, ...userIds: string[]): Promise<void> {
  await scene.accounts(...userIds);
  await scene.commit(adding(userIds));
}

/** What happens to a group besides messages: in its log, in order with them, for whoever asks for it. */
export function groupChangeSuite({ open, durable }: StoreKind): void {
  describe('changes of a group', () => {
    test('are delivered in order with the messages, with their facts and where they came from', async () => {
      await using scene = await openScene(open);
      const hook = await scene.endpoint('hook', ALL);
      await scene.group('g', ['a'], { owner: 'a', members: [], from: FROM, introduction: 'hi' });
      await members(scene, 'b', 'c');
      await scene.sent('g', 'b');
      await scene.commit(removing(['c']));
      await scene.commit({ ...changing('g'), type: 'destroyGroup' });
      if (durable) await scene.reopen();
      const events = await scene.drain(hook);
      assert.deepEqual(kinds(events), [
        'group.created',
        'group.members.joined',
        'group.message.sent',
        'group.members.left',
        'group.destroyed',
      ]);
      const place = {
        groupId: 'g',
        groupType: 'Public',
        msgSeq: 0,
        eventTime: START,
        clientIp: '192.0.2.9',
        platform: 'RESTAPI',
        operationID: 'op-9',
      } as const;
      const expected: readonly GroupChange[] = [
        {
          kind: 'group.created',
          ...place,
          operator: 'administrator',
          owner: 'a',
          name: 'a group',
          members: [],
          introduction: 'hi',
        },
        {
          kind: 'group.members.joined',
          ...place,
          operator: 'root',
          joinType: 'Invited',
          members: ['b', 'c'],
        },
        {
          kind: 'group.members.left',
          ...place,
          operator: 'root',
          exitType: 'Kicked',
          members: ['c'],
          reason: 'noise',
        },
        {
          kind: 'group.destroyed',
          ...place,
          operator: 'root',
          owner: 'a',
          name: 'a group',
          members: ['a', 'b'],
        },
      ];
      assert.deepEqual(
        events.map(({ facts }) => facts).filter(({ kind }) => kind !== 'group.message.sent'),
        expected,
      );
      assert.equal(new Set(events.map(({ id }) => id)).size, 5, 'each has an id of its own');
    });

    test('go to who asks for them, joins and leaves told apart', async () => {
      await using scene = await openScene(open);
      const kicked = await scene.endpoint('kicked', { events: ['group.members.left.kicked'] });
      const quit = await scene.endpoint('quit', { events: ['group.members.left.quit'] });
      const messages = await scene.endpoint('messages');
      await scene.group('g', ['a', 'b']);
      await members(scene, 'c', 'd');
      await scene.commit(removing(['c']));
      await scene.commit({ type: 'deleteAccounts', now: START, app: APP, userIds: ['d'] });
      assert.deepEqual(
        (await scene.drain(kicked)).map(({ facts }) => [facts.kind, 'members' in facts ? facts.members : []]),
        [['group.members.left', ['c']]],
      );
      assert.deepEqual(
        (await scene.drain(quit)).map(({ facts }) => [facts.kind, 'members' in facts ? facts.members : []]),
        [['group.members.left', ['d']]],
      );
      assert.deepEqual(await scene.drain(messages), []);
    });

    test('a replay sends those that the endpoint asks for', async () => {
      await using scene = await openScene(open);
      await scene.group('g', ['a']);
      await members(scene, 'b');
      await scene.sent('g', 'a');
      await scene.commit(removing(['b']));
      const hook = await scene.endpoint('hook', {
        events: ['group.created', 'group.members.left.kicked'],
      });
      await scene.commit(startReplay('hook', { groupId: 'g', since: START }));
      const events = await scene.drain(hook);
      assert.deepEqual(kinds(events), ['group.created', 'group.members.left']);
      assert.deepEqual(
        events.map(({ seq }) => seq),
        [1, 4],
      );
    });

    test('a group is told to be full when a join fills it, and when one finds no place', async () => {
      await using scene = await openScene(open);
      const hook = await scene.endpoint('hook', { events: ['group.full'] });
      await scene.group('g', ['a'], { maxMemberNum: 3 });
      await members(scene, 'b');
      assert.deepEqual(await scene.drain(hook), []);
      await members(scene, 'c');
      await scene.accounts('d');
      const refused = await scene.commit(adding(['d']));
      assert.equal(refused.kind === 'refused' && refused.error, 'GROUP_FULL');
      const again = await scene.commit(adding(['c']));
      assert.equal(again.kind, 'done', 'who is a member finds his own place');
      assert.deepEqual(
        (await scene.drain(hook)).map(({ facts }) => facts.kind === 'group.full' && facts.memberNum),
        [3, 3],
      );
    });

    test('what is to be asked about is decided beforehand, and changes nothing', async () => {
      await using scene = await openScene(open);
      const hook = await scene.endpoint('hook', ALL);
      await scene.group('g', ['a'], { maxMemberNum: 2 });
      await scene.accounts('b', 'c');
      await scene.drain(hook);
      const { store } = scene;
      for (let n = 0; n < 2; n += 1) {
        assert.deepEqual(await store.previewChange(adding(['a', 'b', 'c', 'ghost'])), {
          ...{ kind: 'acceptable', groupType: 'Public', joining: ['b'] },
        });
        const fresh = await store.previewChange(createGroup({ groupId: 'new', groupType: 'ChatRoom' }));
        assert.deepEqual(fresh, { kind: 'acceptable', groupType: 'ChatRoom', joining: [] });
      }
      const refusals = [
        await store.previewChange(createGroup({ groupId: 'g' })),
        await store.previewChange(adding(['ghost'])),
        await store.previewChange(adding(['b'], 'nowhere')),
      ];
      assert.deepEqual(
        refusals.map((refusal) => refusal.kind === 'refused' && refusal.error),
        ['GROUP_ID_IN_USE', 'ACCOUNT_NOT_FOUND', 'GROUP_NOT_FOUND'],
      );
      assert.deepEqual(await scene.drain(hook), []);
      assert.equal((await scene.groupNow('g')).memberNum, 1);
    });

    test('a refused command tells of nothing', async () => {
      await using scene = await openScene(open);
      const hook = await scene.endpoint('hook', ALL);
      await scene.commit(adding(['a'], 'nowhere'));
      await scene.commit({ ...changing('nowhere'), type: 'destroyGroup' });
      await scene.group('g', ['a']);
      await scene.drain(hook);
      const refused = await scene.commit(adding(['nobody']));
      assert.equal(refused.kind, 'refused');
      await scene.commit(removing(['nobody']));
      assert.deepEqual(await scene.drain(hook), []);
    });
  });
}
