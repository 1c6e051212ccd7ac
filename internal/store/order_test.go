package store

import (
	"slices"
	"testing"
	"testing/fstest"
)

func TestNamesAreNewestFirst(t *testing.T) {
	want := []string{"deploy-2024-09-01.md", "20240831_1500.md", "2024-08-31-14-30-10-deployment.md", "2024-08-31-14-30-2-deployment.md", "2024-08-31-14-30-deployment.md",
		"2024-02-30-10-00-deployment.md", "2024/2024-01-02.md", "31-12-2023.md"}
	files := fstest.MapFS{}
	for _, name := range want {
		files["records/"+name] = &fstest.MapFile{}
	}
	if got, err := (Folder{FS: files, Dir: "records"}).Names(); err != nil || !slices.Equal(got, want) {
		t.Errorf("got %q, %v", got, err)
	}
}
