--- A version's files, while they are built: the folder src in the folder of the
--- installation.
local archiver = require("archiver")
local cmd = require("cmd")
local file = require("file")
local repository = require("repository")

local M = {}

--- Unpacks the files of a release.
function M.unpack(release, root)
	local packed, problem = repository.git("archive --format=zip --output=src.zip " .. release.commit, { cwd = root })
	if not packed then
		error("deploysite: cannot unpack version " .. release.version .. ": " .. problem, 0)
	end
	archiver.decompress(file.join_path(root, "src.zip"), file.join_path(root, "src"))
	-- A go that is a shim of mise would read it, and ask whether it is trusted.
	os.remove(file.join_path(root, "src", ".mise.toml"))
end

--- Installs the manual pages, of which older versions have none.
function M.install_manual(root)
	if RUNTIME.osType == "windows" or not file.exists(file.join_path(root, "src", "docs", "man")) then
		return
	end
	cmd.exec("mkdir -p share/man/man1 && cp src/docs/man/*.1 share/man/man1/", { cwd = root })
end

--- Removes the files again.
function M.remove(root)
	local remove = RUNTIME.osType == "windows" and "rmdir /s /q src" or "rm -rf src"
	cmd.exec(remove, { cwd = root })
	os.remove(file.join_path(root, "src.zip"))
end

return M
