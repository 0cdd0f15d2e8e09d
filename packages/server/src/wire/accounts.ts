import type {
  AccountCheckResponse,
  AccountDeleteResponse,
  AccountImportRequest,
  MultiaccountImportRequest,
} from '@confab-im/protocol';
import { ERRORS, utf8Length } from '@confab-im/protocol';
import { type Refusal, refuse } from '../domain/refusal.ts';

export interface AccountToImport {
  readonly userId: string;
  readonly nick?: string;
  readonly faceUrl?: string;
}

/** Only the fields given are changed in an account that exists (tencent-rest G.1 no. 31). */
function account(userId: string, nick: string | undefined, faceUrl: string | undefined): AccountToImport {
  return { userId, ...(nick !== undefined && { nick }), ...(faceUrl !== undefined && { faceUrl }) };
}

export function decodeAccountImport(request: AccountImportRequest): AccountToImport | Refusal {
  const userId = request.UserID ?? request.Identifier;
  return userId === undefined
    ? refuse('ACCOUNT_PARAMETERS', 'UserID: is missing; name the account to import')
    : account(userId, request.Nick, request.FaceUrl);
}

const USER_ID = /^[\x20-\x7e]{1,32}$/;
const MAX_PROFILE_BYTES = 500;

export interface AccountsToImport {
  readonly accounts: readonly AccountToImport[];
  /** UserIDs of accounts that cannot be imported. */
  readonly failed: readonly string[];
}

/** One bad account fails alone; the call fails when none is left (tencent-rest-user C3.2). */
export function decodeMultiaccountImport(request: MultiaccountImportRequest): AccountsToImport | Refusal {
  const wanted = request.AccountList ?? request.Accounts?.map((UserID) => ({ UserID }));
  if (wanted === undefined) {
    return refuse('ACCOUNT_PARAMETERS', 'Accounts: is missing; send Accounts or AccountList');
  }
  const accounts: AccountToImport[] = [];
  const failed: string[] = [];
  for (const item of wanted) {
    const { UserID, Nick, FaceUrl }: { UserID: string; Nick?: string; FaceUrl?: string } = item;
    const fits = [Nick, FaceUrl].every((text) => utf8Length(text ?? '') <= MAX_PROFILE_BYTES);
    if (USER_ID.test(UserID) && fits) accounts.push(account(UserID, Nick, FaceUrl));
    else failed.push(UserID);
  }
  if (accounts.length > 0) return { accounts, failed };
  return refuse(
    'ACCOUNT_PARAMETERS',
    `Accounts: none can be imported; a UserID has 1 to 32 printable ASCII characters, a profile value at most ${MAX_PROFILE_BYTES} bytes`,
  );
}

export function encodeAccountCheck(
  userIds: readonly string[],
  imported: readonly boolean[],
): AccountCheckResponse {
  return {
    ResultItem: userIds.map((UserID, i) => ({
      UserID,
      ResultCode: 0,
      ResultInfo: '',
      AccountStatus: imported[i] === true ? 'Imported' : 'NotImported',
    })),
  };
}

/** `admins` of the configuration are not deleted: they would be there again at the next start, and send until then. */
export function encodeAccountDelete(
  userIds: readonly string[],
  deleted: ReadonlySet<string>,
  admins: readonly string[],
): AccountDeleteResponse {
  const { code, text } = ERRORS.USER_NOT_FOUND;
  const ofAdmin = {
    ResultCode: ERRORS.ACCOUNT_PARAMETERS.code,
    ResultInfo: 'This account is an admin of the app; take it out of admins in the configuration first.',
  };
  return {
    ResultItem: userIds.map((UserID) => {
      if (deleted.has(UserID)) return { UserID, ResultCode: 0, ResultInfo: '' };
      return admins.includes(UserID)
        ? { UserID, ...ofAdmin }
        : { UserID, ResultCode: code, ResultInfo: text };
    }),
  };
}
