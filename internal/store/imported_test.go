package store

import (
	"testing"
	"testing/fstest"
	"time"

	"github.com/deploysite/deploysite/internal/records"
)

const importedText = "date: 2024-08-31\nimported_from: LOG.md\nimported_id: text-1\n---\n\n## 2024-08-31\n\n- Status: Live on all nodes\n- End Time: in the afternoon\n"

func TestNobodyWorksOnWhatWasImported(t *testing.T) {
	fsys := fstest.MapFS{
		"r/2024-09-01-deployment.md":       {Data: []byte("---\n" + importedText)},
		"r/2024-08-31-14-30-deployment.md": {Data: []byte("---\ndate: 2024-08-31T14:30:00Z\nstatus: in-progress\n---\n")},
	}
	got, err := Folder{FS: fsys, Dir: "r"}.Current("", func(s string) string { return s })
	if err != nil || got.Record == nil || got.Record.ID != "2024-08-31-14-30" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestDayFileName(t *testing.T) {
	day := time.Date(2024, 8, 31, 0, 0, 0, 0, time.UTC)
	for n, want := range map[int]string{1: "2024-08-31-deployment.md", 2: "2024-08-31-2-deployment.md", 14: "2024-08-31-14-deployment.md"} {
		name := DayFileName(day, n)
		_, started, ok := records.ParsePath(name)
		if name != want || !ok || !started.DateOnly || !started.Time.Equal(day) {
			t.Errorf("%d: %s is read as %v, %v", n, name, started, ok)
		}
	}
}
