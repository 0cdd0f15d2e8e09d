/**
 * An app backend out of libraries that know nothing of Confab: Tencent's own package makes the UserSig, and a client that is made from
 * /openapi.json calls the REST API.
 *
 *     node examples/third-party/backend.mjs http://127.0.0.1:7700 1400000001 SECRET_KEY
 *
 * It makes accounts and a group, sends, reads, and tidies up, and prints each answer as a line of JSON.
 */
import openApiClient from 'openapi-client-axios';
import userSig from 'tls-sig-api-v2';

const [server, sdkAppId, secretKey] = process.argv.slice(2);
if (secretKey === undefined) throw new Error('usage: node backend.mjs URL SDKAPPID SECRET_KEY');

const ADMIN = 'administrator';
const usersig = new userSig.Api(Number(sdkAppId), secretKey).genUserSig(ADMIN, 3600);

const api = new openApiClient.OpenAPIClientAxios({
  definition: `${server}/openapi.json`,
  withServer: { url: server },
  axiosConfigDefaults: { params: { identifier: ADMIN, usersig } },
});
const client = await api.init();

/** One call, by its name in the document; throws with the ErrorInfo when it is refused. */
async function call(operation, body) {
  const query = { sdkappid: sdkAppId, random: Math.floor(Math.random() * 2 ** 31), contenttype: 'json' };
  const { data } = await client[operation](query, body);
  if (data.ErrorCode !== 0) throw new Error(`${operation}: ${data.ErrorCode} ${data.ErrorInfo}`);
  console.log(JSON.stringify({ operation, ...data }));
  return data;
}

const group = 'group_open_http_svc';
await call('im_open_login_svc.multiaccount_import', { Accounts: ['ann', 'ben'] });
const { GroupId } = await call(`${group}.create_group`, {
  Type: 'Public',
  Name: 'third party',
  Owner_Account: 'ann',
  MemberList: [{ Member_Account: 'ben' }],
});
const sent = await call(`${group}.send_group_msg`, {
  GroupId,
  From_Account: 'ben',
  Random: 1,
  MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'hello' } }],
});
const history = await call(`${group}.group_msg_get_simple`, { GroupId, ReqMsgNumber: 20 });
if (history.RspMsgList[0].MsgSeq !== sent.MsgSeq) throw new Error('the message is not in the history');
await call(`${group}.get_group_member_info`, { GroupId });
await call(`${group}.destroy_group`, { GroupId });
