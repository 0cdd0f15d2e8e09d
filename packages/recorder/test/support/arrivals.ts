import type { Arrival } from '../../src/arrival.ts';

/** 2025-01-01T00:00:00Z. */
export const NOW_MS = 1_735_689_600_000;

export const clockAt = (now = NOW_MS) => ({ now: () => now });

let serial = 0;

/** A message as the inbox takes it; its key is new unless given. */
export function arrival(over: Partial<Arrival> = {}): Arrival {
  serial += 1;
  return {
    key: `key-${serial}`,
    app: 1_400_000_042,
    dialect: 'tencent',
    groupId: '@TGS#2QW7H5K3M',
    topicId: '',
    groupType: 'Public',
    sender: 'alice',
    msgSeq: serial,
    random: 7,
    msgTime: NOW_MS / 1000,
    eventTime: NOW_MS,
    onlineOnly: false,
    types: ['TIMTextElem'],
    replay: false,
    body: '{"CallbackCommand":"Group.CallbackAfterSendMsg"}',
    ...over,
  };
}
