-- Applies one chunk of a committed cycle if owner and position are the expected ones; the last chunk moves the position.
-- KEYS: meta, timers, store names, then one hash per store of this chunk.
-- ARGV: 1 token, 2 incarnation, 3 expected position, 4 position, 5 sequence, 6 progress, 7 progress offset, 8 now in ms,
--   9 restoring (0 | 1), 10 index of the chunk, 11 last chunk (0 | 1), 12 timers set, 13 timers removed;
--   then score and member per timer set, member per timer removed;
--   then per store: name, rows set, rows deleted, field and value per row set, field per row deleted.
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
for i = 4, #KEYS do
  local store, sets, deletes = ARGV[at], tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2])
  at = at + 3
  redis.call('SADD', names, store)
  send('HSET', KEYS[i], sets * 2)
  send('HDEL', KEYS[i], deletes)
end

if ARGV[11] == '1' then
  redis.call('HSET', meta, 'position', position, 'sequence', sequence, 'progress', ARGV[6], 'progressOffset', ARGV[7],
    'appliedAtMs', ARGV[8], 'restoring', ARGV[9], 'applying', '')
else
  redis.call('HSET', meta, 'applying', cycle .. (chunk + 1))
end
return 'applied'
