-- True when decimal a is smaller than decimal b. Both are whole, not negative, without leading zeros: offsets have 64 bits, Lua's
-- numbers only 53.
local function less (a, b)
  if #a ~= #b then return #a < #b end
  return a < b
end
