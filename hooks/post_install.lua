local file = require("file")
local repository = require("repository")
local shell = require("shell")
local source = require("source")
local toolchain = require("toolchain")

--- Builds the version from the files of its tag, and from nothing else: what else
--- is in the clone may be newer, or changed. Out of an archive nothing is left to do.
function PLUGIN:PostInstall(ctx)
	if file.exists(file.join_path(ctx.rootPath, "bin")) then
		return
	end
	local list = RUNTIME.osType == "windows" and "dir /b" or "echo *" -- "*" where there is nothing
	local listed, names = shell.try(list, { cwd = ctx.rootPath })
	if listed and names:find("[^*%s]") then
		local message = "deploysite: the archive of version %s has no folder bin, so it is none of deploysite's. "
			.. "With DEPLOYSITE_RELEASES=none the version is built from its tag"
		error(message:format(ctx.runtimeVersion), 0)
	end
	local release = repository.find(ctx.runtimeVersion)
	source.unpack(release, ctx.rootPath)
	toolchain.build(release, ctx.rootPath)
	source.install_manual(ctx.rootPath)
	source.remove(ctx.rootPath)
end
