package adopt

import (
	_ "embed"
	"path"
	"path/filepath"
	"strings"
)

//go:embed starters/deployment-process.md
var process string

// starterProcess is the process document, with a link to the checklist.
func starterProcess(at, template string) string {
	target, err := filepath.Rel(filepath.FromSlash(path.Dir(at)), filepath.FromSlash(template))
	if err != nil {
		target = path.Base(template)
	}
	return strings.ReplaceAll(process, "[[.Template]]", linkTarget(filepath.ToSlash(target)))
}
