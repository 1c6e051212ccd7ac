package publish

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/disk"
)

// kept is the size and time of each foreign entry when the new folder got a link to it.
// An entry that differs now was replaced since, in the former output or in the present
// one. The list is written beside the output before the first link is made, so that the
// run after a killed one has it as well.
type kept struct {
	Entries map[string]keptEntry   `json:"entries"`
	linked  map[string]fs.FileInfo // those that were linked; empty after a killed run
}

type keptEntry struct {
	Folder bool      `json:"folder,omitempty"`
	Size   int64     `json:"size,omitempty"`
	Time   time.Time `json:"time,omitzero"`
}

func entryOf(info fs.FileInfo) keptEntry {
	if info.IsDir() {
		return keptEntry{Folder: true}
	}
	return keptEntry{Size: info.Size(), Time: info.ModTime().UTC()}
}

// has reports whether an entry is as it was.
func (k *kept) has(p string, info fs.FileInfo) bool {
	if k == nil {
		return false
	}
	if was := k.linked[p]; was != nil && !was.IsDir() {
		return os.SameFile(was, info)
	}
	was, ok := k.Entries[p]
	return ok && was == entryOf(info)
}

// keptPrefix begins the names of the files that hold it.
func (o output) keptPrefix() string { return "." + o.name + ".deploysite-kept-" }

func (o output) keptFile(id string) string { return filepath.Join(o.parent, o.keptPrefix()+id) }

// swapID is the ID of the stage that a folder for the exchange belongs to.
func (o output) swapID(dir string) string {
	return strings.TrimSuffix(strings.TrimPrefix(filepath.Base(dir), o.swapPrefix()), formerSuffix)
}

// write notes the foreign entries of the old tree.
func (k *kept) write(file string, plan *plan) error {
	k.Entries = make(map[string]keptEntry, len(plan.foreign))
	for _, p := range plan.foreign {
		if info, err := plan.old.root.Lstat(p); err == nil { // else deleted just now
			k.Entries[p] = entryOf(info)
		}
	}
	data, err := json.Marshal(k)
	if err != nil {
		return err
	}
	return os.WriteFile(file, data, 0o600)
}

// readKept reads what a killed run noted, nil if it noted nothing.
func readKept(out output, id string) *kept {
	data, err := disk.ReadFile(out.keptFile(id), maxManifest)
	k := &kept{}
	if err != nil || json.Unmarshal(data, k) != nil {
		return nil
	}
	return k
}
