import { randomBytes, randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { startRecorder } from '@confab-im/recorder';
import { startServer } from '@confab-im/server';
import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { callRestOk, type RestAccess } from '../client/rest-client.ts';
import { GROUP, type Line, linesFor, USERS } from '../demo/conversation.ts';
import { withRecorder } from '../demo/embedded.ts';
import { createJournal, type Journal } from '../demo/journal.ts';
import { goodbye, introduction, yourTurn } from '../demo/words.ts';
import { DATA_FOLDER, ensureDefaultConfig } from '../first-start.ts';
import { accessTo, appIn, readConfig } from '../server-access.ts';
import { untilAskedToStop } from '../signals.ts';
import { type HostAndPort, hostAndPort } from '../text/parse-arguments.ts';

const INBOX = `${DATA_FOLDER}/inbox.db`;

/** Long enough to read along, short enough to be over in two seconds. */
const BETWEEN_LINES_MS = 250;

/** The printed line must work long after today (tencent-rest A.4: 180 days is what Tencent's libraries take). */
const PASTED_SECONDS = 180 * 86_400;

/** The group id is in use, by another owner or by the same (tencent-rest-group C1.1): an earlier start made it. */
const GROUP_EXISTS = [10021, 10025];

export function configure(command: Command): void {
  command
    .option('--recorder <host:port>', 'where the recorder listens', hostAndPort, {
      host: '127.0.0.1',
      port: 7701,
    })
    .addHelpText(
      'after',
      `\nThe state lives in ./${DATA_FOLDER}; the server listens as ${DATA_FOLDER}/confab.yaml says.`,
    )
    .action(demo);
}

async function demo(options: { recorder: HostAndPort }): Promise<void> {
  const stop = untilAskedToStop();
  ensureDefaultConfig();
  const config = await readConfig(undefined, 'anything to run');
  const app = appIn(config, undefined);
  const print = (text: string) => process.stdout.write(text);
  const journal = createJournal((line) => print(`${line}\n`));
  const authToken = randomBytes(24).toString('base64url');

  const recorder = await startRecorder({
    listen: options.recorder,
    file: INBOX,
    sdkAppId: app.sdkAppId,
    authToken,
    onRecorded: (event, { delayMs }) => journal.recorded(event, delayMs),
  });
  try {
    const embedded = withRecorder(config, app, `${recorder.url}/`, authToken);
    const server = await startServer({ config: embedded, onFatal: stop.cannotGoOn });
    stop.onImpatience(() => void server.abort());
    try {
      const access = await accessTo(app, server.url, { seconds: PASTED_SECONDS });
      const next = await prepareGroup(access);
      print(introduction({ access, recorder: recorder.url, isNew: next === 1 }));
      const finished = await play(access, journal, linesFor(next), stop.asked);
      if (finished) print(yourTurn(access, recorder.url));
      await stop.asked;
    } finally {
      await server.stop();
    }
    print(goodbye(journal.statistics(), await recorder.stats(), INBOX));
  } finally {
    await recorder.close();
  }
}

/** Makes users and group unless an earlier start did, and gives the number of the group's next message. */
async function prepareGroup(access: RestAccess): Promise<number> {
  await callRestOk(access, 'im_open_login_svc/multiaccount_import', { AccountList: USERS });
  await callRestOk(access, 'group_open_http_svc/create_group', GROUP, GROUP_EXISTS);
  const answer = await callRestOk(access, 'group_open_http_svc/get_group_info', {
    GroupIdList: [GROUP.GroupId],
  });
  const [group] = Array.isArray(answer.GroupInfo) ? answer.GroupInfo : [];
  const next: unknown = group?.NextMsgSeq;
  if (typeof next === 'number') return next;
  throw new CliError(
    `get_group_info gave no NextMsgSeq for group ${GROUP.GroupId}: ${JSON.stringify(answer)}`,
  );
}

/**
 * Sends the lines by REST, each after the one before has come out at the other end. Gives whether it got through them before
 * `stopped`.
 */
async function play(
  access: RestAccess,
  journal: Journal,
  lines: readonly Line[],
  stopped: Promise<void>,
): Promise<boolean> {
  const over = new AbortController();
  const cut = stopped.finally(() => over.abort());
  for (const line of lines) {
    const sent = await callRestOk(access, 'group_open_http_svc/send_group_msg', message(line));
    // Without a number the message was dropped: the configuration allows the group fewer than these.
    if (typeof sent.MsgSeq === 'number') await Promise.race([journal.until(GROUP.GroupId, sent.MsgSeq), cut]);
    await Promise.race([
      pause(BETWEEN_LINES_MS, undefined, { signal: over.signal }).catch(() => undefined),
      cut,
    ]);
    if (over.signal.aborted) return false;
  }
  return true;
}

function message(line: Line): object {
  return { GroupId: GROUP.GroupId, Random: randomInt(2 ** 32 - 1), ...line };
}
