import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ExtensionWrite } from '../../src/domain/message-extensions.ts';
import type { WriteExtensions } from '../../src/store/message-commands.ts';
import { START } from './commands.ts';
import type { StoreKind } from './open-store.ts';
import { openScene, type Scene } from './scene.ts';

const command = (
  scene: Scene,
  write: ExtensionWrite,
  fields: Partial<WriteExtensions> = {},
): WriteExtensions => ({
  type: 'writeExtensions',
  now: START,
  app: scene.app,
  groupId: 'g',
  msgSeq: 1,
  write,
  ...fields,
});
const set = (pairs: Readonly<Record<string, string>>): ExtensionWrite => ({
  operate: 'set',
  pairs: Object.entries(pairs).map(([key, value]) => ({ key, value })),
});

async function write(
  scene: Scene,
  what: ExtensionWrite,
  fields: Partial<WriteExtensions> = {},
): Promise<unknown> {
  const result = await scene.commit(command(scene, what, fields));
  if (result.kind === 'refused') return result.error;
  return [
    result.latestSeq,
    ...result.pairs.map(({ pair, refusal }) => refusal?.error ?? [pair.key, pair.seq]),
  ];
}

async function shown(scene: Scene, from = 0, limit = 200) {
  const page = await scene.store.extensions({ app: scene.app, groupId: 'g', msgSeq: 1, from, limit });
  assert.ok(page !== undefined);
  const { latestSeq, clearSeq } = page.state;
  return {
    latestSeq,
    clearSeq,
    more: page.more,
    pairs: page.pairs.map(({ key, value, seq }) => [key, value, seq]),
  };
}

/** tencent-rest-message C2.12. */
export function extensionSuite({ open }: StoreKind): void {
  describe('extensions of messages', () => {
    async function talk(): Promise<Scene> {
      const scene = await openScene(open);
      await scene.group('g', ['a']);
      await scene.sent('g', 'a', { supportMessageExtension: true });
      await scene.sent('g', 'a');
      return scene;
    }

    test('each write takes the next number; what is deleted or cleared is gone', async () => {
      await using scene = await talk();
      assert.deepEqual(await write(scene, set({ a: '1', b: '2' })), [2, ['a', 1], ['b', 2]]);
      assert.deepEqual(await write(scene, set({ a: '3' })), [3, ['a', 3]]);
      const both = [
        ['b', '2', 2],
        ['a', '3', 3],
      ];
      assert.deepEqual(await shown(scene), { latestSeq: 3, clearSeq: 0, more: false, pairs: both });
      assert.deepEqual(await shown(scene, 3), {
        latestSeq: 3,
        clearSeq: 0,
        more: false,
        pairs: [['a', '3', 3]],
      });
      assert.deepEqual(await shown(scene, 0, 1), {
        latestSeq: 3,
        clearSeq: 0,
        more: true,
        pairs: [['b', '2', 2]],
      });
      const gone = await write(scene, { operate: 'delete', keys: ['b', 'none'] });
      assert.deepEqual(gone, [4, ['b', 4], 'EXTENSION_NOT_FOUND']);
      assert.deepEqual(await write(scene, { operate: 'clear' }), [5]);
      assert.deepEqual(await shown(scene), { latestSeq: 5, clearSeq: 5, more: false, pairs: [] });
    });

    test('only a message that allows them and is there has some', async () => {
      await using scene = await talk();
      assert.equal(await write(scene, set({ a: '1' }), { msgSeq: 2 }), 'EXTENSION_UNSUPPORTED');
      assert.equal(await write(scene, set({ a: '1' }), { msgSeq: 3 }), 'EXTENSION_NOT_FOUND');
      assert.equal(await write(scene, set({ a: '1' }), { groupId: 'none' }), 'GROUP_NOT_FOUND');
      await scene.group('@TGS#_c', ['a'], { groupType: 'Community' });
      const unsupported = { supportMessageExtension: true };
      assert.equal(await scene.sendRefused('@TGS#_c', 'a', unsupported), 'PERMISSION_DENIED');
      await scene.sent('@TGS#_c', 'a');
      assert.equal(await write(scene, set({ a: '1' }), { groupId: '@TGS#_c' }), 'PERMISSION_DENIED');
      const recall = {
        type: 'recallMessages',
        now: START,
        app: scene.app,
        groupId: 'g',
        operator: 'x',
      } as const;
      await scene.commit({ ...recall, msgSeqs: [1] });
      assert.equal(await write(scene, set({ a: '1' })), 'EXTENSION_NOT_FOUND');
    });

    test('a message has 300 pairs and 200 writes a minute at most, also of many at once', async () => {
      await using scene = await talk();
      const twenty = (from: number) =>
        set(Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`k${from + n}`, 'v'])));
      await scene.batch(...Array.from({ length: 15 }, (_, n) => command(scene, twenty(n * 20))));
      assert.equal(await write(scene, set({ one: 'more' })), 'INVALID_PARAMETERS');
      assert.deepEqual(await write(scene, set({ k0: 'again' })), [301, ['k0', 301]]);
      const results = await scene.batch(
        ...Array.from({ length: 190 }, () => command(scene, { operate: 'delete', keys: ['k1'] })),
      );
      const refused = results.filter(({ kind }) => kind === 'refused');
      assert.equal(refused.length, 6);
      assert.equal(await write(scene, set({ k0: 'x' })), 'EXTENSION_FREQUENCY');
      assert.deepEqual(await write(scene, set({ k1: 'x' }), { now: START + 60_000 }), [303, ['k1', 303]]);
    });
  });
}
