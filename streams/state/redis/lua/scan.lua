-- One page of an ordered store: rows in the order of their keys.
-- KEYS: order of keys, hash. ARGV: first and last key as ZRANGEBYLEX takes them, rows at most, bytes after which the page ends.
-- Answers {1 when nothing is left in the range, else 0; key, value, …}.
local limit, room = tonumber(ARGV[3]), tonumber(ARGV[4])
local keys = redis.call('ZRANGEBYLEX', KEYS[1], ARGV[1], ARGV[2], 'LIMIT', 0, limit + 1)
local answer = { 1 }
for i, key in ipairs(keys) do
  if i > limit or room <= 0 then
    answer[1] = 0
    break
  end
  local value = redis.call('HGET', KEYS[2], key)
  answer[#answer + 1] = key
  answer[#answer + 1] = value
  room = room - #key - #value
end
return answer
