local file = require("file")

--- Says where the commands and their manual pages are.
function PLUGIN:EnvKeys(ctx)
	local keys = { { key = "PATH", value = file.join_path(ctx.path, "bin") } }
	local manual = file.join_path(ctx.path, "share", "man")
	if file.exists(manual) then
		-- The empty entry behind the colon is the default path.
		table.insert(keys, { key = "MANPATH", value = manual .. ":" })
	end
	return keys
end
