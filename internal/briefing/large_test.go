package briefing

import (
	"runtime"
	"strings"
	"testing"

	"github.com/deploysite/deploysite/internal/records"
)

// Of large records no tree is kept, not more than so many bytes are read, and that is
// said. What only the tree tells is known nevertheless.
func TestLargeRecordsAreLetGo(t *testing.T) {
	files := map[string]string{}
	body := "\n- ❌ **Smoke tests**: 502\n  - see `app/limits.yaml`\n\n" + strings.Repeat("[", records.MaxSize-500)
	for _, day := range []string{"01", "02", "03", "04", "05", "06"} {
		files["2024-08-"+day+".md"] = front("service: scores\nstatus: failed") + body
	}
	before := heap()
	p := history(t, files)
	b := p.Brief(Start{Services: []string{"scores"}, Now: start2024}, records.Options{})
	if grown := heap() - before; grown > 64<<20 {
		t.Errorf("%d MiB are kept", grown>>20)
	}
	if got, want := b.LookedAt(), "Looked at the newest 4 of 6 records: all of them are more than 16 MiB."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if b.Last == nil || b.Last.ID != "2024-08-06" || b.Last.Document.Root != nil {
		t.Errorf("the last one is %v", b.Last)
	}
	runtime.KeepAlive(p)
}

func TestTreesAreLetGoAfterTheyTold(t *testing.T) {
	p := history(t, map[string]string{
		"2024-08-01.md": front("service: scores\nstatus: failed") + "\n- ❌ **Smoke tests**\n  - raised `app/limits.yaml`\n" + "\n" + strings.Repeat("word\n\n", large/6),
		"2024-08-02.md": front("service: scores\nstatus: failed") + "\n- ❌ **Smoke tests**\n  - again `lib/other.yaml`\n",
	})
	b := p.Brief(Start{Services: []string{"scores"}, Now: start2024}, records.Options{})
	if found := suspects([]string{"app/limits.yaml", "lib/other.yaml"}, b.ours); len(found) != 2 {
		t.Errorf("found %v", found)
	}
	for _, r := range b.ours {
		if r.Document.Root != nil || r.Source != nil {
			t.Errorf("%s keeps its tree", r.ID)
		}
	}
}

// heap is how many bytes are reachable.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
