-- Applies one chunk of a committed cycle if owner and position are the expected ones; the last chunk moves the position.
-- KEYS: meta, timers, store names, then per store of this chunk: its hash, and its order of keys if it is ordered.
-- ARGV: 1 token, 2 incarnation, 3 expected position, 4 position, 5 sequence, 6 progress, 7 progress offset, 8 now in ms,
--   9 restoring (0 | 1), 10 index of the chunk, 11 last chunk (0 | 1), 12 timers set, 13 timers removed;
--   then score and member per timer set, member per timer removed;
--   then per store: name, ordered (0 | 1), rows set, rows deleted, field and value per row set, field per row deleted.
-- Answers applied | already | behind | lost.
local meta, timers, names = KEYS[1], KEYS[2], KEYS[3]
local expected, position, sequence = ARGV[3], ARGV[4], ARGV[5]
local chunk = tonumber(ARGV[10])
local stored = redis.call('HMGET', meta, 'token', 'incarnation', 'position', 'sequence', 'applying')

if stored[1] ~= ARGV[1] or stored[2] ~= ARGV[2] then return 'lost' end
if stored[3] ~= expected then
  if stored[3] == position and stored[4] == sequence then return 'already' end
  if less(stored[3], expected) then return 'behind' end
  return 'lost'
end
-- A chunk whose predecessor failed must not complete the apply.
local cycle = position .. ':' .. sequence .. ':'
if chunk > 0 and stored[5] ~= cycle .. chunk then return 'behind' end

-- Lua's stack holds about 8,000 values: at most 1,000 pairs a command.
local at = 14
local function send (command, key, count)
  local last = at + count - 1
  while at <= last do
    local stop = math.min(at + 1999, last)
    redis.call(command, key, unpack(ARGV, at, stop))
    at = stop + 1
  end
end

send('ZADD', timers, tonumber(ARGV[12]) * 2)
send('ZREM', timers, tonumber(ARGV[13]))
-- The same rows in the order of keys: every score is 0.
local function order (key, sets, deletes)
  local from, past = at, at + sets * 2
  while from < past do
    local members = {}
    for i = from, math.min(from + 1998, past - 2), 2 do
      members[#members + 1] = '0'
      members[#members + 1] = ARGV[i]
    end
    redis.call('ZADD', key, unpack(members))
    from = from + 2000
  end
  for i = past, past + deletes - 1, 2000 do
    redis.call('ZREM', key, unpack(ARGV, i, math.min(i + 1999, past + deletes - 1)))
  end
end

local key = 4
while key <= #KEYS do
  local hash, store, ordered, sets, deletes = KEYS[key], ARGV[at], ARGV[at + 1] == '1', tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3])
  at = at + 4
  redis.call('SADD', names, store)
  if ordered then
    key = key + 1
    order(KEYS[key], sets, deletes)
  end
  send('HSET', hash, sets * 2)
  send('HDEL', hash, deletes)
  key = key + 1
end

if ARGV[11] == '1' then
  redis.call('HSET', meta, 'position', position, 'sequence', sequence, 'progress', ARGV[6], 'progressOffset', ARGV[7],
    'appliedAtMs', ARGV[8], 'restoring', ARGV[9], 'applying', '')
else
  redis.call('HSET', meta, 'applying', cycle .. (chunk + 1))
end
return 'applied'
