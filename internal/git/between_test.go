package git

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var committer = []string{"-c", "user.name=Ada Park", "-c", "user.email=ada@example.org"}

// told is the changes without the hashes: "subject: file, file".
func told(entries []LogEntry) (lines []string) {
	for _, e := range entries {
		lines = append(lines, strings.TrimSuffix(e.Subject+": "+strings.Join(e.Files, ", "), ": "))
	}
	return lines
}

func head(t *testing.T, repo *Repo) string {
	t.Helper()
	hash, err := repo.Head(t.Context())
	if err != nil || hash == "" {
		t.Fatalf("head %q, %v", hash, err)
	}
	return hash
}

func between(t *testing.T, repo *Repo, from, to string) Changes {
	t.Helper()
	changes, err := repo.Between(t.Context(), from, to, 100, "deployments/checklists")
	if err != nil {
		t.Fatal(err)
	}
	return changes
}

func TestBetween(t *testing.T) {
	isolate(t)
	repo := newRepo(t)
	save(t, repo.Top, "a.txt", "1\n")
	commit(t, repo.Top, "first")
	first := head(t, repo)
	save(t, repo.Top, "a.txt", "2\n")
	save(t, repo.Top, "\x01>odd ö\n.txt", "2\n")
	commit(t, repo.Top, "second \x01>\t<b>\n\nwith a body")
	run(t, repo.Top, append(committer, "commit", "-q", "--allow-empty", "-m", "no file at all")...)
	save(t, repo.Top, "deployments/checklists/2024-08-31-14-30-deployment.md", "# T\n")
	commit(t, repo.Top, "docs: deployment record")
	save(t, repo.Top, "deployments/checklists/2024-08-31-14-30-deployment.md", "# T\n\n")
	run(t, repo.Top, "mv", "a.txt", "b.txt")
	commit(t, repo.Top, "both")

	got := between(t, repo, first, head(t, repo))
	want := []string{"both: a.txt, b.txt", "second \x01>\t<b>: \x01>odd ö\n.txt, a.txt"}
	if diff := cmp.Diff(want, told(got.Added)); diff != "" || len(got.Missing) > 0 || got.More || got.Shallow {
		t.Errorf("(-want +got)\n%s%+v", diff, got)
	}
	if got := between(t, repo, first, first); len(got.Added)+len(got.Missing) > 0 {
		t.Errorf("a commit differs from itself: %+v", got)
	}
	short, err := repo.Between(t.Context(), strings.ToUpper(first[:10]), head(t, repo), 1, "")
	if err != nil || len(short.Added) != 1 || !short.More {
		t.Errorf("with a limit of one: %+v, %v", short, err)
	}
}

// What was deployed from another branch, or before a rebase, is missing now.
func TestBetweenBranches(t *testing.T) {
	isolate(t)
	repo := newRepo(t)
	save(t, repo.Top, "a.txt", "1\n")
	commit(t, repo.Top, "first")
	run(t, repo.Top, "checkout", "-q", "-b", "hotfix")
	save(t, repo.Top, "fix.txt", "1\n")
	commit(t, repo.Top, "hotfix")
	hotfix := head(t, repo)
	run(t, repo.Top, "checkout", "-q", "main")
	save(t, repo.Top, "b.txt", "1\n")
	commit(t, repo.Top, "feature")

	got := between(t, repo, hotfix, head(t, repo))
	if diff := cmp.Diff([]string{"feature: b.txt"}, told(got.Added)); diff != "" {
		t.Errorf("added (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{"hotfix: fix.txt"}, told(got.Missing)); diff != "" {
		t.Errorf("missing (-want +got)\n%s", diff)
	}
	run(t, repo.Top, append(committer, "merge", "-q", "--no-ff", "-m", "Merge the hotfix", "hotfix")...)
	got = between(t, repo, hotfix, head(t, repo))
	if diff := cmp.Diff([]string{"feature: b.txt"}, told(got.Added)); diff != "" || len(got.Missing) > 0 {
		t.Errorf("after the merge (-want +got)\n%s%v", diff, told(got.Missing))
	}
}

// A record may name any commit, and the caller any folder.
func TestBetweenWithWhatNobodyKnows(t *testing.T) {
	isolate(t)
	repo := newRepo(t)
	save(t, repo.Top, "a.txt", "1\n")
	commit(t, repo.Top, "first")
	for _, hash := range []string{
		"", "HEAD", "v1.4.2", "--output=stolen", "-1", "abc", "0123456789abcdef0123456789abcdef01234567",
		"main", "HEAD..HEAD", "0123456 --all", "0123456\n", strings.Repeat("a", 65),
	} {
		if _, err := repo.Between(t.Context(), hash, head(t, repo), 10, ""); !errors.Is(err, ErrUnknownCommit) {
			t.Errorf("from %q: %v", hash, err)
		}
		if _, err := repo.Between(t.Context(), head(t, repo), hash, 10, ""); !errors.Is(err, ErrUnknownCommit) {
			t.Errorf("to %q: %v", hash, err)
		}
	}
	if _, err := os.Stat(filepath.Join(repo.Top, "stolen")); err == nil {
		t.Error("git took a hash for an option")
	}
	first := head(t, repo)
	save(t, repo.Top, "[a]*/x.txt", "1\n")
	save(t, repo.Top, "a/x.txt", "1\n")
	commit(t, repo.Top, "second")
	got, err := repo.Between(t.Context(), first, head(t, repo), 10, "[a]*")
	if diff := cmp.Diff([]string{"second: a/x.txt"}, told(got.Added)); err != nil || diff != "" {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
}

func TestBetweenFromAFolderBelow(t *testing.T) {
	isolate(t)
	repo := newRepo(t)
	save(t, repo.Top, "a.txt", "1\n")
	commit(t, repo.Top, "first")
	first := head(t, repo)
	save(t, repo.Top, "team/records/r.md", "1\n")
	save(t, repo.Top, "records/r.md", "1\n")
	commit(t, repo.Top, "second")
	below, err := Open(filepath.Join(repo.Top, "team"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := below.Between(t.Context(), first, head(t, repo), 10, "records")
	if diff := cmp.Diff([]string{"second: records/r.md"}, told(got.Added)); err != nil || diff != "" {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
}

func TestBetweenInAShallowClone(t *testing.T) {
	isolate(t)
	repo := newRepo(t)
	var hashes []string
	for i := range 5 {
		save(t, repo.Top, "a.txt", fmt.Sprint(i))
		commit(t, repo.Top, fmt.Sprint("number ", i))
		hashes = append(hashes, head(t, repo))
	}
	dir := filepath.Join(t.TempDir(), "clone")
	run(t, repo.Top, "clone", "-q", "--depth=3", "file://"+filepath.ToSlash(repo.Top), dir)
	clone, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	got := between(t, clone, hashes[2], hashes[4])
	if diff := cmp.Diff([]string{"number 4: a.txt", "number 3: a.txt"}, told(got.Added)); diff != "" || got.Shallow {
		t.Errorf("within the clone (-want +got)\n%s%+v", diff, got)
	}
	if _, err := clone.Between(t.Context(), hashes[1], hashes[4], 10, ""); !errors.Is(err, ErrUnknownCommit) {
		t.Errorf("beyond the clone: %v", err)
	}
}
