import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { EVENT_KINDS } from '../../src/domain/event-kinds.ts';
import { sentFacts } from '../support/sent-facts.ts';
import { APP, createGroup, OTHER_APP } from './commands.ts';
import type { StoreKind } from './open-store.ts';
import { openScene } from './scene.ts';

export function accountSuite({ open }: StoreKind): void {
  describe('accounts', () => {
    test('imported ones are found, in the order asked for, and only in their app', async () => {
      await using scene = await openScene(open);
      await scene.accounts('a', 'b');
      assert.deepEqual(await scene.store.accountsImported(APP, ['b', 'nobody', 'a']), [true, false, true]);
      assert.deepEqual(await scene.store.accountsImported(OTHER_APP, ['a', 'b']), [false, false]);
    });

    test('one that was asked for in vain is there once it is imported, and gone once it is deleted', async () => {
      await using scene = await openScene(open);
      const isThere = () => scene.store.accountsImported(APP, ['late']);
      assert.deepEqual(await isThere(), [false]);
      await scene.accounts('late');
      assert.deepEqual(await isThere(), [true]);
      await scene.commit({ type: 'deleteAccounts', now: scene.now, app: APP, userIds: ['late'] });
      assert.deepEqual(await isThere(), [false]);
    });

    test('an import again changes the given fields only', async () => {
      await using scene = await openScene(open);
      await scene.group('g', ['a']);
      const hook = await scene.endpoint('hook');
      const importing = (fields: { nick?: string; faceUrl?: string }) =>
        scene.commit({
          type: 'importAccounts',
          now: scene.now,
          app: APP,
          accounts: [{ userId: 'a', ...fields }],
        });
      await importing({ nick: 'Ann', faceUrl: 'https://faces.example/1' });
      await scene.sent('g', 'a');
      await importing({ nick: 'Anna' });
      await scene.sent('g', 'a');
      await importing({});
      await scene.sent('g', 'a');
      const seen = (await scene.drain(hook)).map((event) => [
        sentFacts(event).senderNickname,
        sentFacts(event).senderFaceUrl,
      ]);
      assert.deepEqual(seen, [
        ['Ann', 'https://faces.example/1'],
        ['Anna', 'https://faces.example/1'],
        ['Anna', 'https://faces.example/1'],
      ]);
    });

    test('deleting tells who was deleted', async () => {
      await using scene = await openScene(open);
      await scene.accounts('a', 'b');
      const deleting = {
        type: 'deleteAccounts',
        now: scene.now,
        app: APP,
        userIds: ['a', 'nobody'],
      } as const;
      assert.deepEqual(await scene.commit(deleting), { kind: 'done', deleted: ['a'], left: [] });
      assert.deepEqual(await scene.commit(deleting), { kind: 'done', deleted: [], left: [] });
      assert.deepEqual(await scene.store.accountsImported(APP, ['a', 'b']), [false, true]);
    });

    test('whoever asks is told that a group has lost its owner, after the departure', async () => {
      await using scene = await openScene(open);
      const hook = await scene.endpoint('hook', { events: EVENT_KINDS });
      await scene.group('own', ['a', 'b'], { owner: 'a' });
      await scene.group('other', ['b', 'a'], { owner: 'b' });
      await scene.drain(hook);
      await scene.commit({ type: 'deleteAccounts', now: scene.now, app: APP, userIds: ['a'] });
      const told = (await scene.drain(hook)).map(({ facts }) => facts);
      assert.deepEqual(
        told.map(({ groupId, kind }) => [groupId, kind]),
        [
          ['own', 'group.members.left'],
          ['own', 'group.owner.changed'],
          ['other', 'group.members.left'],
        ],
      );
      const [, lost] = told;
      assert.ok(lost?.kind === 'group.owner.changed');
      assert.deepEqual([lost.operator, lost.oldOwner, lost.newOwner], ['a', 'a', '']);
    });

    test('an account is taken out of its groups 500 at a time, and exists until it is out of all', async () => {
      await using scene = await openScene(open, { rules: { groupsPerUser: 0 } });
      await scene.accounts('a', 'b');
      const groups = Array.from({ length: 501 }, (_, n) => `g${n}`);
      const owned = groups.map((groupId) => createGroup({ groupId, owner: 'a' }));
      await scene.batch(...owned);
      const command = { type: 'deleteAccounts', now: scene.now, app: APP } as const;
      const first = await scene.commit({ ...command, userIds: ['a', 'b'] });
      assert.deepEqual(first, { kind: 'done', deleted: [], left: ['a', 'b'] });
      assert.deepEqual(await scene.store.accountsImported(APP, ['a', 'b']), [true, true]);
      const memberNums = async () => (await scene.store.groups(APP, groups)).map((group) => group?.memberNum);
      assert.equal((await memberNums()).filter((memberNum) => memberNum === 1).length, 1);
      const second = await scene.commit({ ...command, userIds: first.left });
      assert.deepEqual(second, { kind: 'done', deleted: ['a', 'b'], left: [] });
      assert.ok((await memberNums()).every((memberNum) => memberNum === 0));
      assert.deepEqual(await scene.store.accountsImported(APP, ['a', 'b']), [false, false]);
    });

    test('a deleted account leaves its groups with a tip; those it owned have no owner then', async () => {
      await using scene = await openScene(open);
      await scene.group('own', ['a', 'b'], { owner: 'a' });
      await scene.group('other', ['b', 'a']);
      await scene.commit({ type: 'deleteAccounts', now: scene.now, app: APP, userIds: ['a'] });
      const [own, other] = await scene.store.groups(APP, ['own', 'other']);
      assert.deepEqual([own?.owner, own?.memberNum, own?.nextMsgSeq], ['', 1, 2]);
      assert.deepEqual([other?.memberNum, other?.nextMsgSeq], [1, 2]);
      const page = await scene.store.members({ app: APP, groupId: 'own', offset: 0, limit: 10 });
      assert.deepEqual(
        page?.members.map((member) => member.userId),
        ['b'],
      );
      assert.equal(await scene.sendRefused('own', 'a'), 'ACCOUNT_NOT_FOUND');
    });

    test('a muted account sends to no group until its mute ends; other commands leave the mute as it is', async () => {
      await using scene = await openScene(open);
      await scene.group('g', ['a', 'b']);
      const mute = (fields: { c2cSeconds?: number; groupSeconds?: number }) =>
        scene.commit({ type: 'muteAccount', now: scene.now, app: APP, userId: 'a', ...fields });
      const standing = () => scene.store.accountStanding(APP, 'a');
      const seconds = Math.floor(scene.now / 1000);
      assert.deepEqual(await standing(), { c2cMuteUntil: 0, groupMuteUntil: 0, sigsFrom: 0 });
      assert.deepEqual(await mute({ groupSeconds: 60 }), { kind: 'done' });
      await scene.accounts('a');
      await mute({ c2cSeconds: 4_294_967_295 });
      assert.deepEqual(await standing(), {
        c2cMuteUntil: 4_294_967_295,
        groupMuteUntil: seconds + 60,
        sigsFrom: 0,
      });
      assert.equal(await scene.sendRefused('g', 'a'), 'MUTED');
      await scene.sent('g', 'b');
      await scene.sent('g', 'a', { senderIsAdmin: true });
      scene.now += 60_000;
      await scene.sent('g', 'a');
    });

    test('mutes and invalidated UserSigs go with the account; there is nothing to change in one that does not exist', async () => {
      await using scene = await openScene(open);
      await scene.accounts('a');
      const base = { now: scene.now, app: APP, userId: 'a' } as const;
      await scene.commit({ ...base, type: 'muteAccount', groupSeconds: 60 });
      await scene.commit({ ...base, type: 'revokeSignatures' });
      assert.equal((await scene.store.accountStanding(APP, 'a'))?.sigsFrom, Math.floor(scene.now / 1000));
      await scene.commit({ type: 'deleteAccounts', now: scene.now, app: APP, userIds: ['a'] });
      assert.equal(await scene.store.accountStanding(APP, 'a'), undefined);
      const [muted, revoked] = await Promise.all([
        scene.commit({ ...base, type: 'muteAccount', groupSeconds: 60 }),
        scene.commit({ ...base, type: 'revokeSignatures' }),
      ]);
      assert.deepEqual([muted.kind, revoked.kind], ['refused', 'refused']);
      await scene.accounts('a');
      assert.deepEqual(await scene.store.accountStanding(APP, 'a'), {
        c2cMuteUntil: 0,
        groupMuteUntil: 0,
        sigsFrom: 0,
      });
    });
  });
}
