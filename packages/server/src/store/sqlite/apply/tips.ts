import { GROUP_TYPE_TRAITS, type GroupTypeTraits } from '../../../domain/group-types.ts';
import type { AddMembers } from '../../commands.ts';
import type { GroupState } from '../groups.ts';
import type { Tables } from '../tables.ts';
import { appendFact, type LogFacts, streamTime } from './append.ts';
import { change } from './live-group.ts';

/** Which column of the matrix says whether there is a tip. */
const TIP_OF = {
  'group.members.joined': 'joinTip',
  'group.members.left': 'joinTip',
  'group.info.changed': 'profileTip',
  'group.owner.changed': 'profileTip',
  'group.member.changed': 'memberTip',
  'group.members.muted': 'memberTip',
} as const satisfies Partial<Record<keyof LogFacts, keyof GroupTypeTraits>>;

/**
 * A change in the log, and in history as a tip that takes a `MsgSeq` where the group's type keeps tips of its kind
 * (types-errors E.2). A Work group that is not active yet sends no tips.
 */
export function appendTip<Kind extends keyof typeof TIP_OF>(
  tables: Tables,
  state: GroupState,
  kind: Kind,
  command: Pick<AddMembers, 'now' | 'from'>,
  facts: LogFacts[Kind],
  silent = false,
): void {
  const { group } = state;
  const visible = GROUP_TYPE_TRAITS[group.type][TIP_OF[kind]] === 'stored' && group.active && !silent;
  const time = streamTime(state, command.now);
  const { seq: logSeq } = appendFact(tables, state, kind, command, facts);
  if (!visible) return;
  const msgSeq = group.nextMsgSeq;
  tables.log.insertMessage(
    group.streamId,
    { msgSeq, logSeq, time, tip: true },
    {
      sender: facts.operator,
      operator: facts.operator,
      random: 0,
      priority: 'Normal',
      body: JSON.stringify([{ MsgContent: { kind, ...facts }, MsgType: 'TIMGroupTipElem' }]),
      cloudCustomData: null,
      extra: null,
    },
  );
  change(tables, state, { nextMsgSeq: msgSeq + 1, lastMsgTime: Math.floor(time / 1000) });
}
