import { type Refusal, refuse } from '../domain/refusal.ts';

/** There are no topics yet (11000); an empty TopicId is how some SDKs say "none". */
export function topicRefusal(topicId: string | undefined): Refusal | undefined {
  if (topicId === undefined || topicId === '') return undefined;
  return refuse('TOPICS_OFF', 'TopicId: this server has no topics yet; send without it');
}
