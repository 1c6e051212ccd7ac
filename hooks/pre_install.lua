local archives = require("archives")
local log = require("log")
local repository = require("repository")

--- Makes sure that there is such a version. Where its release has an archive for this
--- system, mise downloads it and compares the checksum; else the tag is built.
function PLUGIN:PreInstall(ctx)
	repository.find(ctx.version)
	local url, sum = archives.find(ctx.version)
	if not url then
		log.info(("deploysite %s is built from its tag: %s"):format(ctx.version, sum))
		return { version = ctx.version }
	end
	log.info(("deploysite %s comes from %s, SHA-256 %s"):format(ctx.version, url, sum))
	return { version = ctx.version, url = url, sha256 = sum }
end
