import { GROWING, type LoadCommand, USERS } from '../load/requests.ts';
import { SENDER } from '../processes/confab-config.ts';
import { type ConfabServer, startConfab } from '../processes/confab-server.ts';
import { bars } from '../report/plot.ts';
import { median, ratios } from '../report/statistics.ts';
import type { Bench, Figure, ScenarioResult } from '../scenario.ts';
import { warmUpSeconds } from './warm-up.ts';

/** Each with what it reaches of the rate of `send_group_msg`. */
const REACH = { get_group_info: '≥ 1.5', create_group: '≥ 0.7', add_group_member: '≥ 0.7' } as const;
const COMMANDS = Object.keys(REACH) as (keyof typeof REACH)[];

const SMALL = '@TGS#_small';
const LARGE = '@TGS#_large';
const SMALL_MEMBERS = 10;
const CALLS = 400;
/** A Community has 100,000 at most, and some join while it is measured. */
const LARGE_MEMBERS = 100_000 - CALLS;
const ACCOUNTS_PER_CALL = 100;
const MEMBERS_PER_CALL = 500;

/**
 * What the group commands cost with nobody listening, against `send_group_msg` of the same process under the same load; and what they
 * cost in a group of 100,000 members against one of 10.
 */
export async function groupCommands(bench: Bench): Promise<ScenarioResult> {
  const { seconds, pairs } = bench.options;
  const rates: Record<LoadCommand, number[]> = {
    send_group_msg: [],
    get_group_info: [],
    create_group: [],
    add_group_member: [],
  };
  for (let round = 0; round < pairs; round += 1) {
    bench.progress(`commands, run ${round + 1} of ${pairs}`);
    await using server = await startConfab({ folder: bench.newFolder(), endpoints: [] });
    await server.createGroups();
    await importUsers(server, USERS);
    for (const GroupId of GROWING) {
      await server.call('group_open_http_svc/create_group', { Type: 'Public', Name: GroupId, GroupId });
    }
    const { sent } = await server.load({
      seconds: warmUpSeconds(),
      firstRandom: 1,
      command: 'send_group_msg',
    });
    let firstRandom = sent + 1;
    const inTurn: LoadCommand[] = ['send_group_msg', ...COMMANDS];
    for (const command of round % 2 === 0 ? inTurn : inTurn.toReversed()) {
      const from = command === 'send_group_msg' ? firstRandom : 0;
      const load = await server.load({ seconds, firstRandom: from, command });
      if (command === 'send_group_msg') firstRandom += load.sent;
      rates[command].push(load.sent / load.seconds);
    }
  }
  bench.progress('a group of 100,000 members');
  const sizes = await inLargeGroup(bench);
  return {
    figures: [
      ...COMMANDS.map(
        (command): Figure => ({
          name: `${command}, ratio to send_group_msg with nobody listening`,
          unit: '',
          samples: ratios(rates[command], rates.send_group_msg),
          reach: REACH[command],
        }),
      ),
      ...sizes.figures,
    ],
    plot: [
      'answers/s, median',
      ...bars(
        Object.entries(rates).map(([label, samples]) => ({ label, value: median(samples) })),
        '/s',
      ),
      '',
    ],
    raw: { rates, sizes: sizes.raw },
  };
}

interface Timed {
  readonly name: string;
  /** One call in a group of this id; `n` grows. */
  readonly call: (groupId: string, n: number) => readonly [command: string, body: object];
}

const TIMED: readonly Timed[] = [
  {
    name: 'send_group_msg',
    call: (GroupId, n) => [
      'send_group_msg',
      {
        GroupId,
        From_Account: SENDER,
        Random: n,
        MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'hello' } }],
      },
    ],
  },
  {
    name: 'add_group_member',
    call: (GroupId, n) => ['add_group_member', { GroupId, MemberList: [{ Member_Account: `new${n}` }] }],
  },
  {
    name: 'delete_group_member',
    call: (GroupId, n) => ['delete_group_member', { GroupId, MemberToDel_Account: [`new${n}`] }],
  },
];

async function inLargeGroup(bench: Bench): Promise<{ figures: Figure[]; raw: unknown }> {
  await using server = await startConfab({ folder: bench.newFolder(), endpoints: [] });
  await server.createGroups();
  await importUsers(server, LARGE_MEMBERS);
  await importUsers(server, CALLS, 'new');
  await fill(server, SMALL, SMALL_MEMBERS);
  await fill(server, LARGE, LARGE_MEMBERS);
  const medians = new Map<string, number>();
  const figures: Figure[] = [];
  for (const { name, call } of TIMED) {
    const [small, large] = await timedInTurn(server, [(n) => call(SMALL, n), (n) => call(LARGE, n)]);
    medians.set(`${name} small`, small).set(`${name} large`, large);
    figures.push({
      name: `${name} in a group of 100,000 members, ratio to one of 10`,
      unit: '',
      samples: [large / small],
      reach: '≤ 1.2',
    });
  }
  const page = (Next: string) => () =>
    ['get_group_member_info', { GroupId: LARGE, Limit: 100, Next }] as const;
  const [first, last] = await timedInTurn(server, [page(''), page(String(LARGE_MEMBERS - 100))]);
  medians.set('first page', first).set('last page', last);
  figures.push({
    name: 'last page of 100 of 100,000 members, ratio to the first',
    unit: '',
    samples: [last / first],
    reach: '≤ 1.2',
  });
  return { figures, raw: Object.fromEntries(medians) };
}

/** Median ms of an answer of each, called in turns one at a time, once both are warm. */
async function timedInTurn(
  server: ConfabServer,
  calls: readonly [(n: number) => readonly [string, object], (n: number) => readonly [string, object]],
): Promise<[number, number]> {
  const times: [number[], number[]] = [[], []];
  for (let n = 0; n < CALLS; n += 1) {
    for (const [index, call] of calls.entries()) {
      const [command, body] = call(n);
      const begun = performance.now();
      await server.call(`group_open_http_svc/${command}`, body);
      if (n >= CALLS / 4) times[index === 0 ? 0 : 1].push(performance.now() - begun);
    }
  }
  return [median(times[0]), median(times[1])];
}

async function importUsers(server: ConfabServer, count: number, prefix = 'u'): Promise<void> {
  for (let from = 0; from < count; from += ACCOUNTS_PER_CALL) {
    const Accounts = names(prefix, from, Math.min(count, from + ACCOUNTS_PER_CALL));
    await server.call('im_open_login_svc/multiaccount_import', { Accounts });
  }
}

async function fill(server: ConfabServer, GroupId: string, count: number): Promise<void> {
  await server.call('group_open_http_svc/create_group', { Type: 'Community', Name: 'town', GroupId });
  for (let from = 0; from < count; from += MEMBERS_PER_CALL) {
    const users = names('u', from, Math.min(count, from + MEMBERS_PER_CALL));
    const MemberList = users.map((Member_Account) => ({ Member_Account }));
    await server.call('group_open_http_svc/add_group_member', { GroupId, MemberList, Silence: 1 });
  }
}

function names(prefix: string, from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, index) => `${prefix}${from + index}`);
}
