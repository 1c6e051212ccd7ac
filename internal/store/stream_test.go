package store

import (
	"fmt"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/records"
)

// TestStream gives the records that Load does, in the same order, over several batches.
func TestStream(t *testing.T) {
	fsys := fstest.MapFS{"d/stray.md": {}}
	for day := range 3*atOnce + 1 {
		name := fmt.Sprintf("d/2026-%02d-%02d-10-00-deployment.md", 1+day/28, 1+day%28)
		fsys[name] = &fstest.MapFile{Data: []byte("# T\n")}
	}
	history, err := Load(t.Context(), fsys, "d", records.Options{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var ids, want []string
	var found []problem.Problem
	for r, err := range Stream(t.Context(), fsys, "d", NewestFirst, records.Options{}, func(p problem.Problem) { found = append(found, p) }) {
		if err != nil || r.Document.Root == nil {
			t.Fatal(r, err)
		}
		ids = append(ids, r.ID)
	}
	for _, r := range history.Records {
		want = append(want, r.ID)
	}
	if !slices.Equal(ids, want) || len(ids) != 3*atOnce+1 {
		t.Errorf("got  %v\nwant %v", ids, want)
	}
	if len(found) != 1 || found[0].Rule != problem.StrayFile {
		t.Errorf("reported %v", found)
	}
}
