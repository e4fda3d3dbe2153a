-- Claims a task for a new owner; data, position and progress stay as they are, and readers go on with them.
-- A new state is restoring until its owner says otherwise.
-- KEYS: meta, timers, store names. ARGV: token, incarnation, now in ms, key prefix of stores, of orders, layout of a new state.
-- Answers {'claimed' | 'refused', meta before as fields (none when there was no meta)}.
local fields = { 'token', 'incarnation', 'position', 'sequence', 'progress', 'progressOffset', 'appliedAtMs', 'restoring', 'applying', 'layout' }
local token, incarnation = ARGV[1], ARGV[2]
local stored = redis.call('HMGET', KEYS[1], unpack(fields))

if not stored[1] then
  -- Rows without meta are of unknown age: nothing may be built on them.
  drop(KEYS[2], KEYS[3], ARGV[4], ARGV[5])
  redis.call('HSET', KEYS[1], 'token', token, 'incarnation', incarnation, 'position', '0', 'sequence', '0', 'progress', '',
    'progressOffset', '-1', 'appliedAtMs', ARGV[3], 'restoring', '1', 'applying', '', 'layout', ARGV[6])
  return { 'claimed' }
end

local mine
if stored[1] == token then
  mine = stored[2] == incarnation
else
  mine = less(stored[1], token) and not less(token, stored[3])
end
if not mine then return { 'refused', unpack(stored) } end
redis.call('HSET', KEYS[1], 'token', token, 'incarnation', incarnation)
return { 'claimed', unpack(stored) }
