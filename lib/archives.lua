--- The archives that a release has beside its tag, with the commands already built.
local http = require("http")
local repository = require("repository")

local M = {}

-- place returns the address below which releases lie, or nil where the clone comes
-- from no host that is known to have any.
local function place()
	local told = os.getenv("DEPLOYSITE_RELEASES")
	if told and told ~= "" then
		return told ~= "none" and told or nil
	end
	local found, origin = repository.git("remote get-url origin")
	local project = found and origin:match("^https://github%.com/([%w._-]+/[%w._-]-)/?%s*$")
	return project and "https://github.com/" .. project:gsub("%.git$", "") .. "/releases/download"
end

-- checksum returns that of a file in a list as sha256sum writes it, or nil and what is
-- wrong with the list.
local function checksum(list, name)
	local found
	for line in list:gmatch("[^\r\n]+") do
		local sum, file = line:match("^(%x+) [ *](.+)$")
		if file == name and #sum == 64 then
			sum = sum:lower() -- as mise writes the one that it compares
			if found and found ~= sum then
				return nil, "has two checksums for " .. name
			end
			found = sum
		end
	end
	return found, "has no " .. name
end

-- attempt calls a function as pcall does, which mise cannot wait in: what the function
-- hands out while it waits goes on to mise.
local function attempt(call, argument)
	local thread = coroutine.create(call)
	local ok, first, second = coroutine.resume(thread, argument)
	while ok and coroutine.status(thread) ~= "dead" do
		ok, first, second = coroutine.resume(thread, coroutine.yield(first))
	end
	return ok, first, second
end

--- Finds the archive of a version for this system. Returns its address and its
--- SHA-256, or nil and why there is none.
function M.find(version)
	local base = place()
	if not base then
		return nil, "its repository is on no host with archives"
	end
	local folder = base .. "/v" .. version .. "/"
	local prefix = "deploysite_" .. version .. "_"
	local asked, answer, problem = attempt(http.get, { url = folder .. prefix .. "checksums.txt" })
	if not asked or problem then
		local reason = tostring(problem or answer):gsub("\nstack traceback:.*", "")
		return nil, folder .. " cannot be asked for archives: " .. reason
	end
	if answer.status_code ~= 200 then
		return nil, "there are no checksums at " .. folder
	end
	local ending = RUNTIME.osType == "windows" and ".zip" or ".tar.gz"
	local name = prefix .. RUNTIME.osType .. "_" .. RUNTIME.archType .. ending
	local sum, wrong = checksum(answer.body, name)
	if not sum then
		return nil, folder .. " " .. wrong
	end
	return folder .. name, sum
end

return M
