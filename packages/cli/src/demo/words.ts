import { styleText } from 'node:util';
import type { Stats } from '@confab-im/recorder';
import { curlLine, SHELL_NUMBER } from '../client/curl-line.ts';
import type { RestAccess } from '../client/rest-client.ts';
import { DATA_FOLDER, DEFAULT_CONFIG } from '../first-start.ts';
import { MESSAGE_COLUMNS } from '../text/recorded-line.ts';
import { GROUP } from './conversation.ts';

/** Colour only where a terminal shows it; NO_COLOR is honoured. */
const strong = (text: string) => styleText('bold', text, { stream: process.stdout });
const faint = (text: string) => styleText('dim', text, { stream: process.stdout });

export function introduction(of: { access: RestAccess; recorder: string; isNew: boolean }): string {
  const { access, recorder, isNew } = of;
  return `
${strong('Confab')} ${isNew ? `starts afresh in ./${DATA_FOLDER}` : `goes on where it ended, in ./${DATA_FOLDER}`}

  chat backend  ${access.url}  app ${access.sdkAppId}, admin "${access.identifier}"
  app backend   ${recorder}  verifies, records and counts each webhook

A conversation in group "${GROUP.GroupId}", sent to the chat backend by REST. Each line is a webhook that the app backend recorded:

${faint(MESSAGE_COLUMNS)}
`;
}

export function yourTurn(access: RestAccess, recorder: string): string {
  const message = {
    GroupId: GROUP.GroupId,
    From_Account: 'bob',
    Random: SHELL_NUMBER,
    MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'Hello from another terminal' } }],
  };
  return `
${strong('Your turn.')} Paste this into another terminal, as often as you like, and watch it arrive here:

  ${curlLine(access, 'group_open_http_svc/send_group_msg', message)}

${strong('Then try')}
  the same in short               npx confab send --group ${GROUP.GroupId} --from alice "Hello"
  what was recorded so far        curl -s ${recorder}
  a UserSig for a week            npx confab usersig make --user alice --expire 604800
  your own server code            change the base URL of its SDK to ${access.url}; the secret key is in ${DEFAULT_CONFIG}

Ctrl-C stops; the next start goes on from here.

${faint(MESSAGE_COLUMNS)}
`;
}

/** @param inAll What the inbox holds since the very first start. */
export function goodbye(statistics: string, inAll: Stats, inbox: string): string {
  const { messages, duplicates } = inAll.totals;
  const { missing } = inAll.holes;
  return `
${strong('Stopped in order.')} In this run:

${statistics}
Since the first start ${inbox} has recorded ${messages} messages; ${duplicates} copies were dropped, ${missing} numbers are missing.
`;
}
