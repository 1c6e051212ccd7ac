package git

import (
	"maps"
	"os"
	"path/filepath"
	"testing"
)

func TestUncommitted(t *testing.T) {
	isolate(t)
	top := newRepo(t).Top
	run(t, top, "config", "status.renames", "copies")
	run(t, top, "config", "status.showUntrackedFiles", "no")
	dir := filepath.Join(top, "web shop") // names are relative to it
	names := []string{"same", "edited", "staged", "staged, then edited", "assumed", "assumed and edited", "skipped and edited", "skipped and gone", "renamed"}
	for _, name := range names {
		save(t, dir, "records/"+name+".md", "# "+name+"\n")
	}
	save(t, dir, "code.go", "1\n")
	commit(t, top, "first")
	flag := func(flag string, names ...string) {
		for _, name := range names {
			run(t, dir, "update-index", flag, "records/"+name+".md")
		}
	}
	edit := func(names ...string) {
		for _, name := range names {
			save(t, dir, "records/"+name+".md", "# later\n- [x] a\n")
		}
	}
	edit("staged", "staged, then edited")
	run(t, dir, "mv", "records/renamed.md", "records/ü new name.md")
	run(t, dir, "add", "records")
	save(t, dir, "records/staged, then edited.md", "# again\n")
	flag("--assume-unchanged", "assumed", "assumed and edited")
	flag("--skip-worktree", "skipped and edited", "skipped and gone")
	edit("edited", "assumed and edited", "skipped and edited")
	if err := os.Remove(filepath.Join(dir, "records", "skipped and gone.md")); err != nil {
		t.Fatal(err)
	}
	save(t, dir, "records/untracked.md", "")
	save(t, dir, "records/hidden/ignored.md", "")
	save(t, top, ".gitignore", "hidden/\n")
	save(t, dir, "code.go", "2\n") // no record

	below, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	got, err := below.Uncommitted(t.Context(), "records")
	want := map[string]bool{
		"records/edited.md": false, "records/staged.md": true, "records/staged, then edited.md": false,
		"records/assumed and edited.md": false, "records/skipped and edited.md": false,
		"records/untracked.md": false, "records/hidden/ignored.md": false,
		"records/renamed.md": true, "records/ü new name.md": true,
	}
	if err != nil || !maps.Equal(got, want) {
		t.Errorf("got %v, %v\nwant %v", got, err, want)
	}
}

func TestUncommittedBeforeTheFirstCommit(t *testing.T) {
	isolate(t)
	repo := newRepo(t)
	save(t, repo.Top, "records/a.md", "a\n")
	save(t, repo.Top, "records/b.md", "b\n")
	run(t, repo.Top, "add", "records/a.md")
	run(t, repo.Top, "update-index", "--assume-unchanged", "records/a.md")
	got, err := repo.Uncommitted(t.Context(), "records")
	if err != nil || !maps.Equal(got, map[string]bool{"records/a.md": false, "records/b.md": false}) {
		t.Errorf("got %v, %v", got, err)
	}
}
