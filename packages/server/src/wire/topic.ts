import { type Refusal, refuse } from '../domain/refusal.ts';

/** Which topic a request means; an empty TopicId is how some SDKs say "none". */
export function decodeTopic(topicId: string | undefined): { readonly topicId?: string } {
  return topicId === undefined || topicId === '' ? {} : { topicId };
}

/** Of what topics have none of: receipts and extensions, which a Community has none of either. */
export function topicRefusal(topicId: string | undefined): Refusal | undefined {
  if (topicId === undefined || topicId === '') return undefined;
  return refuse('TOPICS_OFF', 'TopicId: topics have nothing of this kind; send without it');
}
