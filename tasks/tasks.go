// Package tasks holds the mise tasks that deploysite shares with the projects
// that use it, as text.
//
// mise reads the same file in three places: this repository includes the folder
// by its path, a project can include it from git, and "deploysite init" writes
// the text of [Block] into a project's own mise.toml:
//
//	[tasks.deploy-site]
//	description = "Build the site of the records into public/"
//	…
package tasks

import (
	_ "embed"
	"strings"
)

//go:embed deploysite.toml
var included string

// Block returns the tasks as they stand in a mise.toml. A file that is included
// holds nothing but tasks, so there their tables have no prefix.
func Block() string {
	return strings.ReplaceAll(included, "\n[", "\n[tasks.")
}
