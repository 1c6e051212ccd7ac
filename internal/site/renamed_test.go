package site

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/tools/txtar"
)

// TestTrailOfRenamedRecords: the trail of a record goes on under the names and in the folders that
// it had, and so do the changes after its end. What merely looks like one is another record.
func TestTrailOfRenamedRecords(t *testing.T) {
	const folder, ended = "deployments/checklists/", "---\nenvironment: production\nstatus: succeeded\n---\n# Shop\n\n- [x] Back up the database\n- [x] Migrate\n- [x] Look\n"
	move := func(root, from, to string) { gitIn(t, root, "mv", from, to) }
	for name, test := range map[string]struct {
		change           func(root string)
		commits, changes int
		gap              gap
	}{
		"in its folder": {func(root string) {
			move(root, folder+"2024-08-31-old.md", folder+"2024-08-31.md")
			gitIn(t, root, "commit", "-qm", "rename")
		}, 3, 1, noGap},
		"to a folder of its year": {func(root string) {
			_ = os.Mkdir(filepath.Join(root, folder, "2024"), 0o777)
			move(root, folder+"2024-08-31-old.md", folder+"2024/2024-08-31.md")
			gitIn(t, root, "commit", "-qm", "rename")
		}, 3, 1, noGap},
		"staged": {func(root string) { move(root, folder+"2024-08-31-old.md", folder+"2024-08-31.md") }, 2, 1, noGap},
		"from another folder": {func(root string) {
			_ = os.Mkdir(filepath.Join(root, "old"), 0o777)
			move(root, folder+"2024-08-31-old.md", "old/2024-08-31.md")
			gitIn(t, root, "commit", "-qm", "away")
			move(root, "old/2024-08-31.md", folder+"2024-08-31.md")
			gitIn(t, root, "commit", "-qm", "back")
		}, 4, 1, noGap},
		"a copy": {func(root string) {
			writeFile(t, filepath.Join(root, folder, "2024-08-31.md"), ended)
			gitIn(t, root, "add", ".")
			gitIn(t, root, "commit", "-qm", "copy")
		}, 1, 0, noGap},
		"another record in its place": {func(root string) {
			writeFile(t, filepath.Join(root, folder, "2024-08-31.md"), "# Quite another one\n\nNothing of it is the same.\n\nEnvironment: production\n")
			gitIn(t, root, "rm", "-q", folder+"2024-08-31-old.md")
			gitIn(t, root, "add", ".")
			gitIn(t, root, "commit", "-qm", "another")
		}, 1, 0, noGap},
		"not staged": {func(root string) {
			_ = os.Rename(filepath.Join(root, folder, "2024-08-31-old.md"), filepath.Join(root, folder, "2024-08-31.md"))
		}, 0, 0, uncommitted},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
			t.Setenv("GIT_CONFIG_NOSYSTEM", "1")
			root := write(t, []txtar.File{{Name: folder + "2024-08-31-old.md", Data: []byte(ended)}})
			gitIn(t, root, "init", "-q")
			gitIn(t, root, "add", ".")
			gitIn(t, root, "commit", "-qm", "start")
			writeFile(t, filepath.Join(root, folder, "2024-08-31-old.md"), ended+"- [x] Tell\n")
			gitIn(t, root, "commit", "-qam", "more")
			test.change(root)
			s, _ := load(t, root)
			report, err := s.Audit(t.Context(), AuditOptions{Sample: 9})
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range s.Entries {
				if filepath.Base(e.File) != "2024-08-31.md" {
					continue
				}
				if len(e.Commits) != test.commits || e.gap != test.gap {
					t.Errorf("%d commits, gap %q; want %d, %q", len(e.Commits), e.gap, test.commits, test.gap)
				}
				for _, it := range report.Sample {
					if it.ID == e.ID && len(it.Changes) != test.changes {
						t.Errorf("changes after the end: %v, want %d", it.Changes, test.changes)
					}
				}
			}
		})
	}
}

func writeFile(t *testing.T, name, content string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(content), 0o666); err != nil {
		t.Fatal(err)
	}
}
