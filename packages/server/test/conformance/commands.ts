import type { EndpointSettings } from '../../src/domain/endpoint.ts';
import type {
  Audit,
  Checkpoint,
  CreateGroup,
  PutEndpoint,
  SendMessage,
  StartReplay,
  Trim,
} from '../../src/store/commands.ts';
import type { LaneKey, LaneProgress } from '../../src/store/lanes.ts';

/** Commands with everything filled in that a test does not care about. */
export const APP = 1400000001;
export const OTHER_APP = 1400000002;
/** 2026-01-01 00:00:00 UTC in unix ms. */
export const START = 1_767_225_600_000;
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

export function createGroup(fields: Partial<CreateGroup> = {}): CreateGroup {
  return {
    type: 'createGroup',
    now: START,
    app: APP,
    operator: 'administrator',
    groupType: 'Public',
    name: 'a group',
    idSeed: 'ABCDEFGHIJKL',
    ...fields,
  };
}

let random = 0;

/** A send whose Random nobody else uses, unless the test gives one. */
export function sendMessage(groupId: string, sender: string, fields: Partial<SendMessage> = {}): SendMessage {
  random += 1;
  return {
    type: 'sendMessage',
    now: START,
    app: APP,
    groupId,
    sender,
    operator: 'administrator',
    senderIsAdmin: false,
    random,
    priority: 'Normal',
    onlineOnly: false,
    msgBodyJson: '[{"MsgContent":{"Text":"hello"},"MsgType":"TIMTextElem"}]',
    noUnread: false,
    noLastMsg: false,
    forbidAfterWebhook: false,
    supportMessageExtension: false,
    needReadReceipt: false,
    clientIp: '192.0.2.1',
    platform: 'RESTAPI',
    operationId: 'operation-1',
    ...fields,
  };
}

export function endpointSettings(name: string, fields: Partial<EndpointSettings> = {}): EndpointSettings {
  return {
    name,
    url: `https://${name}.example/hook`,
    dialect: 'tencent',
    revision: 'G5',
    events: ['group.message.sent'],
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
    ...fields,
  };
}

export function putEndpoint(
  name: string,
  settings: Partial<EndpointSettings> = {},
  fields: Partial<PutEndpoint> = {},
): PutEndpoint {
  return {
    type: 'putEndpoint',
    now: START,
    app: APP,
    source: 'api',
    settings: endpointSettings(name, settings),
    ...fields,
  };
}

export function progress(lane: LaneKey, fields: Partial<LaneProgress> = {}): LaneProgress {
  return {
    endpointId: lane.endpointId,
    streamId: lane.streamId,
    cursor: 0,
    acked: [],
    retries: [],
    dueAt: START,
    idle: false,
    replayedThrough: 0,
    ...fields,
  };
}

export function checkpoint(generation: number, fields: Partial<Checkpoint> = {}): Checkpoint {
  return { type: 'checkpoint', now: START, generation, lanes: [], attempts: [], deadLetters: [], ...fields };
}

export function startReplay(endpoint: string, fields: Partial<StartReplay> = {}): StartReplay {
  return { type: 'startReplay', now: START, app: APP, endpoint, ...fields };
}

export function trim(fields: Partial<Trim> = {}): Trim {
  return { type: 'trim', now: START, replayWindowMs: 7 * DAY, messageWindowMs: 0, limit: 1_000, ...fields };
}

export function audit(fields: Partial<Audit> = {}): Audit {
  return {
    type: 'audit',
    now: START,
    actor: 'ops',
    role: 'owner',
    action: 'endpoint.put',
    target: 'a',
    detail: '',
    ...fields,
  };
}
