import { extensionRefusal, NO_EXTENSIONS, writeExtensions } from '../../../domain/message-extensions.ts';
import type { MessageResults, WriteExtensions } from '../../message-commands.ts';
import type { MessageState } from '../messages.ts';
import type { Tables } from '../tables.ts';
import { liveGroup } from './live-group.ts';

export function applyWriteExtensions(
  tables: Tables,
  command: WriteExtensions,
): MessageResults['writeExtensions'] {
  const state = liveGroup(tables, command.app, command.groupId);
  if ('kind' in state) return state;
  const { streamId } = state.group;
  const { msgSeq, write } = command;
  const message = tables.messages.get(streamId, msgSeq);
  const refusal = extensionRefusal(state.group, msgSeq, message && supportOf(message));
  if (refusal !== undefined) return refusal;
  const keys =
    write.operate === 'set'
      ? write.pairs.map(({ key }) => key)
      : write.operate === 'delete'
        ? write.keys
        : [];
  const before = tables.extensions.state(streamId, msgSeq) ?? NO_EXTENSIONS;
  const changed = writeExtensions(
    before,
    tables.extensions.pairs(streamId, msgSeq, keys),
    write,
    command.now,
  );
  if (changed.kind === 'refused') return changed;
  tables.extensions.write(streamId, msgSeq, changed);
  // No event tells of it; the group is written with it, so that no two who write at once miss each other.
  tables.groups.touch(state);
  return { kind: 'done', latestSeq: changed.state.latestSeq, pairs: changed.pairs };
}

function supportOf({ state, content }: MessageState) {
  return { state, supported: content.extra?.supportMessageExtension === true };
}
