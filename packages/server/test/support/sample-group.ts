import type { Group } from '../../src/domain/group.ts';

/** A Public group with one member, its owner `o`; nothing was said in it. */
export function sampleGroup(fields: Partial<Group>): Group {
  return {
    streamId: 1,
    app: 1400000001,
    groupId: 'g',
    type: 'Public',
    name: 'g',
    introduction: '',
    notification: '',
    faceUrl: '',
    owner: 'o',
    createTime: 0,
    infoSeq: 1,
    lastInfoTime: 0,
    lastMsgTime: 0,
    nextMsgSeq: 1,
    memberNum: 1,
    maxMemberNum: 6_000,
    applyJoinOption: 'NeedPermission',
    inviteJoinOption: 'FreeAccess',
    muteAll: false,
    supportTopic: false,
    historyBeforeJoin: false,
    enablePermission: false,
    defaultPermission: 0,
    active: true,
    appDefinedData: [],
    ...fields,
  };
}
