import type { ModifyGroupBaseInfoRequest } from '@confab-im/protocol';
import type { ProfileChanges } from '../domain/modify-group.ts';

/** Old and new names side by side; where both are given, the new one counts (tencent-rest A.8). */
export function decodeModifyGroup(request: ModifyGroupBaseInfoRequest): ProfileChanges {
  const muteAll = request.MuteAllMember ?? request.ShutUpAllMember;
  const maxMemberNum = request.MaxMemberNum ?? request.MaxMemberCount;
  const { HistoryMsgBeforeJoin: before, EnablePermission: permission } = request;
  return {
    ...(request.Name !== undefined && { name: request.Name }),
    ...(request.Introduction !== undefined && { introduction: request.Introduction }),
    ...(request.Notification !== undefined && { notification: request.Notification }),
    ...(request.FaceUrl !== undefined && { faceUrl: request.FaceUrl }),
    ...(maxMemberNum !== undefined && { maxMemberNum }),
    ...(request.ApplyJoinOption !== undefined && { applyJoinOption: request.ApplyJoinOption }),
    ...(request.InviteJoinOption !== undefined && { inviteJoinOption: request.InviteJoinOption }),
    ...(muteAll !== undefined && { muteAll: muteAll === 'On' }),
    ...(before !== undefined && { historyBeforeJoin: before === 'On' }),
    ...(permission !== undefined && { enablePermission: permission > 0 }),
    ...(request.DefaultPermission !== undefined && { defaultPermission: request.DefaultPermission }),
    ...(request.AppDefinedData !== undefined && { appDefinedData: request.AppDefinedData }),
  };
}
