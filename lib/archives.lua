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

-- checksum returns the line of a file in a list as sha256sum writes it.
local function checksum(list, name)
	for sum, file in list:gmatch("(%x+)  ([^\r\n]+)") do
		if file == name and #sum == 64 then
			return sum
		end
	end
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
	local answer, problem = http.get({ url = folder .. prefix .. "checksums.txt" })
	if problem then
		return nil, folder .. " cannot be asked for archives: " .. problem
	end
	if answer.status_code ~= 200 then
		return nil, "there are no checksums at " .. folder
	end
	local ending = RUNTIME.osType == "windows" and ".zip" or ".tar.gz"
	local name = prefix .. RUNTIME.osType .. "_" .. RUNTIME.archType .. ending
	local sum = checksum(answer.body, name)
	if not sum then
		return nil, folder .. " has no " .. name
	end
	return folder .. name, sum
end

return M
