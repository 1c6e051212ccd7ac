--- The git clone that the plugin lies in, with all versions of the tool.
local file = require("file")
local log = require("log")
local shell = require("shell")
local versions = require("versions")

local M = {}

-- How long a server may take to list its tags, in seconds; mise itself gives up
-- after 20.
local PATIENCE = 15

--- Runs git on the clone, as shell.try does. No path gets into the command line, where it would have
--- to be quoted for each system's shell: the clone is told by GIT_DIR, and files
--- by names below cwd. GIT_DIR also keeps out what a git hook may have set.
function M.git(arguments, options)
	options = options or {}
	options.env = {
		GIT_DIR = file.join_path(RUNTIME.pluginDirPath, ".git"),
		GIT_TERMINAL_PROMPT = "0", -- nobody could see the question
		LC_ALL = "C", -- its complaints are read below
	}
	return shell.try("git " .. arguments, options)
end

-- explain raises an error, or a better one where git itself is missing.
local function explain(message)
	if not shell.try("git --version") then
		message = "git is not on PATH, and the versions of deploysite are in its clone; install git"
	end
	error("deploysite: " .. message, 0)
end

-- lines returns the parts of a text that match, one a line.
local function lines(text, pattern)
	local found = {}
	for line in text:gmatch("[^\r\n]+") do
		table.insert(found, line:match(pattern))
	end
	return found
end

--- The tags that there are: those of the clone, which may be one that somebody
--- works in and has linked, and those of the server.
function M.tags()
	local read, known = M.git("tag --list")
	if not read then
		explain("cannot read the tags of " .. RUNTIME.pluginDirPath .. ": " .. known)
	end
	local tags = lines(known, "^(.+)$")
	local reached, answer = M.git("ls-remote --tags --refs origin", { timeout = PATIENCE })
	if not reached then
		log.warn("deploysite: cannot ask for new versions; these are the ones known here")
		return tags
	end
	local here = {}
	for _, tag in ipairs(tags) do
		here[tag] = true
	end
	for _, tag in ipairs(lines(answer, "refs/tags/(.+)$")) do
		if not here[tag] then
			table.insert(tags, tag)
		end
	end
	return tags
end

-- read returns the release that the clone has, or nil.
local function read(version)
	local found, answer = M.git("-c log.showSignature=false log -1 --format=%H,%ct refs/tags/v" .. version)
	if not found then
		return nil
	end
	local commit, seconds = answer:match("(%x+),(%d+)")
	return {
		version = version,
		commit = commit,
		date = os.date("!%Y-%m-%dT%H:%M:%SZ", tonumber(seconds)),
	}
end

--- Finds a version's tag, here or on the server, and returns
--- { version, commit, date }.
function M.find(version)
	if versions.of_tag("v" .. version) == nil then
		explain(("%q is no version; mise ls-remote deploysite lists them"):format(version))
	end
	local release = read(version)
	if release then
		return release
	end
	local tag = "refs/tags/v" .. version
	local fetched, problem = M.git(("fetch --quiet --no-tags origin %s:%s"):format(tag, tag))
	release = read(version)
	if release then
		return release
	end
	if fetched or problem:find("find remote ref", 1, true) then
		explain(("there is no version %s; mise ls-remote deploysite lists them"):format(version))
	end
	explain(("this clone has no tag v%s, and it cannot be fetched: %s"):format(version, problem))
end

return M
