import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { EVENT_KINDS } from '../event-kinds.ts';
import { COMMANDS, eventsKnownTo, parseEvents } from './events.ts';
import { parseEndpoint } from './parse-endpoint.ts';
import { problemText } from './problem.ts';
import { MASK, maskProblems, showEndpoint, unmask } from './show-endpoint.ts';

/** No secret: 32 zero bytes. */
const KEY = `whsec_${'A'.repeat(43)}=`;
const SMALLEST = { name: 'main', url: 'https://app.example.com/hook', events: 'all' };

function settingsOf(value: unknown) {
  const read = parseEndpoint(value);
  assert.ok(read.ok, read.ok ? '' : read.problems.map(problemText).join('\n'));
  return read.value;
}

function problemsOf(value: unknown): string[] {
  const read = parseEndpoint(value);
  assert.equal(read.ok, false, `accepted: ${JSON.stringify(value)}`);
  return read.ok ? [] : read.problems.map(problemText);
}

test('an endpoint needs a name, a URL and events; the rest has the documented defaults', () => {
  assert.deepEqual(settingsOf(SMALLEST), {
    name: 'main',
    url: 'https://app.example.com/hook',
    dialect: 'tencent',
    revision: 'G5',
    events: EVENT_KINDS,
    start: { at: 'now' },
    headers: {},
    timeoutMs: 2_000,
    order: 'group',
    onHeadFailure: 'block',
    retry: {
      baseDelayMs: 500,
      maxDelayMs: 600_000,
      maxRetryAfterMs: 3_600_000,
      maxAttempts: null,
      maxAgeMs: 259_200_000,
      permanentStatuses: [410],
    },
    breaker: { failures: 20, probeEveryMs: 5_000 },
    concurrency: 64,
    weight: 1,
    allowPrivateNetwork: false,
    allowPlainHttp: false,
    strict: false,
  });
});

test('revision and time-out follow the dialect', () => {
  const openim = settingsOf({ ...SMALLEST, dialect: 'openim' });
  assert.equal(openim.revision, 'main');
  assert.equal(openim.timeoutMs, 5_000);
  assert.equal(
    settingsOf({ ...SMALLEST, dialect: 'openim', revision: 3.8 }).revision,
    '3.8',
    'a number in YAML',
  );
  const standard = settingsOf({ ...SMALLEST, dialect: 'standard', signingKeys: [KEY] });
  assert.deepEqual([standard.revision, standard.timeoutMs], ['1', 2_000]);
  assert.deepEqual(showEndpoint(standard).events, [
    'group.members.joined',
    'group.members.left',
    ...EVENT_KINDS.filter((kind) => !/\.(?:joined|left)\./.test(kind)),
  ]);
});

test('events are commands of either dialect, for either dialect', () => {
  for (const events of [
    ['Group.CallbackAfterSendMsg'],
    ['callbackAfterSendGroupMsgCommand'],
    ['group.message.sent'],
    'Group.CallbackAfterSendMsg',
  ]) {
    assert.deepEqual(settingsOf({ ...SMALLEST, events }).events, ['group.message.sent']);
  }
});

test('one switch of Tencent is for a group and its topics; joins and leaves have several in OpenIM', () => {
  const eventsOf = (events: unknown, more = {}) => settingsOf({ ...SMALLEST, events, ...more }).events;
  assert.deepEqual(eventsOf('Group.CallbackAfterCreateTopic'), ['group.created', 'group.topic.created']);
  assert.deepEqual(eventsOf('Group.CallbackAfterGroupInfoChanged', { dialect: 'openim' }), [
    'group.info.changed',
  ]);
  assert.deepEqual(eventsOf('group.topic.created'), ['group.topic.created']);
  assert.deepEqual(eventsOf('Group.CallbackAfterMemberExit'), [
    'group.members.left.kicked',
    'group.members.left.quit',
  ]);
  assert.deepEqual(eventsOf('callbackAfterKickGroupCommand'), ['group.members.left.kicked']);
});

