import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hideSecrets, type ToldSecrets } from './hide-secrets.ts';

const basic = `Basic ${Buffer.from('bob:pa:ss/word').toString('base64')}`;

for (const [what, secrets, said, shown] of [
  ['a header', { headers: { 'X-Key': 'k3y-of-a-header' } }, 'got k3y-of-a-header!', 'got ********!'],
  [
    'a header with its scheme',
    { headers: { Authorization: 'Bearer t0ken42' } },
    'a: Bearer t0ken42',
    'a: ********',
  ],
  [
    'its credentials alone',
    { headers: { Authorization: 'Bearer t0ken42' } },
    'bad token t0ken42',
    'bad token ********',
  ],
  ['Basic', { headers: { Authorization: basic } }, `${basic} is bob:pa:ss/word`, '******** is ********'],
  ['the password of Basic', { headers: { Authorization: basic } }, 'bob, pa:ss/word', 'bob, ********'],
  [
    'in JSON',
    { headers: { 'X-Key': 'a"b\\c/defg' } },
    JSON.stringify({ k: 'a"b\\c/defg' }),
    '{"k":"********"}',
  ],
  ['in JSON of PHP', { headers: { 'X-Key': 'abc/defg' } }, '{"k":"abc\\/defg"}', '{"k":"********"}'],
  ['in a URL', { authToken: 'tok en/42' }, '/im?token=tok%20en%2F42', '/im?token=********'],
  ['a token that is no Unicode', { authToken: 'token\ud800' }, 'token\ud800', '********'],
  ['a signing key', { signingKeys: ['whsec_c2VjcmV0'] }, 'whsec_c2VjcmV0 c2VjcmV0', '******** ********'],
  ['one within another', { headers: { A: 'secret', B: 'secret-and-more' } }, 'secret-and-more', '********'],
  ['each place', { authToken: 'secret' }, 'secret, secret', '********, ********'],
  ['no short value', { headers: { 'X-Env': 'prod' } }, 'not in production', 'not in production'],
  ['nothing', {}, 'as it is', 'as it is'],
] satisfies [string, ToldSecrets, string, string][]) {
  test(`hides: ${what}`, () => assert.equal(hideSecrets(said, secrets), shown));
}
