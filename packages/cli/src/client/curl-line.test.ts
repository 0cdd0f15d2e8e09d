import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shellWords } from '../../test/support/paste.ts';
import { curlLine, SHELL_NUMBER } from './curl-line.ts';

const access = { url: 'http://127.0.0.1:7700', sdkAppId: 1400000001, identifier: 'a b', userSig: 'eJx*-_' };

test('the shell hands curl the URL and a JSON body with a fresh Random', () => {
  const body = { GroupId: 'lobby', Random: SHELL_NUMBER, Text: `it's "quoted" and costs $5` };
  const [curl, silent, url, data, json = '', ...more] = shellWords(curlLine(access, 'svc/cmd', body), '4711');
  assert.deepEqual([curl, silent, data, more], ['curl', '-s', '-d', []]);
  assert.match(
    url ?? '',
    /^http:\/\/127\.0\.0\.1:7700\/v4\/svc\/cmd\?sdkappid=1400000001&identifier=a%20b&usersig=eJx\*-_&random=4711&contenttype=json$/,
  );
  assert.deepEqual(JSON.parse(json), { ...body, Random: 4711 });
});
