-- Removes every store of a task with its order of keys, the timers, and the list of store names last: what is left over by a failure
-- in between is found again.
local function drop (timers, names, stores, orders)
  for _, store in ipairs(redis.call('SMEMBERS', names)) do redis.call('UNLINK', stores .. store, orders .. store) end
  redis.call('UNLINK', timers)
  redis.call('UNLINK', names)
end
