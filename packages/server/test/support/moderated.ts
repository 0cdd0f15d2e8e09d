import type { GroupMessageFacts } from '@confab-im/protocol';
import { type Answer, APP, type Harness, type HarnessOptions, startRest } from './rest-harness.ts';
import {
  type Receiver,
  type RecordedRequest,
  type Script,
  type ScriptedAnswer,
  startReceiver,
} from './scripted-receiver.ts';
import { sentFacts } from './sent-facts.ts';

/** A moderator's answer in Tencent's form. */
export function answer(fields: object = {}): ScriptedAnswer {
  return { body: JSON.stringify({ ActionStatus: 'OK', ErrorCode: 0, ErrorInfo: '', ...fields }) };
}

export const text = (Text: string) => [{ MsgType: 'TIMTextElem', MsgContent: { Text } }];

export interface Moderated extends AsyncDisposable {
  readonly rest: Harness;
  /** Where the endpoints are; each asks under its own name as path. */
  readonly moderator: Receiver;
  /** Sends to group `g`, with a `Random` of its own unless the test gives one. */
  send(body?: object): Promise<Answer>;
  /** Makes an endpoint under the moderator's address that is asked before sending. */
  ask(endpoint: { readonly name: string } & Readonly<Record<string, unknown>>): Promise<void>;
  /** What history has, oldest first: the texts of its messages; tips have none. */
  texts(): Promise<string[]>;
  /** What the after-webhooks tell, in order. */
  told(): Promise<GroupMessageFacts[]>;
}

export interface ModeratedOptions extends HarnessOptions {
  /** Options of the endpoint `mod`; false: none is made. */
  readonly endpoint?: Readonly<Record<string, unknown>> | false;
}

/** The REST surface with a group `g` of `u1` and `u2`, an endpoint `mod` that is asked before sending, and one that is told after. */
export async function startModerated(script: Script, options: ModeratedOptions = {}): Promise<Moderated> {
  const moderator = await startReceiver(script);
  const rest = await startRest(options);
  let random = 0;
  await rest.call('im_open_login_svc/multiaccount_import', { Accounts: ['u1', 'u2'] });
  const MemberList = [{ Member_Account: 'u2' }];
  await rest.call('create_group', {
    Type: 'Public',
    GroupId: 'g',
    Name: 'n',
    Owner_Account: 'u1',
    MemberList,
  });
  const ask: Moderated['ask'] = ({ name, ...endpoint }) =>
    rest.putEndpoint({
      name,
      url: `${moderator.url}/${name}`,
      events: ['Group.CallbackBeforeSendMsg'],
      allowPrivateNetwork: true,
      ...endpoint,
    });
  await rest.putEndpoint({
    name: 'backend',
    url: 'https://backend.example/',
    events: 'Group.CallbackAfterSendMsg',
  });
  if (options.endpoint !== false) await ask({ name: 'mod', ...options.endpoint });
  return {
    rest,
    moderator,
    ask,
    send: (body) =>
      rest.call('send_group_msg', { GroupId: 'g', Random: ++random, MsgBody: text('hi'), ...body }),
    async texts() {
      const page = await rest.store.history({ app: APP.sdkAppId, groupId: 'g', fromMsgSeq: 0, limit: 100 });
      const bodies = (page?.messages ?? [])
        .filter(({ tip }) => !tip)
        .map(({ msgBodyJson }) => JSON.parse(msgBodyJson));
      return bodies.map(([element]) => String(element.MsgContent.Text)).toReversed();
    },
    async told() {
      const endpoints = await rest.store.endpoints();
      const endpointId = endpoints.find(({ settings }) => settings.name === 'backend')?.id ?? 0;
      const { lanes } = await rest.store.dueLanes({ endpointId, now: Number.MAX_SAFE_INTEGER, limit: 10 });
      const reads = lanes.map((lane) => ({ ...lane, after: lane.cursor, maxEvents: 100 }));
      const read = await rest.store.readEvents(reads);
      return read.flatMap(({ events }) => events.map(sentFacts));
    },
    [Symbol.asyncDispose]: async () => {
      await rest[Symbol.asyncDispose]();
      await moderator.close();
    },
  };
}

/** The name of the endpoint that asked, and its JSON. */
export function questionOf(request: RecordedRequest): {
  readonly endpoint: string;
  readonly body: ReturnType<typeof JSON.parse>;
} {
  return { endpoint: request.url.split(/[/?]/)[1] ?? '', body: JSON.parse(request.body) };
}
