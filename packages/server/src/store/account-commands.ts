import type { InApp } from './command-base.ts';

export interface NewAccount {
  readonly userId: string;
  readonly nick?: string;
  readonly faceUrl?: string;
}

/** Creates accounts; of those that exist already only the given fields change (tencent-rest G.1 no. 31). */
export interface ImportAccounts extends InApp {
  readonly type: 'importAccounts';
  readonly accounts: readonly NewAccount[];
}

/** Deletes accounts and takes them out of their groups, of as many as one transaction can. */
export interface DeleteAccounts extends InApp {
  readonly type: 'deleteAccounts';
  readonly userIds: readonly string[];
}

/** Mutes an account in all groups, and in one-to-one messages. Seconds as in `MuteMembers`; absent: that mute stays as it is. */
export interface MuteAccount extends InApp {
  readonly type: 'muteAccount';
  readonly userId: string;
  readonly c2cSeconds?: number;
  readonly groupSeconds?: number;
}

/** UserSigs of the account that were made before now count no more. */
export interface RevokeSignatures extends InApp {
  readonly type: 'revokeSignatures';
  readonly userId: string;
}
