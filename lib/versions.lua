--- Versions as https://semver.org has them. The module semver of mise knows
--- numbers only, and puts 1.0.0-rc.1 above 1.0.0.
local M = {}

--- The version of a tag; nil where the tag is none. What comes out is safe in a
--- command line.
function M.of_tag(tag)
	return tag:match("^v(%d+%.%d+%.%d+)$") or tag:match("^v(%d+%.%d+%.%d+[-+][%w.+-]+)$")
end

-- split returns the identifiers of a part of a version.
local function split(part)
	local identifiers = {}
	for identifier in part:gmatch("[^.]+") do
		table.insert(identifiers, identifier)
	end
	return identifiers
end

-- Numbers are compared as numbers, and are below words.
local function compare_identifiers(a, b)
	local m, n = tonumber(a), tonumber(b)
	if m and n then
		return m - n
	end
	if m or n then
		return m and -1 or 1
	end
	return a == b and 0 or a < b and -1 or 1
end

-- The first difference counts; where there is none, the shorter list is below.
local function compare_lists(a, b)
	for i = 1, math.min(#a, #b) do
		local order = compare_identifiers(a[i], b[i])
		if order ~= 0 then
			return order
		end
	end
	return #a - #b
end

--- Compares two versions: below zero where the first is older. Behind a plus is
--- what does not count.
function M.compare(a, b)
	local a_numbers, a_pre = a:match("^([%d.]+)-?([^+]*)")
	local b_numbers, b_pre = b:match("^([%d.]+)-?([^+]*)")
	local order = compare_lists(split(a_numbers), split(b_numbers))
	if order ~= 0 or a_pre == b_pre then
		return order
	end
	if a_pre == "" or b_pre == "" then
		return a_pre == "" and 1 or -1
	end
	return compare_lists(split(a_pre), split(b_pre))
end

--- The versions among some tags, newest first.
function M.of_tags(tags)
	local found = {}
	for _, tag in ipairs(tags) do
		table.insert(found, M.of_tag(tag)) -- of nil nothing is inserted
	end
	table.sort(found, function(a, b)
		local order = M.compare(a, b)
		return order > 0 or order == 0 and a > b
	end)
	return found
end

return M
