import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type LiveMember, listedMembers, type Marking, markMembers, onlineMembers } from './live-members.ts';

const DAY = 86_400;

function marked(
  members: readonly LiveMember[],
  wanted: readonly Marking[],
  how: 'set' | 'delete' = 'set',
  now = 100,
): readonly LiveMember[] {
  const result = markMembers(members, wanted, how, now);
  assert.ok(result.kind === 'marked', JSON.stringify(result));
  return result.members;
}

function refused(
  members: readonly LiveMember[],
  wanted: readonly Marking[],
  how: 'set' | 'delete' = 'set',
): string {
  const result = markMembers(members, wanted, how, 100);
  assert.ok(result.kind === 'refused');
  return result.error;
}

const ids = (members: readonly LiveMember[]) => members.map(({ userId }) => userId);
const two = marked(
  [],
  [
    { userId: 'a', marks: [500] },
    { userId: 'b', marks: [500, 600, 1000] },
  ],
);

describe('online members of an AVChatRoom', () => {
  test('the mark 500 makes somebody online for three days', () => {
    assert.deepEqual(ids(onlineMembers(two, 100 + 3 * DAY - 1)), ['a', 'b']);
    assert.deepEqual(onlineMembers(two, 100 + 3 * DAY), []);
    const again = marked(two, [{ userId: 'a', marks: [500] }], 'set', 100 + DAY);
    assert.deepEqual(again[0], { userId: 'a', marks: [500], since: 100, until: 100 + 4 * DAY });
  });

  test('who is offline gets no marks and is left out; nobody online is a refusal', () => {
    const result = markMembers(
      two,
      [
        { userId: 'a', marks: [1000] },
        { userId: 'c', marks: [1000] },
      ],
      'set',
      100,
    );
    assert.deepEqual(result.kind === 'marked' && result.done, [{ userId: 'a', marks: [1000] }]);
    assert.equal(refused(two, [{ userId: 'c', marks: [1000] }]), 'NOT_ONLINE');
    assert.equal(refused(two, [{ userId: 'c', marks: [500] }], 'delete'), 'NOT_ONLINE');
    assert.equal(refused([], [{ userId: 'a', marks: [1000] }]), 'NOT_ONLINE');
  });

  test('the hidden are listed by a mark alone, the latest first', () => {
    const three = marked(two, [{ userId: 'c', marks: [500] }], 'set', 101);
    assert.deepEqual(ids(listedMembers(three, undefined)), ['c', 'a']);
    assert.deepEqual(ids(listedMembers(three, 1000)), ['b']);
    assert.deepEqual(ids(listedMembers(three, 600)), ['b']);
  });

  test('without the mark 500 a member is offline and has no marks', () => {
    assert.deepEqual(ids(marked(two, [{ userId: 'b', marks: [500] }], 'delete')), ['a']);
    assert.deepEqual(marked(two, [{ userId: 'b', marks: [1000, 7000] }], 'delete')[1]?.marks, [500, 600]);
  });

  test('ten marks of the app, a thousand members of each, and no others', () => {
    const marks = Array.from({ length: 10 }, (_, i) => 1_000 + i);
    const full = marked(two, [{ userId: 'a', marks }]);
    assert.equal(refused(full, [{ userId: 'b', marks: [2_000] }]), 'INVALID_PARAMETERS');
    const many = Array.from({ length: 1_000 }, (_, i) => ({ userId: `u${i}`, marks: [500] }));
    assert.equal(refused(marked([], many), [{ userId: 'x', marks: [500] }]), 'INVALID_PARAMETERS');
    for (const mark of [0, 499, 501, 999]) {
      assert.equal(refused(two, [{ userId: 'a', marks: [mark] }]), 'INVALID_PARAMETERS');
    }
  });
});
