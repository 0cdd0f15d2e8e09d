import { Unfit } from './problem.ts';

export const URL_EXPECTS = 'an http or https URL such as https://app.example.com/im/webhook';
const MAX_LENGTH = 2_048;

/**
 * The URL of an endpoint, as the URL standard normalises it: http or https, no user name or password in it (they would end in
 * logs; use `headers`), no fragment (it is never sent), no control character
 * (the standard drops some without a word). Which addresses it may lead to is judged at each delivery, not here. Throws `Unfit`.
 */
export function parseWebhookUrl(written: string): string {
  if (written.length > MAX_LENGTH)
    throw new Unfit(`has ${written.length} characters; at most ${MAX_LENGTH} are allowed`);
  if (/\p{Cc}/u.test(written)) {
    throw new Unfit('has a control character, such as a line break or a tab; take it out');
  }
  const url = URL.parse(written);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new Unfit(`must be ${URL_EXPECTS}`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new Unfit('must not carry a user name or password; put an Authorization header into "headers"');
  }
  if (url.hash !== '') throw new Unfit('must not have a fragment (the part from # on); it is never sent');
  return url.href;
}
