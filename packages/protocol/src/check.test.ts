import assert from 'node:assert/strict';
import { test } from 'node:test';
import Type from 'typebox';
import { compileCheck } from './check.ts';

const check = compileCheck(
  Type.Object(
    {
      MsgSeq: Type.Integer({ minimum: 0, maximum: 10 }),
      Type: Type.Optional(Type.Union([Type.Literal('Public'), Type.Literal('Private')])),
      EventTime: Type.Optional(Type.Union([Type.Integer(), Type.String({ pattern: '^[0-9]+$' })])),
      MsgBody: Type.Optional(Type.Array(Type.Object({ 'a/b~c': Type.String() }))),
      Role: Type.Optional(Type.Enum(['Admin', 'Member'])),
    },
    { additionalProperties: false },
  ),
);

function messages(value: unknown): string[] {
  const result = check(value);
  return result.ok ? [] : result.problems.map((problem) => problem.message);
}

test('a good value comes back as the same object', () => {
  const value = { MsgSeq: 1, Type: 'Public', EventTime: '5', MsgBody: [{ 'a/b~c': '' }] };
  const result = check(value);
  assert.ok(result.ok);
  assert.equal(result.value, value);
});

test('each problem names its place and what is wanted', () => {
  assert.deepEqual(messages({ MsgSeq: 1.5 }), ['MsgSeq: must be integer']);
  assert.deepEqual(messages({ MsgSeq: 11 }), ['MsgSeq: must be <= 10']);
  assert.deepEqual(messages({}), ['MsgSeq: is missing']);
  assert.deepEqual(messages({ MsgSeq: 1, Typ: 2 }), ['Typ: is not a known field']);
  assert.deepEqual(messages({ MsgSeq: 1, Type: 'Work' }), ['Type: must be "Public" or must be "Private"']);
  assert.deepEqual(messages({ MsgSeq: 1, EventTime: null }), [
    'EventTime: must be integer or must be string',
  ]);
  assert.deepEqual(messages({ MsgSeq: 1, MsgBody: [{}, { 'a/b~c': 1 }] }), [
    'MsgBody[0].a/b~c: is missing',
    'MsgBody[1].a/b~c: must be string',
  ]);
  assert.deepEqual(messages({ MsgSeq: 1, Role: 'Owner' }), ['Role: must be one of Admin, Member']);
  assert.deepEqual(messages('text'), ['value: must be object']);
});

test('problems are capped in number and length', () => {
  const many = Object.fromEntries(Array.from({ length: 50 }, (_, i): [string, number] => [`k${i}`, 0]));
  assert.equal(messages(many).length, 8);
  assert.equal(messages({ MsgSeq: 1, ...many }).length, 8);
  const [long] = messages({ MsgSeq: 1, ['x'.repeat(10_000)]: 0 });
  assert.match(long ?? '', /^x{120}…: is not a known field$/);
});
