--- The Go that builds the commands: the one on PATH if it will do, else one that
--- mise installs.
local cmd = require("cmd")
local file = require("file")
local shell = require("shell")

local M = {}

local VERSION_PACKAGE = "github.com/deploysite/deploysite/internal/version"

-- environment returns the variables that a build needs. What the user set for
-- builds of their own is taken back; an empty variable is Go's default.
local function environment()
	return {
		CGO_ENABLED = "0",
		GOARCH = "",
		GOFLAGS = "",
		GOOS = "",
		GOROOT = "", -- of another Go, as mise sets it for a project
		GOTOOLCHAIN = "local",
		GOWORK = "off",
	}
end

-- wanted returns the Go that a go.mod asks for, such as 1.26.
local function wanted(src)
	return file.read(file.join_path(src, "go.mod")):match("\ngo (%d+%.%d+)") or "latest"
end

-- with_mise returns the folder of the Go that mise has, or installs; else what
-- it complains of. It is asked in the folder of the installation, where it reads
-- no project's settings.
local function with_mise(version, root)
	local tool = "go@" .. version
	local known, answer = shell.try("mise where " .. tool, { cwd = root })
	if not known then
		known, answer = shell.try("mise install " .. tool, { cwd = root })
		if known then
			known, answer = shell.try("mise where " .. tool, { cwd = root })
		end
	end
	return known, answer:gsub("%s+$", "")
end

-- find returns an environment with a Go that is new enough for go.mod.
local function find(release, root)
	local src = file.join_path(root, "src")
	local env = environment()
	local fits, problem = shell.try("go list -m", { cwd = src, env = env })
	if fits then
		return env
	end
	local version = wanted(src)
	local got, answer = with_mise(version, root)
	if got then
		local separator = RUNTIME.osType == "windows" and ";" or ":"
		env.PATH = file.join_path(answer, "bin") .. separator .. os.getenv("PATH")
		got, answer = shell.try("go list -m", { cwd = src, env = env })
	end
	if got then
		return env
	end
	local message = "deploysite: building version %s takes Go %s or newer. With the one on PATH:\n%s\n\n"
		.. "With mise:\n%s\n\nInstall Go from https://go.dev/dl/ and try again.\n"
	error(message:format(release.version, version, problem, answer), 0)
end

--- Builds the commands of a release into bin.
function M.build(release, root)
	local set = "-X " .. VERSION_PACKAGE .. "."
	local flags = table.concat({
		"-s -w",
		set .. "number=" .. release.version,
		set .. "commit=" .. release.commit,
		set .. "date=" .. release.date,
	}, " ")
	local command = ('go build -trimpath -buildvcs=false -ldflags "%s" -o ../bin/ ./cmd/...'):format(flags)
	cmd.exec(command, { cwd = file.join_path(root, "src"), env = find(release, root) })
end

return M