test('`all` is everything that the dialect has a form for', () => {
  const eventsOf = (more = {}) => settingsOf({ ...SMALLEST, ...more }).events;
  assert.deepEqual(eventsOf(), EVENT_KINDS);
  assert.deepEqual(eventsOf({ dialect: 'standard', signingKeys: [KEY] }), EVENT_KINDS);
  assert.deepEqual(eventsOf({ dialect: 'openim' }), [
    'group.message.sent',
    'group.message.recalled',
    'group.created',
    'group.members.joined.apply',
    'group.members.left.kicked',
    'group.members.left.quit',
    'group.destroyed',
    'group.info.changed',
    'group.member.changed',
    'group.owner.changed',
  ]);
});

test('before-webhooks have to be named; `all` is what happened', () => {
  const eventsOf = (events: unknown, more = {}) => settingsOf({ ...SMALLEST, events, ...more }).events;
  const before = 'Group.CallbackBeforeSendMsg';
  assert.deepEqual(eventsOf(before), ['group.message.before-send']);
  assert.deepEqual(eventsOf([before, 'all']), [...EVENT_KINDS, 'group.message.before-send']);
  assert.deepEqual(eventsOf(['callbackBeforeMsgModifyCommand', before], { dialect: 'openim' }), [
    'group.message.before-send',
    'group.message.before-modify',
  ]);
  assert.equal(settingsOf({ ...SMALLEST, events: before, onFailure: 'refuse' }).onFailure, 'refuse');
});

test('what is shown is read back as it was, in every dialect and for every event', () => {
  for (const dialect of ['tencent', 'openim', 'standard'] as const) {
    const more = dialect === 'standard' ? { dialect, signingKeys: [KEY] } : { dialect };
    for (const commands of Object.values(COMMANDS)) {
      for (const [command, kinds] of Object.entries(commands)) {
        const read = parseEndpoint({ ...SMALLEST, ...more, events: [command] });
        assert.equal(read.ok, eventsKnownTo(dialect, kinds).length > 0, `${command} in ${dialect}`);
        if (!read.ok) continue;
        const { events } = read.value;
        const shown = showEndpoint(read.value).events as string[];
        assert.deepEqual(parseEvents(shown), events, `${command} in ${dialect}: ${shown}`);
      }
    }
  }
});

test('events are shown in the words of the dialect', () => {
  const events = ['callbackBeforeSendGroupMsgCommand', 'callbackBeforeMsgModifyCommand'];
  assert.deepEqual(showEndpoint(settingsOf({ ...SMALLEST, dialect: 'openim', events })).events, events);
  const tencent = settingsOf({ ...SMALLEST, events: 'callbackBeforeSendGroupMsgCommand' });
  assert.deepEqual(showEndpoint(tencent).events, ['Group.CallbackBeforeSendMsg']);
});

