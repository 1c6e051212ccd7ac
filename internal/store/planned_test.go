package store

import (
	"testing"
	"testing/fstest"
	"time"
)

// A record that is planned for next week does not take the marks of today's.
func TestPlannedIsNotCurrent(t *testing.T) {
	record := func(start string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("---\ndate: " + start + "\nstatus: in-progress\ndeployer: Ada Park\n---\n")}
	}
	f := Folder{FS: fstest.MapFS{
		"d/2024-08-31-14-30-deployment.md": record("2024-08-31T14:30:00Z"),
		"d/2024-09-07-14-30-deployment.md": record("2024-09-07T14:30:00Z"),
	}, Dir: "d", Now: time.Date(2024, 8, 31, 15, 0, 0, 0, time.UTC)}
	same := func(name string) string { return name }
	choice, err := f.Current("Ada Park", same)
	if err != nil || choice.Record == nil || choice.Record.ID != "2024-08-31-14-30" {
		t.Errorf("%+v, %v", choice, err)
	}
	f.Now = f.Now.AddDate(0, 0, 7)
	if choice, err := f.Current("Ada Park", same); err != nil || choice.Record == nil || choice.Record.ID != "2024-09-07-14-30" {
		t.Errorf("a week later: %+v, %v", choice, err)
	}
}
