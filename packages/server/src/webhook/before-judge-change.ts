import { type PendingChange, readOpenImChangeAnswer, readTencentChangeAnswer } from '@confab-im/protocol';
import type { Endpoint } from '../domain/endpoint.ts';
import { beforeFailure, type Judgement, refusalOf } from './before-judgement.ts';

const REFUSED: Readonly<Record<PendingChange['kind'], string>> = {
  'group.before-create': 'refused the group before it was created',
  'group.before-apply': 'refused the application to join',
  'group.before-invite': 'refused the invitation',
  'group.topic.before-create': 'refused the topic before it was created',
};

/** What the body of an answer means for a change. There is nothing to drop in silence: code 2 decides nothing (tencent-webhooks A.5.1). */
export function judgeChange(endpoint: Endpoint, pending: PendingChange, body: string): Judgement {
  const answer =
    endpoint.settings.dialect === 'openim' ? readOpenImChangeAnswer(body) : readTencentChangeAnswer(body);
  switch (answer.kind) {
    case 'malformed':
      return beforeFailure('malformed_answer', answer.why);
    case 'fail':
      return beforeFailure(
        'undocumented_code',
        `ErrorCode ${answer.errorCode} decides nothing; answer 0, 1 or 10100 to 10200, with ActionStatus OK`,
      );
    case 'refuse':
      return { kind: 'refused', refusal: refusalOf(endpoint, answer, REFUSED[pending.kind]) };
    case 'allow': {
      if (pending.kind !== 'group.before-invite') return { kind: 'allowed' };
      const userIds = pending.members.filter((userId) => answer.refusedMembers.includes(userId));
      return userIds.length === 0 ? { kind: 'allowed' } : { kind: 'without', userIds };
    }
  }
}