const REFUSED: readonly (readonly [what: string, change: Record<string, unknown>, says: RegExp])[] = [
  ['no name', { name: undefined }, /^name is missing/],
  ['a name with a slash', { name: 'a/b' }, /^name must be a name of 1 to 64/],
  ['a URL that is none', { url: 'app.example.com' }, /^url must be an http or https URL/],
  ['another scheme', { url: 'ftp://app.example.com/' }, /^url must be an http or https URL/],
  ['user-info', { url: 'https://user:hunter2@app.example.com/' }, /^url must not carry a user name/],
  ['a fragment', { url: 'https://app.example.com/#x' }, /^url must not have a fragment/],
  ['an unknown dialect', { dialect: 'qq' }, /^dialect must be one of tencent, openim, standard; it is "qq"/],
  [
    'the standard dialect without a key',
    { dialect: 'standard' },
    /^signingKeys is missing: the dialect standard is always signed/,
  ],
  [
    'the standard dialect with a token',
    { dialect: 'standard', signingKeys: [KEY], authToken: 'x' },
    /^authToken is for the dialects tencent and openim/,
  ],
  ['batches in another dialect', { batch: {} }, /^batch is for the dialect standard/],
  [
    'batches without an order',
    { dialect: 'standard', signingKeys: [KEY], order: 'none', batch: {} },
    /^batch is for order: group/,
  ],
  [
    'a batch that no receiver takes',
    { dialect: 'standard', signingKeys: [KEY], batch: { maxBytes: 300_000 } },
    /^batch\.maxBytes must be a whole number from 1024 to 262144/,
  ],
  [
    'the standard dialect with a before-webhook',
    { dialect: 'standard', signingKeys: [KEY], events: ['callbackBeforeMsgModifyCommand'] },
    /^events has callbackBeforeMsgModifyCommand, which the dialect standard does not know/,
  ],
  [
    'a revision of the other dialect',
    { revision: 'main' },
    /^revision must be one of G1, .* for the dialect tencent/,
  ],
  [
    'an unknown revision',
    { revision: 'G9' },
    /^revision must be for tencent one of G1, .* for openim one of .* for standard one of 1; it is "G9"/,
  ],
  [
    'a command of a later version',
    { events: ['C2C.CallbackAfterSendMsg'] },
    /has "C2C\.CallbackAfterSendMsg", which this version does not send; docs\/webhooks\.md lists/,
  ],
  [
    'an OpenIM command of a later version',
    { events: ['callbackAfterSendSingleMsgCommand'] },
    /which this version does not send/,
  ],
  [
    'a misspelt command',
    { events: ['Group.CallbackAfterSentMsg'] },
    /did you mean Group\.CallbackAfterSendMsg\?/,
  ],
  ['no event', { events: [] }, /^events must be "all" or a list of webhook commands/],
  ['no group', { groups: [] }, /^groups must be a list of group ids/],
  ['no signing key', { signingKeys: [] }, /^signingKeys must be a list of 1 to 8 keys/],
  ['nine signing keys', { signingKeys: Array(9).fill(KEY) }, /^signingKeys has 9 entries; at most 8/],
  [
    'half a signing key',
    { signingKeys: [KEY, 'whsec_x'] },
    /^signingKeys\[1\] is no key to sign with\. After whsec_ comes base64/,
  ],
  [
    'the public half of a signing key',
    { signingKeys: [`whpk_${'A'.repeat(43)}=`] },
    /^signingKeys\[0\] is no key to sign with\. A whpk_ key is public/,
  ],
  ['weight', { weight: 0 }, /^weight must be a number from 0.01 to 100/],
  ['strict', { strict: 'yes' }, /^strict must be true or false/],
  [
    'a failure policy without a before-webhook',
    { onFailure: 'refuse' },
    /^onFailure is for before-webhooks, and events has none/,
  ],
  [
    'an unknown failure policy',
    { events: ['Group.CallbackBeforeSendMsg'], onFailure: 'retry' },
    /^onFailure must be one of proceed, refuse; it is "retry"/,
  ],
  [
    "OpenIM's modify step for Tencent",
    { events: ['callbackBeforeMsgModifyCommand'] },
    /^events has callbackBeforeMsgModifyCommand, which the dialect tencent does not know/,
  ],
  ['an unknown key', { timeoutMS: 5 }, /^timeoutMS is an unknown key; did you mean "timeoutMs"\?/],
  [
    'an unknown key inside',
    { retry: { baseDelay: 5 } },
    /^retry\.baseDelay is an unknown key; did you mean "baseDelayMs"\?/,
  ],
  ['a time-out of no time', { timeoutMs: 0 }, /^timeoutMs must be a whole number from 1 to 60000; it is 0/],
  [
    'delays the wrong way round',
    { retry: { baseDelayMs: 500, maxDelayMs: 100 } },
    /^retry\.maxDelayMs must be at least baseDelayMs/,
  ],
  ['no attempts', { retry: { maxAttempts: 0 } }, /^retry\.maxAttempts must be a whole number from 1/],
  [
    'a header of the connection',
    { headers: { Host: 'x' } },
    /^headers cannot be sent: The header "Host" cannot be set/,
  ],
  ['a smuggled header', { headers: { 'x-a': 'b\r\nx-c: d' } }, /^headers cannot be sent/],
  ['a header that is no text', { headers: { 'x-a': 1 } }, /^headers\.x-a must be a text; put it in quotes$/],
  [
    'headers that are no map',
    { headers: ['x-a'] },
    /^headers must be a map of header names and texts; it is a list$/,
  ],
  ['a line break in the URL', { url: 'https://a.example/x\r\n' }, /^url has a control character/],
  ['what is no key', { signingKeys: ['notakey'] }, /^signingKeys\[0\] .* begins with whsec_ or whsk_; copy/],
  ['a start in seconds', { start: 1_700_000_000 }, /^start must be .* three zeros/],
];

