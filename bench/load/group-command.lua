-- wrk script: posts a command of the group service, one request after the other from number args[2] on. The same bodies as in
-- requests.ts. Ends with its counts as one line of JSON.
local n, body

local bodies = {
  get_group_info = function() return string.format('{"GroupIdList":["g%d"]}', n % 100) end,
  create_group = function()
    return string.format('{"Type":"Public","Name":"a group","Owner_Account":"u%d"}', n % 1000)
  end,
  add_group_member = function()
    return string.format('{"GroupId":"growing-g%d","MemberList":[{"Member_Account":"u%d"}]}', n % 100,
      math.floor(n / 100))
  end,
}

function init(args)
  body = bodies[args[1]]
  n = tonumber(args[2])
end

function request()
  n = n + 1
  return wrk.format("POST", nil, { ["Content-Type"] = "application/json" }, body())
end

function done(summary)
  local e = summary.errors
  io.write(string.format('\n{"sent":%d,"seconds":%f,"errors":%d}\n', summary.requests, summary.duration / 1e6,
    e.connect + e.read + e.write + e.status + e.timeout))
end
