import {
  ERRORS,
  QueryOnlineStatusRequest as Request,
  QueryOnlineStatusResponse as Response,
} from '@confab-im/protocol';
import { refuse } from '../../domain/refusal.ts';
import { accountsImported } from '../../service/accounts.ts';
import { handler } from '../command.ts';

/** Nothing but the REST API reaches this server yet, so nobody is online: no account, on no platform. */
const STATUS = 'Offline' as const;

export const queryOnlineStatus = handler(
  Request,
  Response,
  async (deps, caller, { To_Account, IsNeedDetail }) => {
    const imported = await accountsImported(deps, caller, To_Account);
    const known = To_Account.filter((_, index) => imported[index] === true);
    if (known.length === 0) {
      return refuse('USER_NOT_FOUND', 'To_Account: none of these accounts exists; import them first');
    }
    return {
      QueryResult: known.map((account) => ({
        To_Account: account,
        Status: STATUS,
        State: STATUS,
        ...((IsNeedDetail ?? 0) > 0 && { Detail: [] }),
      })),
      ErrorList: To_Account.filter((_, index) => imported[index] !== true).map((account) => ({
        To_Account: account,
        ErrorCode: ERRORS.USER_NOT_FOUND.code,
      })),
    };
  },
);