for (const [what, change, says] of REFUSED) {
  test(`refused: ${what}`, () => {
    const problems = problemsOf({ ...SMALLEST, ...change });
    assert.equal(problems.length, 1, problems.join('\n'));
    assert.match(problems[0] ?? '', says);
  });
}

test('values that are no map are refused', () => {
  for (const value of [null, undefined, 7, 'x', [], [SMALLEST]])
    assert.match(problemsOf(value)[0] ?? '', /must be a map/);
});

test('all problems come together, and none shows a secret', () => {
  const problems = problemsOf({
    name: '',
    url: 'http://admin:hunter2@x/',
    events: 3,
    authToken: '',
    headers: { authorization: 'Bearer hunter2\n' },
    concurrency: 'many',
  });
  assert.equal(problems.length, 6, problems.join('\n'));
  assert.doesNotMatch(problems.join('\n'), /hunter2/);
});

test('what is shown is read back, secrets put in again', () => {
  const full = fc.record(
    {
      dialect: fc.constantFrom('tencent', 'openim'),
      groups: fc.array(fc.stringMatching(/^[a-z]{1,9}$/), { minLength: 1, maxLength: 3 }),
      authToken: fc.string({ minLength: 1, maxLength: 20 }),
      signingKeys: fc.constantFrom([KEY], [KEY, `whsk_${'E'.repeat(43)}=`]),
      headers: fc.dictionary(
        fc.stringMatching(/^x-[a-z]{1,5}$/),
        fc.stringMatching(/^([!-~]([ -~]{0,8}[!-~])?)?$/),
        {
          maxKeys: 3,
          noNullPrototype: true,
        },
      ),
      ratePerSecond: fc.integer({ min: 1, max: 1_000 }),
      order: fc.constantFrom('group', 'none'),
      start: fc.oneof(
        fc.constantFrom('now', 'beginning'),
        fc.record({ sequence: fc.integer({ min: 1, max: 1e15 }) }, { noNullPrototype: true }),
      ),
    },
    { requiredKeys: [], noNullPrototype: true },
  );
  fc.assert(
    fc.property(full, (options) => {
      const settings = settingsOf({ ...SMALLEST, ...options });
      const shown = JSON.parse(JSON.stringify(showEndpoint(settings)));
      assert.deepEqual(unmask(settingsOf(shown), settings), settings);
    }),
  );
});

test('the mask hides every secret and stands for stored values only', () => {
  const stored = settingsOf({
    ...SMALLEST,
    authToken: 'hunter2',
    headers: { authorization: 'Bearer hunter2' },
  });
  const shown = showEndpoint(stored);
  assert.doesNotMatch(JSON.stringify(shown), /hunter2/);
  const masked = settingsOf({
    ...SMALLEST,
    authToken: MASK,
    headers: { authorization: MASK, 'x-new': MASK },
  });
  const problems = maskProblems(unmask(masked, stored)).map(problemText);
  assert.deepEqual(problems, [
    `headers.x-new is the mask ${MASK}, but no value is stored that it could stand for; write the secret itself`,
  ]);
  assert.equal(maskProblems(masked).length, 3);
});

