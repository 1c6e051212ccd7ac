package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/deploysite/deploysite/internal/disk"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/publish"
	"github.com/deploysite/deploysite/internal/site"
)

// A built is what a build leaves for the next one, in the user's cache: where nothing has
// changed since, that need not read anything. It may be deleted at any time, and is not
// trusted: see [site.Mark] and [publish.Still].
type built struct {
	Mark   site.Mark     `json:"mark"`
	Output publish.Known `json:"output"`
	Result buildResult   `json:"result"`
}

// maxBuilt is more than such a file has, in bytes.
const maxBuilt = 256 << 20

// builtFile is the file for the site of a project in a folder.
func builtFile(p *project.Project, target string) (string, error) {
	cache, err := disk.CacheDir("builds")
	return filepath.Join(cache, fmt.Sprintf("%.32x", sha256.Sum256([]byte(p.Root+"\x00"+target)))), err
}

// remember returns the result of the last build, if this one would come to the same.
func remember(ctx context.Context, p *project.Project, target string, with site.Options) (r buildResult, ok bool) {
	var last built
	if !last.read(p, target) {
		return r, false
	}
	mark, err := site.MarkOf(ctx, p, with)
	if err != nil || !last.Mark.Holds(ctx, p, mark) {
		return r, false
	}
	still, err := publish.Still(target, publishing(p), last.Output)
	if err != nil {
		return r, false
	}
	r = last.Result
	r.Kept, r.Written, r.Unchanged, r.Removed, r.Published = still.Foreign, 0, r.Files, 0, publish.Nothing
	if still != last.Output {
		last.Output = still
		last.keep(p, target)
	}
	return r, true
}

// read reads the file: a hash of what follows, so that damage shows, and JSON.
func (b *built) read(p *project.Project, target string) bool {
	file, err := builtFile(p, target)
	if err != nil {
		return false
	}
	data, err := disk.ReadFile(file, maxBuilt)
	sum, rest, _ := bytes.Cut(data, []byte("\n"))
	return err == nil && string(sum) == fmt.Sprintf("%x", sha256.Sum256(rest)) && json.Unmarshal(rest, b) == nil
}

// keep writes the file. Where it cannot, the next build reads everything.
func (b built) keep(p *project.Project, target string) {
	file, err := builtFile(p, target)
	data, wrong := json.Marshal(b)
	if err != nil || wrong != nil || os.MkdirAll(filepath.Dir(file), 0o700) != nil {
		return
	}
	temp, err := os.CreateTemp(filepath.Dir(file), "new-*")
	if err != nil {
		return
	}
	_, err = fmt.Fprintf(temp, "%x\n%s", sha256.Sum256(data), data)
	if closed := temp.Close(); err != nil || closed != nil || os.Rename(temp.Name(), file) != nil {
		os.Remove(temp.Name())
	}
}
