local repository = require("repository")

--- Makes sure that there is such a version. Nothing is downloaded here: what gets
--- built is in this clone.
function PLUGIN:PreInstall(ctx)
	repository.find(ctx.version)
	return { version = ctx.version }
end
