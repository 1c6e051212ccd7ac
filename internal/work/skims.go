package work

import (
	"io/fs"
	"reflect"
	"strings"
	"sync"

	"github.com/deploysite/deploysite/internal/disk"
	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/secrets"
	"github.com/deploysite/deploysite/internal/store"
)

// skims are the records that were only skimmed, as they are written: nobody has looked
// for secrets in them, so they must not be shown.
type skims struct {
	project *project.Project
	files   *secrets.Files

	mu      sync.Mutex
	skimmed map[*records.Record]bool
}

// skim is a [store.Known].
func (s *skims) skim(file string, _ fs.FileInfo, source []byte) *records.Record {
	if source != nil { // it was not enough to skim it
		return nil
	}
	f, err := s.files.FS.Open(file)
	if err != nil {
		return nil
	}
	defer f.Close()
	if source, err = disk.ReadOpen(f, records.MaxSize); err != nil {
		return nil
	}
	options := s.project.Options()
	options.Dir = s.project.Config.Records
	r := records.Skim(file, source, options)
	if r != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.skimmed[r] = true
	}
	return r
}

// replace puts the whole records, without secrets, in the places of the skimmed ones of a
// board. It is false if one of them is not as it seemed.
func (s *skims) replace(b *Board) bool {
	whole := map[*records.Record]*records.Record{}
	folder := store.Folder{FS: s.files, Dir: s.project.Config.Records, Options: s.project.Options()}
	for i := range b.Cells {
		standing := &b.Cells[i].Standing
		all := []**records.Record{&standing.Running, &standing.By, &standing.Latest, &standing.GoBackTo, &standing.UnderWay}
		for j := range b.Cells[i].Others {
			all = append(all, &b.Cells[i].Others[j])
		}
		for _, shown := range all {
			r := *shown
			if !s.skimmed[r] {
				continue
			}
			if whole[r] == nil {
				read, err := folder.Read(strings.TrimPrefix(r.File, folder.Dir+"/"))
				if err != nil || !sameStanding(r, read) {
					return false
				}
				whole[r] = read
			}
			*shown = whole[r]
		}
	}
	return true
}

// sameStanding reports whether two readings of a record tell the same of its targets.
func sameStanding(a, b *records.Record) bool {
	type told struct {
		services, environments  []string
		id, version, rollbackOf string
		status                  records.Status
		effect, started         int64
	}
	of := func(r *records.Record) told {
		return told{
			records.Values(r.Services), records.Values(r.Environments), r.ID, r.Version.Value, r.RollbackOf.Value,
			r.Status, insights.Effect(r).Time.UnixNano(), r.Started.Time.UnixNano(),
		}
	}
	return reflect.DeepEqual(of(a), of(b))
}
