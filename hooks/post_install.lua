local file = require("file")
local repository = require("repository")
local source = require("source")
local toolchain = require("toolchain")

--- Builds the version from the files of its tag, and from nothing else: what else
--- is in the clone may be newer, or changed. Out of an archive nothing is left to do.
function PLUGIN:PostInstall(ctx)
	if file.exists(file.join_path(ctx.rootPath, "bin")) then
		return
	end
	local release = repository.find(ctx.runtimeVersion)
	source.unpack(release, ctx.rootPath)
	toolchain.build(release, ctx.rootPath)
	source.install_manual(ctx.rootPath)
	source.remove(ctx.rootPath)
end
