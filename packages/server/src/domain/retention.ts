/** How long messages are kept, in milliseconds; 0 = for ever. The group's own time comes before its app's, that before the server's. */
export interface MessageRetention {
  readonly messagesMs: number;
  readonly apps?: readonly AppRetention[];
}

export interface AppRetention {
  readonly app: number;
  /** Absent: as the server's. */
  readonly messagesMs?: number;
  readonly groups?: readonly { readonly groupIds: readonly string[]; readonly messagesMs: number }[];
}

export function messagesKeptMs(retention: MessageRetention, app: number, groupId: string): number {
  const own = retention.apps?.find((one) => one.app === app);
  const ofGroup = own?.groups?.find(({ groupIds }) => groupIds.includes(groupId));
  return ofGroup?.messagesMs ?? own?.messagesMs ?? retention.messagesMs;
}
