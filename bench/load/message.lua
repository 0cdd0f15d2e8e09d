-- wrk script: posts send_group_msg to 100 groups in turn, one Random after the other from its first argument on.
-- Further arguments: the text and the CloudCustomData of each message. Ends with its counts as one line of JSON.
local random, before, after

function init(args)
  random = tonumber(args[1])
  before = '{"GroupId":"g%d","From_Account":"leckie","Random":%d,'
  after = string.format(
    '"MsgBody":[{"MsgType":"TIMTextElem","MsgContent":{"Text":"%s"}}],"CloudCustomData":"%s"}',
    args[2], args[3])
end

function request()
  local body = string.format(before, random % 100, random) .. after
  random = random + 1
  return wrk.format("POST", nil, { ["Content-Type"] = "application/json" }, body)
end

function done(summary)
  local e = summary.errors
  io.write(string.format('\n{"sent":%d,"seconds":%f,"errors":%d}\n', summary.requests, summary.duration / 1e6,
    e.connect + e.read + e.write + e.status + e.timeout))
end
