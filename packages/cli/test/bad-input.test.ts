import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { confab, emptyFolder } from './support/confab.ts';

/** A port that no program we know listens on. (Those of old services, 9 for one, `fetch` refuses by itself.) */
const NOBODY = 'http://127.0.0.1:2';

interface Case {
  readonly args: readonly string[];
  readonly says: RegExp;
  readonly input?: string;
}

const CASES: Readonly<Record<string, Case>> = {
  'unknown command': { args: ['sevre'], says: /unknown command 'sevre'/ },
  'unknown option': { args: ['serve', '--prot', '1'], says: /unknown option '--prot'/ },
  'an option without its value': { args: ['send', 'hi', '--group'], says: /argument missing/ },
  'serve: no such configuration': { args: ['serve', '--config', 'missing.yaml'], says: /missing\.yaml/ },
  'serve: a configuration that is wrong in two places': {
    args: ['serve', '--config', 'wrong.yaml'],
    says: /line 1[\s\S]*listn[\s\S]*line 2[\s\S]*requestsPerSecond/,
  },
  'check: a configuration that is wrong': { args: ['check', '--config', 'wrong.yaml'], says: /line 1/ },
  'check: no configuration at all': { args: ['check'], says: /no confab-data\/confab\.yaml here/ },
  'record: no app': { args: ['record'], says: /no confab-data\/confab\.yaml here to take --app from/ },
  'record: an address that is none': {
    args: ['record', '--app', '1', '--listen', 'here'],
    says: /'here' is invalid.*127\.0\.0\.1:7701/s,
  },
  'record: an unknown dialect': {
    args: ['record', '--app', '1', '--dialect', 'irc'],
    says: /tencent, openim/,
  },
  'record: a file that is no database': {
    args: ['record', '--app', '1', '--listen', '127.0.0.1:0', '--file', 'wrong.yaml'],
    says: /wrong\.yaml/,
  },
  'record stats: no such file': { args: ['record', 'stats', '--file', 'missing.db'], says: /missing\.db/ },
  'record export: no such file': {
    args: ['record', 'export', '--file', 'missing.db'],
    says: /There is no inbox missing\.db/,
  },
  'record export: no such folder': {
    args: ['record', 'export', '--file', 'nowhere/missing.db'],
    says: /There is no inbox nowhere\/missing\.db/,
  },
  'migrate: nowhere to': { args: ['migrate', '--from', 'sqlite:./a.db'], says: /--to/ },
  'migrate: a store that is none': {
    args: ['migrate', '--from', './a.db', '--to', 'postgres://h/d'],
    says: /--from must be sqlite: and a file path/,
  },
  'migrate: a file into a file': {
    args: ['migrate', '--from', 'sqlite:./a.db', '--to', 'sqlite:./b.db'],
    says: /Both are SQLite files/,
  },
  'migrate: no such file': {
    args: ['migrate', '--from', 'sqlite:./a.db', '--to', 'postgres://127.0.0.1:2/d'],
    says: /a\.db: there is no such file/,
  },
  'usersig make: no account': { args: ['usersig', 'make', '--app', '1'], says: /--user/ },
  'usersig make: an app that is no number': {
    args: ['usersig', 'make', '--user', 'a', '--app', 'mine'],
    says: /'mine' is invalid\. Give a whole number/,
  },
  'usersig make: an empty key': {
    args: ['usersig', 'make', '--user', 'a', '--app', '1', '--key-file', '-'],
    says: /The secret key is empty/,
  },
  'usersig make: no such key file': {
    args: ['usersig', 'make', '--user', 'a', '--app', '1', '--key-file', 'missing.key'],
    says: /missing\.key: there is no such file/,
  },
  'usersig check: not base64': {
    args: ['usersig', 'check', '#', '--app', '1', '--key-file', '-'],
    input: 'key',
    says: /This is no UserSig/,
  },
  'usersig explain: an unknown time zone': {
    args: ['usersig', 'explain', 'x', '--tz', 'Mars/Base'],
    says: /No time zone is called Mars\/Base/,
  },
  'send: nothing to say': { args: ['send', '--group', 'g'], says: /Say what to send/ },
  'send: no group': { args: ['send', 'hello'], says: /--group/ },
  'send: a body that is not JSON': {
    args: ['send', '--group', 'g', '--body-file', '-'],
    input: '[{',
    says: /No MsgBody could be read from -/,
  },
  'send: nobody there': {
    args: [
      'send',
      'hi',
      '--group',
      'g',
      '--url',
      NOBODY,
      '--app',
      '1',
      '--identifier',
      'a',
      '--key-file',
      'key',
    ],
    says: /No answer from http:\/\/127\.0\.0\.1:2: nothing listens there/,
  },
  'replay: no range': { args: ['replay', '--endpoint', 'e'], says: /Say what to send again/ },
  'replay: a range of numbers without a group': {
    args: ['replay', '--endpoint', 'e', '--from-msg-seq', '1'],
    says: /name it with --group/,
  },
  'replay: a range that ends before it begins': {
    args: ['replay', '--endpoint', 'e', '--group', 'g', '--from-msg-seq', '5', '--to-msg-seq', '4'],
    says: /--from-msg-seq 5 is after --to-msg-seq 4/,
  },
  'replay: a time without its zone': {
    args: ['replay', '--endpoint', 'e', '--since', '2026-01-31T09:30:00'],
    says: /Give a time with its zone/,
  },
  'deadletters list: nobody there': {
    args: ['deadletters', 'list', '--url', NOBODY, '--token', 't'],
    says: /nothing listens there\. Start the server/,
  },
  'deadletters list: no server known': {
    args: ['deadletters', 'list'],
    says: /no confab-data\/confab\.yaml here/,
  },
  'deadletters replay: an id that is none': {
    args: ['deadletters', 'replay', 'all', '--url', NOBODY, '--token', 't'],
    says: /"all" is no id of a dead letter/,
  },
  'deadletters dismiss: none named': {
    args: ['deadletters', 'dismiss', '--url', NOBODY, '--token', 't'],
    says: /Say which dead letters to dismiss: their ids, or --all/,
  },
  'demo: an address that is none': { args: ['demo', '--recorder', '7701'], says: /'7701' is invalid/ },
};

// Each case is a process of its own that mostly waits for its start; side by side they take a third of the time.
suite('bad input', { concurrency: 4 }, () => {
  for (const [name, { args, says, input }] of Object.entries(CASES)) {
    test(name, async (t) => {
      const cwd = emptyFolder(t);
      writeFileSync(join(cwd, 'wrong.yaml'), 'listn: 127.0.0.1:0\nlimits: { requestsPerSecond: many }\n');
      writeFileSync(join(cwd, 'key'), 'not-a-real-key');
      const { code, stdout, stderr } = await confab(t, args, { cwd, ...(input !== undefined && { input }) });
      assert.equal(code, 1, stdout);
      assert.equal(stdout, '');
      assert.match(stderr, says);
      assert.match(stderr, /^confab: /, 'one prefix, whoever complains');
      assert.doesNotMatch(stderr, /\n\s+at .+:\d+:\d+/, 'a stack trace is for us, not for the user');
    });
  }
});
