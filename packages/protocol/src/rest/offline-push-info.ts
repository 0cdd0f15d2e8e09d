import Type from 'typebox';
import { flag, optional } from './fields.ts';

const text = optional(Type.String());
const count = optional(Type.Integer({ minimum: 0 }));

/** How an offline push of the message looks; malformed: 90043. Source: tencent-rest-message C2.31. */
export const OfflinePushInfo = Type.Object({
  PushFlag: optional(flag('1: no offline push')),
  Title: text,
  Desc: text,
  Ext: text,
  AndroidInfo: optional(
    Type.Object({
      Sound: text,
      HuaWeiChannelID: text,
      XiaoMiChannelID: text,
      OPPOChannelID: text,
      GoogleChannelID: text,
      VIVOClassification: optional(flag('0 operation, 1 system')),
      HuaWeiImportance: text,
      HuaWeiCategory: text,
      ExtAsHuaweiIntentParam: optional(flag('Pass Ext as intent parameter')),
      PushStyle: count,
      VIVOCategory: text,
      HuaWeiImage: text,
      HonorImage: text,
      HonorImportance: text,
      GoogleImage: text,
    }),
  ),
  ApnsInfo: optional(
    Type.Object({
      BadgeMode: optional(flag('1: do not count')),
      Title: text,
      SubTitle: text,
      Image: text,
      Sound: text,
      MutableContent: optional(flag('Allow extensions of the app to change it')),
      InterruptionLevel: text,
      ContentAvailable: optional(flag('Silent push')),
    }),
  ),
});
export type OfflinePushInfo = Type.Static<typeof OfflinePushInfo>;
