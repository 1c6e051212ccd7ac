--- Running other programs.
local cmd = require("cmd")

local M = {}

--- Runs a command line as cmd.exec does. Returns true and what it printed, or
--- false and what it complained of.
function M.try(command, options)
	local ok, answer = pcall(cmd.exec, command, options or {}) -- of nil mise 2026.9 dies
	if ok then
		return true, answer
	end
	local message = tostring(answer):gsub("\nstack traceback:.*", "")
	local complaint = message:match("Command failed with status %a[^:]*: %d+[^:]*:%s*(.-)%s*$")
	return false, complaint and complaint ~= "" and complaint or message
end

return M