test('a mask stands for nothing at another origin', () => {
  const stored = settingsOf({ ...SMALLEST, url: 'https://a.example/x', authToken: 'hunter2' });
  const at = (url: string) => settingsOf({ ...SMALLEST, url, authToken: MASK });
  assert.equal(unmask(at('https://A.example:443/y?z=1'), stored).authToken, 'hunter2');
  for (const url of ['https://b.example/x', 'https://a.example:8443/x']) {
    const moved = unmask(at(url), stored);
    assert.equal(moved.authToken, MASK);
    assert.deepEqual(maskProblems(moved, stored).map(problemText), [
      `authToken is the mask ${MASK}, which stands for the stored value only while url leads to https://a.example; write the secret itself`,
    ]);
  }
});

test('a permanent status is a failure, and not one that means "later"', () => {
  const of = (permanentStatuses: unknown) => ({ ...SMALLEST, retry: { permanentStatuses } });
  assert.deepEqual(settingsOf(of([])).retry.permanentStatuses, []);
  assert.deepEqual(settingsOf(of([410, 422])).retry.permanentStatuses, [410, 422]);
  assert.deepEqual(problemsOf(of([410, 503])), [
    'retry.permanentStatuses[1] must not be 503, which means "later"; leave it out',
  ]);
  assert.equal(problemsOf(of([200])).length, 1);
  assert.equal(problemsOf(of(410)).length, 1);
});

test('signing keys are masked, kept by their place, and changed one by one', () => {
  const fresh = `whsec_${'E'.repeat(43)}=`;
  const stored = settingsOf({ ...SMALLEST, signingKeys: [KEY] });
  assert.deepEqual(showEndpoint(stored).signingKeys, [MASK]);
  const rotated = unmask(settingsOf({ ...SMALLEST, signingKeys: [MASK, fresh] }), stored);
  assert.deepEqual(rotated.signingKeys, [KEY, fresh]);
  const tooMany = unmask(settingsOf({ ...SMALLEST, signingKeys: [MASK, MASK] }), stored);
  assert.deepEqual(maskProblems(tooMany).map(problemText), [
    `signingKeys[1] is the mask ${MASK}, but no value is stored that it could stand for; write the secret itself`,
  ]);
});

test('no problem shows a key', () => {
  const [problem = ''] = problemsOf({ ...SMALLEST, signingKeys: ['whsec_hunter2'] });
  assert.doesNotMatch(problem, /hunter2/);
});

test('plain http is for this machine and, with leave, the private network; anything else has to be said', () => {
  const url = (written: string, more = {}) => {
    const read = parseEndpoint({ name: 'a', url: written, events: 'all', ...more });
    return read.ok ? undefined : read.problems.map(problemText).join(' ');
  };
  const inside = { allowPrivateNetwork: true };
  for (const host of [
    '127.0.0.1',
    '[::1]',
    'localhost',
    'api.localhost',
    '10.0.0.1',
    '0x7f.1',
    '[fd00::1]',
  ]) {
    assert.equal(url(`http://${host}/`), undefined, host);
    assert.equal(url(`http://${host}/`, inside), undefined, host);
  }
  assert.equal(url('http://backend:8080/', inside), undefined, 'a name is judged when it is resolved');
  assert.equal(
    url('http://backend:8080/'),
    'url leads to another machine without TLS; use https, or set allowPlainHttp: true',
  );
  for (const more of [{}, inside]) {
    for (const host of ['8.8.8.8', '[2a00::1]', '[64:ff9b::808:808]', '134744072']) {
      assert.match(
        url(`http://${host}/`, more) ?? '',
        /^url leads out of the private network without TLS; use/,
      );
      assert.equal(url(`http://${host}/`, { ...more, allowPlainHttp: true }), undefined);
      assert.equal(url(`https://${host}/`, more), undefined);
    }
  }
});
