import { GROUP_TYPE_TRAITS } from '../../../domain/group-types.ts';
import type { AddMembers } from '../../commands.ts';
import type { GroupState } from '../groups.ts';
import type { Tables } from '../tables.ts';
import { appendFact, type LogFacts, streamTime } from './append.ts';
import { change } from './live-group.ts';

/**
 * A membership change in the log, and in history as a tip that takes a `MsgSeq` where the group's type keeps tips
 * (types-errors E.2). A Work group that is not active yet sends no tips.
 */
export function appendTip<Kind extends 'group.members.joined' | 'group.members.left'>(
  tables: Tables,
  state: GroupState,
  kind: Kind,
  command: Pick<AddMembers, 'now' | 'from'>,
  facts: LogFacts[Kind],
  silent: boolean,
): void {
  const { group } = state;
  const visible = GROUP_TYPE_TRAITS[group.type].joinTip === 'stored' && group.active && !silent;
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
