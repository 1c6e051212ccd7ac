-- This repository is a tool plugin for mise: it installs the commands deploystart
-- and deploysite. docs/guide/mise.md tells how to use it.
PLUGIN = {
	name = "deploysite",
	version = "1.0.0", -- of the plugin; the tool's versions are the tags
	description = "Keeps a team's deployment history and makes a site of it",
	author = "The deploysite contributors",
	homepage = "https://github.com/deploysite/deploysite",
	license = "MIT",
	minRuntimeVersion = "0.3.0",
}
