import Type from 'typebox';
import { type Answered, count } from './answer.ts';
import { optional, uint32, userId } from './fields.ts';

const SECONDS = 'seconds; 0 ends the mute, 4294967295 is for ever';

/** `openconfigsvr/setnospeaking`: at least one of the times. Source: tencent-rest-user D7. */
export const SetNoSpeakingRequest = Type.Object({
  Set_Account: userId('Who is muted'),
  C2CmsgNospeakingTime: optional(uint32(`One-to-one messages: ${SECONDS}`)),
  GroupmsgNospeakingTime: optional(uint32(`Group messages: ${SECONDS}`)),
});
export type SetNoSpeakingRequest = Type.Static<typeof SetNoSpeakingRequest>;

/** `openconfigsvr/getnospeaking`. Source: tencent-rest-user D7. */
export const GetNoSpeakingRequest = Type.Object({ Get_Account: userId('Who is asked for') });
export type GetNoSpeakingRequest = Type.Static<typeof GetNoSpeakingRequest>;

const LEFT = 'seconds that are left; 0: not muted, 4294967295: for ever';

export const GetNoSpeakingResponse = Type.Object({
  C2CmsgNospeakingTime: count(`One-to-one messages: ${LEFT}`),
  GroupmsgNospeakingTime: count(`Group messages: ${LEFT}`),
});
export type GetNoSpeakingResponse = Answered<typeof GetNoSpeakingResponse>;
