import Type from 'typebox';
import { CustomData, Operator, ofProfile, PROFILE, tencentChange, toProfile } from './change.ts';

/** Source: tencent-webhooks C.17, F-19. */
export const afterCreateTopic = tencentChange({
  kind: 'group.topic.created',
  command: 'Group.CallbackAfterCreateTopic',
  description: 'A topic of a community has been created',
  eventTime: 'never',
  fields: {
    Operator_Account: Operator,
    TopicId: Type.String({ minLength: 1 }),
    Owner_Account: Type.Optional(Type.String({ description: 'UserID of the owner of the community' })),
    Name: Type.String(),
    UserDefinedDataList: CustomData,
  },
  write: ({ operator, topicId, owner, name, customData }) => ({
    Operator_Account: operator,
    TopicId: topicId,
    Owner_Account: owner,
    Name: name,
    UserDefinedDataList: customData?.length ? customData : undefined,
  }),
  read: (body) => ({
    operator: body.Operator_Account,
    topicId: body.TopicId,
    ...(body.Owner_Account !== undefined && { owner: body.Owner_Account }),
    name: body.Name,
    ...(body.UserDefinedDataList?.length && { customData: body.UserDefinedDataList }),
  }),
});

/** Source: tencent-webhooks C.18, F-15. */
export const afterTopicDestroyed = tencentChange({
  kind: 'group.topics.destroyed',
  command: 'Group.CallbackAfterTopicDestroyed',
  description: 'Topics of a community have been deleted',
  eventTime: 'never',
  fields: { TopicIdList: Type.Array(Type.String()) },
  write: ({ topicIds }) => ({ TopicIdList: topicIds }),
  read: ({ TopicIdList: topicIds }) => ({ topicIds }),
});

/** No published body says which topic it was (F-19): a TopicId is read where a sender adds it. Source: tencent-webhooks C.19. */
export const afterTopicInfoChanged = tencentChange({
  kind: 'group.topic.changed',
  command: 'Group.CallbackAfterTopicInfoChanged',
  description: 'The profile of a topic has changed',
  eventTime: 'never',
  fields: {
    Operator_Account: Operator,
    TopicId: Type.Optional(Type.String({ description: 'Not in the published body' })),
    ...PROFILE,
  },
  write: (change) => ({ Operator_Account: change.operator, ...toProfile(change) }),
  read: (body) => ({
    operator: body.Operator_Account,
    ...ofProfile(body),
    ...(body.TopicId && { topicId: body.TopicId }),
  }),
});
