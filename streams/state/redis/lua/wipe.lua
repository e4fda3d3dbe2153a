-- Removes everything of a task if its meta is still the expected one.
-- KEYS: meta, timers, store names. ARGV: key prefix of stores, then token and position, or nothing to expect no meta.
local stored = redis.call('HMGET', KEYS[1], 'token', 'position')
local same
if ARGV[2] then
  same = stored[1] == ARGV[2] and stored[2] == ARGV[3]
else
  same = not stored[1]
end
if not same then return 0 end
for _, store in ipairs(redis.call('SMEMBERS', KEYS[3])) do redis.call('UNLINK', ARGV[1] .. store) end
redis.call('UNLINK', KEYS[1], KEYS[2], KEYS[3])
return 1
