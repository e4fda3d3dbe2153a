-- Removes everything of a task if its meta is still the expected one.
-- KEYS: meta, timers, store names. ARGV: key prefix of stores, of orders, then token and position, or nothing to expect no meta.
local stored = redis.call('HMGET', KEYS[1], 'token', 'position')
local same
if ARGV[3] then
  same = stored[1] == ARGV[3] and stored[2] == ARGV[4]
else
  same = not stored[1]
end
if not same then return 0 end
-- The meta goes first: rows without meta count for nothing, a meta without its rows would be believed.
redis.call('UNLINK', KEYS[1])
drop(KEYS[2], KEYS[3], ARGV[1], ARGV[2])
return 1
