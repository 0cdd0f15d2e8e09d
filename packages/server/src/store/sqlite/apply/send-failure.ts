import { failureOf, type SendFailure } from '../../../domain/send-failure.ts';
import type { CommandSource, ReportSendFailure, ResultMap, SendMessage } from '../../commands.ts';
import type { Tables } from '../tables.ts';
import { appendFact } from './append.ts';

/** A message of a group was refused or dropped. It is an event only where somebody asks for it: refusals can be many. */
export function reportSendFailure(tables: Tables, send: SendMessage, failure: SendFailure): void {
  const { app, groupId, topicId, operator, sender, random, onlineOnly, msgBodyJson, cloudCustomData } = send;
  if (tables.endpoints.matching(app, 'group.message.exception', groupId).length === 0) return;
  const group = tables.groups.get(app, groupId);
  if (group === undefined) return;
  const topic = topicId === undefined ? undefined : tables.groups.topic(app, topicId);
  const state = topic?.group.groupId === groupId ? topic : group;
  const fits = Buffer.byteLength(msgBodyJson) <= tables.rules.messageBytes;
  appendFact(
    tables,
    state,
    'group.message.exception',
    { now: send.now, from: sourceOf(send) },
    {
      operator,
      ...(topicId === undefined ? {} : { topicId }),
      sender,
      random,
      onlineOnly,
      // Of a message that is too long the body is what is wrong, and up to a megabyte.
      msgBodyJson: fits ? msgBodyJson : '[]',
      ...(cloudCustomData === undefined || !fits ? {} : { cloudCustomData }),
      ...failure,
    },
  );
}

/** One that was refused before the before-webhooks were asked, when nothing could be written. */
export function applyReportSendFailure(
  tables: Tables,
  { send, refusal }: ReportSendFailure,
): ResultMap['reportSendFailure'] {
  reportSendFailure(tables, send, failureOf(refusal));
  return { kind: 'done' };
}

/** The request that a send came from. */
export function sourceOf({ clientIp, platform, operationId, traceparent }: SendMessage): CommandSource {
  return { clientIp, platform, operationId, ...(traceparent === undefined ? {} : { traceparent }) };
}
