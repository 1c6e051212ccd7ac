package site

import (
	"os"
	"runtime/debug"

	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/store"
)

// LimitMemory makes Go collect garbage less often, up to a limit of memory. A build
// makes twenty times as much garbage as it keeps; collecting it at every doubling, as
// Go does by itself, takes as long as everything else together. The limit is twice
// what a history of this length needs, and less for a very long one.
func LimitMemory(p *project.Project) {
	const base, long = 128 << 20, 20_000
	each := 28 << 10
	if p.Config.Search.Enabled {
		each += 8 << 10
	}
	files := 0
	for _, src := range p.Sources() {
		names, _ := store.Folder{FS: os.DirFS(src.RecordsDir()), Dir: "."}.Names() // where it cannot be read, Load says so
		files += len(names)
	}
	debug.SetGCPercent(400)
	debug.SetMemoryLimit(base + int64(min(files, long)*each) + int64(max(files-long, 0)*each*5/6))
}
