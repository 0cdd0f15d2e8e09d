import { kick } from './account/kick.ts';
import { getHistory } from './archive/get-history.ts';
import { type RestCommand, type RestService, restCommand } from './command.ts';
import { getAppInfo } from './config/get-app-info.ts';
import { getIpList } from './config/get-ip-list.ts';
import { getNoSpeaking } from './config/get-no-speaking.ts';
import { setNoSpeaking } from './config/set-no-speaking.ts';
import { queryOnlineStatus } from './user/query-online-status.ts';

const STATUS: RestService = {
  name: 'openim',
  badJson: 'MESSAGE_JSON_INVALID',
  badField: 'MESSAGE_REQUEST_INVALID',
  fieldFaults: [
    { field: 'To_Account', when: 'list', error: 'TOO_MANY_RECEIVERS' },
    { field: 'To_Account', when: 'any', error: 'TO_ACCOUNT_INVALID' },
  ],
};

const CONFIG: RestService = {
  name: 'openconfigsvr',
  badJson: 'CONFIG_JSON_INVALID',
  badField: 'MUTE_TIME_MISSING',
  fieldFaults: [
    { field: 'Set_Account', when: 'text', error: 'MUTE_ACCOUNT_INVALID' },
    { field: 'Set_Account', when: 'any', error: 'MUTE_ACCOUNT_MISSING' },
    { field: 'Get_Account', when: 'text', error: 'MUTE_GET_ACCOUNT_INVALID' },
    { field: 'Get_Account', when: 'any', error: 'MUTE_GET_ACCOUNT_MISSING' },
    { field: 'RequestField', when: 'any', error: 'CONFIG_JSON_INVALID' },
  ],
};

const SITE: RestService = {
  name: 'ConfigSvc',
  badJson: 'JSON_INVALID',
  badField: 'JSON_INVALID',
  fieldFaults: [],
};

const ARCHIVE: RestService = {
  name: 'open_msg_svc',
  badJson: 'ARCHIVE_PARAMETERS',
  badField: 'ARCHIVE_PARAMETERS',
  fieldFaults: [],
};

/** What an account may do and whether it is there, and what the server says of itself. */
export function standingCommands(account: RestService): readonly RestCommand[] {
  return [
    restCommand(account, 'kick', kick),
    restCommand(STATUS, 'query_online_status', queryOnlineStatus),
    restCommand(STATUS, 'querystate', queryOnlineStatus),
    restCommand(CONFIG, 'setnospeaking', setNoSpeaking),
    restCommand(CONFIG, 'getnospeaking', getNoSpeaking),
    restCommand(CONFIG, 'getappinfo', getAppInfo),
    restCommand(ARCHIVE, 'get_history', getHistory),
    restCommand(SITE, 'GetIPList', getIpList),
  ];
}
