local repository = require("repository")
local versions = require("versions")

--- Lists the versions that can be installed, newest first.
function PLUGIN:Available(_)
	local available = {}
	for _, version in ipairs(versions.of_tags(repository.tags())) do
		table.insert(available, { version = version })
	end
	return available
end
