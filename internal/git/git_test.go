package git

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestOpenTellsWhyThereIsNoRepository(t *testing.T) {
	isolate(t)
	dir := t.TempDir()
	if _, err := Open(dir); !errors.Is(err, ErrNotRepository) {
		t.Errorf("an ordinary folder: %v", err)
	}
	if _, err := Open(filepath.Join(dir, "missing")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing folder: %v", err)
	}
	run(t, dir, "init", "-q", "--bare", "bare")
	if _, err := Open(filepath.Join(dir, "bare")); !errors.Is(err, ErrNotRepository) {
		t.Errorf("a bare repository: %v", err)
	}
	t.Setenv("PATH", dir)
	if _, err := Open(dir); !errors.Is(err, ErrNoGit) {
		t.Errorf("no git: %v", err)
	}
}

func TestAnEmptyRepositoryKnowsOnlyItsBranch(t *testing.T) {
	isolate(t)
	repo := newRepo(t)
	got := factsOf(t, repo)
	if want := (facts{branch: "main"}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if modified, err := repo.Modified(t.Context(), ""); err != nil || len(modified) > 0 {
		t.Errorf("modified %v, %v", modified, err)
	}
}

func TestFactsOfACommit(t *testing.T) {
	isolate(t)
	repo := newRepo(t)
	run(t, repo.Top, "config", "user.name", "Håkan “H” Lindqvist")
	run(t, repo.Top, "config", "user.email", "hakan@example.org")
	run(t, repo.Top, "remote", "add", "origin", "git@github.com:acme/accounts.git")
	save(t, repo.Top, "a.txt", "one\n")
	commit(t, repo.Top, "first")
	run(t, repo.Top, "tag", "v1.4.2")

	got := factsOf(t, repo)
	if len(got.head) != 40 {
		t.Errorf("head %q is not a full hash", got.head)
	}
	got.head = ""
	want := facts{
		author: "Håkan “H” Lindqvist",
		branch: "main", tag: "v1.4.2", remote: "https://github.com/acme/accounts",
	}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}

	run(t, repo.Top, "checkout", "-q", "--detach")
	save(t, repo.Top, "a.txt", "two\n")
	commit(t, repo.Top, "second")
	got = factsOf(t, repo)
	if got.branch != "" || got.tag != "" {
		t.Errorf("detached and untagged, but branch %q, tag %q", got.branch, got.tag)
	}
}

func TestAuthorFollowsGitsOrder(t *testing.T) {
	isolate(t)
	repo := newRepo(t)
	author := func() string { return factsOf(t, repo).author }
	run(t, repo.Top, "config", "user.name", "Ada Park")
	run(t, repo.Top, "config", "author.name", "Ada P.")
	if got := author(); got != "Ada P." {
		t.Errorf("author.name before user.name: %q", got)
	}
	t.Setenv("GIT_AUTHOR_NAME", "Amara Okafor")
	if got := author(); got != "Amara Okafor" {
		t.Errorf("the environment before the configuration: %q", got)
	}
}

func TestModifiedListsTrackedFilesOnly(t *testing.T) {
	isolate(t)
	repo := newRepo(t)
	save(t, repo.Top, "sub/ö 1.txt", "one\n")
	save(t, repo.Top, "staged.txt", "one\n")
	save(t, repo.Top, "same.txt", "one\n")
	commit(t, repo.Top, "first")
	save(t, repo.Top, "sub/ö 1.txt", "two\n")
	save(t, repo.Top, "staged.txt", "two\n")
	run(t, repo.Top, "add", "staged.txt")
	save(t, repo.Top, "untracked.txt", "")

	below, err := Open(filepath.Join(repo.Top, "sub"))
	if err != nil {
		t.Fatal(err)
	}
	modified, err := below.Modified(t.Context(), "")
	if want := []string{"staged.txt", "sub/ö 1.txt"}; err != nil || !slices.Equal(modified, want) {
		t.Errorf("got %q, %v; want %q", modified, err, want)
	}
	modified, err = repo.Modified(t.Context(), "sub")
	if want := []string{"staged.txt"}; err != nil || !slices.Equal(modified, want) {
		t.Errorf("without sub: got %q, %v; want %q", modified, err, want)
	}
}

func TestWebURL(t *testing.T) {
	for in, want := range map[string]string{
		"https://github.com/acme/accounts.git":             "https://github.com/acme/accounts",
		"https://github.com/acme/accounts/":                "https://github.com/acme/accounts",
		"https://ada:hunter2@example.org/acme/accounts":    "https://example.org/acme/accounts",
		"https://x-access-token:abc@github.com/acme/a.git": "https://github.com/acme/a",
		"http://git.example.org:3000/acme/accounts":        "http://git.example.org:3000/acme/accounts",
		"git@github.com:acme/accounts.git":                 "https://github.com/acme/accounts",
		"github.com:acme/accounts":                         "https://github.com/acme/accounts",
		"git@gitlab.example.org:group/sub/accounts.git":    "https://gitlab.example.org/group/sub/accounts",
		"git@[2001:db8::1]:acme/accounts.git":              "https://[2001:db8::1]/acme/accounts",
		"ssh://git@github.com:22/acme/accounts.git":        "https://github.com/acme/accounts",
		"ssh://git@[2001:db8::1]:2222/acme/accounts":       "https://[2001:db8::1]/acme/accounts",
		"git://example.org/accounts.git":                   "https://example.org/accounts",
		"https://example.org/acme/with space":              "https://example.org/acme/with%20space",
		"https://example.org/acme/a?token=secret#secret":   "https://example.org/acme/a",
		"/srv/git/accounts.git":                            "",
		"../accounts":                                      "",
		"./a:b":                                            "",
		`C:\git\accounts`:                                  "",
		"file:///srv/git/accounts.git":                     "",
		"":                                                 "",
	} {
		if got := WebURL(in); got != want {
			t.Errorf("WebURL(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestHistory has the project in a sub-folder of the repository, names that git
// quotes, an author whose name looks like output, and a file that was renamed
// twice.
func TestHistory(t *testing.T) {
	isolate(t)
	repo := newRepo(t)
	top := repo.Top
	text := strings.Repeat("a line that stays\n", 20)
	save(t, top, "outside.md", text)
	save(t, top, "shop/records/Überblick 1.md", text)
	commitAs(t, top, "Håkan\tA\x01 \"Q\" Lindqvist <hakan@example.org>", "2024-08-31T14:30:00+02:00", "Start: “ä”\n\nA body")
	run(t, top, "mv", "shop/records/Überblick 1.md", "shop/records/second\nname.md")
	save(t, top, "shop/records/other.md", "other\n")
	commitAs(t, top, "Ada Park <ada@example.org>", "2024-09-01T10:00:00+00:00", "rename")
	run(t, top, "mv", "shop/records/second\nname.md", "shop/records/third.md")
	save(t, top, "shop/records/third.md", text+"one more\n")
	run(t, top, "rm", "-q", "shop/records/other.md")
	commitAs(t, top, "Ada Park <ada@example.org>", "2024-09-02T10:00:00+00:00", "")
	save(t, top, "shop/records/third.md", text+"one more\nand another\n")
	save(t, top, "shop/elsewhere.md", text)
	commitAs(t, top, "Amara Okafor <amara@example.org>", "2024-09-03T10:00:00-07:00", "A")

	history, err := historyOf(t, filepath.Join(top, "shop"), "records")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]string{
		"records/third.md": {
			"2024-09-03T10:00:00-07:00 Amara Okafor A",
			"2024-09-02T10:00:00Z Ada Park ",
			"2024-09-01T10:00:00Z Ada Park rename",
			"2024-08-31T14:30:00+02:00 Håkan\tA\x01 \"Q\" Lindqvist Start: “ä”",
		},
		"records/other.md": {
			"2024-09-02T10:00:00Z Ada Park ",
			"2024-09-01T10:00:00Z Ada Park rename",
		},
	}
	if diff := cmp.Diff(want, summary(history)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestHistoryOfNamesThatMovedOn(t *testing.T) {
	isolate(t)
	repo := newRepo(t)
	ada, okafor := strings.Repeat("written by Ada\n", 20), strings.Repeat("what Amara did\n", 20)
	save(t, repo.Top, "a.md", ada)
	commit(t, repo.Top, "Ada's")
	save(t, repo.Top, "b.md", okafor)
	commit(t, repo.Top, "Amara's")
	run(t, repo.Top, "mv", "a.md", "c.md")
	commit(t, repo.Top, "a to c")
	run(t, repo.Top, "mv", "b.md", "a.md")
	commit(t, repo.Top, "b to a")
	run(t, repo.Top, "mv", "c.md", "b.md")
	commit(t, repo.Top, "c to b")

	history, err := historyOf(t, repo.Top, ".")
	if err != nil {
		t.Fatal(err)
	}
	subjects := map[string][]string{}
	for name, commits := range history {
		for _, c := range commits {
			subjects[name] = append(subjects[name], c.Subject)
		}
	}
	want := map[string][]string{
		"b.md": {"c to b", "a to c", "Ada's"},
		"a.md": {"b to a", "Amara's"},
	}
	if diff := cmp.Diff(want, subjects); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// TestHistoryOfMerges holds that a merge is of the history of what it changed itself, or
// put together, and of nothing else.
func TestHistoryOfMerges(t *testing.T) {
	isolate(t)
	repo := newRepo(t)
	lines := strings.Repeat("a line that stays\n", 20)
	for _, name := range []string{"both.md", "here.md", "there.md", "slipped.md", "former.md"} {
		save(t, repo.Top, name, lines)
	}
	commit(t, repo.Top, "first")
	run(t, repo.Top, "checkout", "-q", "-b", "side")
	save(t, repo.Top, "both.md", "top\n"+lines)
	save(t, repo.Top, "there.md", "there\n")
	commit(t, repo.Top, "side")
	run(t, repo.Top, "checkout", "-q", "main")
	save(t, repo.Top, "both.md", lines+"end\n")
	save(t, repo.Top, "here.md", "here\n")
	commit(t, repo.Top, "main")
	run(t, repo.Top, "-c", "user.name=C", "-c", "user.email=c@example.org", "merge", "-q", "--no-ff", "--no-commit", "side")
	save(t, repo.Top, "slipped.md", lines+"slipped in\n")
	run(t, repo.Top, "mv", "former.md", "renamed.md")
	save(t, repo.Top, "added.md", "added\n")
	commit(t, repo.Top, "merge")

	history, err := historyOf(t, repo.Top, ".")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"both.md": "merge", "slipped.md": "merge", "added.md": "merge", "renamed.md": "merge", "here.md": "main", "there.md": "side"}
	for name, subject := range want {
		if commits := history[name]; len(commits) == 0 || commits[0].Subject != subject {
			t.Errorf("%s: %v, want %s", name, commits, subject)
		}
	}
	if commits := history["slipped.md"]; len(commits) != 2 {
		t.Errorf("slipped.md: %v", commits)
	}
}

// TestHistoryWhateverGitIsConfigured sets what would change git's output.
func TestHistoryWhateverGitIsConfigured(t *testing.T) {
	isolate(t)
	repo := newRepo(t)
	save(t, repo.Top, "[a]*.md", "one\n")
	commit(t, repo.Top, "first")
	for key, value := range map[string]string{
		"log.showRoot": "false", "log.decorate": "full", "color.ui": "always", "core.quotepath": "true",
		"log.showSignature": "true", "diff.noprefix": "true", "diff.renames": "false", "log.follow": "true",
		"log.diffMerges": "separate", "core.pager": "false", "diff.relative": "false", "format.pretty": "fuller",
	} {
		run(t, repo.Top, "config", key, value)
	}
	history, err := historyOf(t, repo.Top, ".")
	if err != nil {
		t.Fatal(err)
	}
	if commits := history["[a]*.md"]; err != nil || len(history) != 1 || len(commits) != 1 || commits[0].Subject != "first" {
		t.Errorf("got %v", summary(history))
	}
}

func TestHistoryOfAShallowCloneDoesNotInventAnAuthor(t *testing.T) {
	isolate(t)
	repo := newRepo(t)
	save(t, repo.Top, "old.md", "one\n")
	commitAs(t, repo.Top, "Ada Park <ada@example.org>", "2024-08-01T10:00:00+00:00", "first")
	save(t, repo.Top, "changed.md", "one\n")
	commitAs(t, repo.Top, "Amara Okafor <amara@example.org>", "2024-08-02T10:00:00+00:00", "second")
	save(t, repo.Top, "changed.md", "two\n")
	commitAs(t, repo.Top, "Håkan Lindqvist <hakan@example.org>", "2024-08-03T10:00:00+00:00", "third")

	clone := filepath.Join(t.TempDir(), "clone")
	run(t, repo.Top, "clone", "-q", "--depth=2", "file://"+filepath.ToSlash(repo.Top), clone)
	history, err := historyOf(t, clone, ".")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]string{"changed.md": {"2024-08-03T10:00:00Z Håkan Lindqvist third"}}
	if diff := cmp.Diff(want, summary(history)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	repo, err = Open(clone)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := repo.History(t.Context(), ".")
	if diff := cmp.Diff(map[string]bool{"changed.md": true, "old.md": true}, whole.Cut); diff != "" || err != nil || !repo.IsShallow() {
		t.Errorf("cut off: %v, -want +got\n%s", err, diff)
	}
	run(t, clone, "fetch", "-q", "--unshallow")
	if whole, err = repo.History(t.Context(), "."); err != nil || len(whole.Cut) > 0 || len(whole.Commits["changed.md"]) != 2 || repo.IsShallow() {
		t.Errorf("unshallowed: %v, %v", whole, err)
	}
}

func TestHistoryOfAWorkTreeAndAMailmap(t *testing.T) {
	isolate(t)
	repo := newRepo(t)
	save(t, repo.Top, ".mailmap", "Ada Park <ada@example.org> <ada@old.example>\n")
	save(t, repo.Top, "a.md", "one\n")
	commitAs(t, repo.Top, "apark <ada@old.example>", "2024-08-01T10:00:00+00:00", "first")
	tree := filepath.Join(t.TempDir(), "tree")
	run(t, repo.Top, "worktree", "add", "-q", tree, "-b", "other")
	history, err := historyOf(t, tree, ".")
	if err != nil {
		t.Fatal(err)
	}
	if c := history["a.md"]; len(c) != 1 || c[0].Author != "Ada Park" {
		t.Errorf("got %v", summary(history))
	}
}

func TestNoCommitIsNoError(t *testing.T) {
	isolate(t)
	full := newRepo(t)
	save(t, full.Top, "a.md", "one\n")
	commit(t, full.Top, "first")
	for name, repo := range map[string]*Repo{"no commit": newRepo(t), "nothing committed there": full} {
		history, err := repo.History(t.Context(), "records")
		tracked, errTracked := repo.Tracked(t.Context(), "records")
		if err != nil || errTracked != nil || len(history.Commits)+len(history.Cut)+len(tracked) > 0 {
			t.Errorf("%s: %v, %v, %v, %v", name, history, err, tracked, errTracked)
		}
	}
}

func TestHistoryOfAnotherRepositoryIsNotClaimed(t *testing.T) {
	isolate(t)
	repo := newRepo(t)
	save(t, repo.Top, "a.md", "one\n")
	commit(t, repo.Top, "first")
	save(t, repo.Top, "records/a.md", "one\n")
	run(t, repo.Top, "init", "-q", "records")
	if _, err := repo.History(t.Context(), "records"); err == nil || !strings.Contains(err.Error(), "a repository of its own") {
		t.Errorf("error %v", err)
	}
}

func TestTrackedIsWhatTheCommitHas(t *testing.T) {
	isolate(t)
	repo := newRepo(t)
	save(t, repo.Top, "shop/[x]/Überblick 1.md", "one\n")
	save(t, repo.Top, "shop/other/b.md", "one\n")
	commit(t, repo.Top, "first")
	save(t, repo.Top, "shop/[x]/new.md", "one\n")
	run(t, repo.Top, "add", ".")
	below, err := Open(filepath.Join(repo.Top, "shop"))
	if err != nil {
		t.Fatal(err)
	}
	tracked, err := below.Tracked(t.Context(), "[x]")
	if diff := cmp.Diff([]string{"[x]/Überblick 1.md"}, slices.Sorted(maps.Keys(tracked))); diff != "" || err != nil {
		t.Errorf("%v, -want +got\n%s", err, diff)
	}
}

func TestHistoryEndsWithItsContext(t *testing.T) {
	isolate(t)
	repo := newRepo(t)
	save(t, repo.Top, "a.md", "one\n")
	commit(t, repo.Top, "first")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := repo.History(ctx, "."); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

// BenchmarkHistory has 10,000 records in 2,000 commits.
func BenchmarkHistory(b *testing.B) {
	isolate(b)
	repo := newRepo(b)
	cmd := exec.Command("git", "fast-import", "--quiet")
	cmd.Dir = repo.Top
	cmd.Stdin = manyCommits(2000, 5)
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("git fast-import: %v\n%s", err, out)
	}
	for b.Loop() {
		history, err := repo.History(b.Context(), "records")
		if err != nil || len(history.Commits) != 10_000 {
			b.Fatalf("%d files, %v", len(history.Commits), err)
		}
	}
}

func manyCommits(commits, files int) *bytes.Buffer {
	var b bytes.Buffer
	for c := range commits {
		fmt.Fprintf(&b, "commit refs/heads/main\ncommitter Ada Park <ada@example.org> %d +0000\ndata 1\nx\n", 1700000000+c)
		for f := range files {
			text := fmt.Sprintf("record %d of %d\n", f, c)
			fmt.Fprintf(&b, "M 100644 inline records/%05d-%d.md\ndata %d\n%s\n", c, f, len(text), text)
		}
	}
	return &b
}

// facts is everything a Repo knows of the commit that is checked out.
type facts struct {
	author, head, branch, tag, remote string
}

func factsOf(t *testing.T, repo *Repo) facts {
	t.Helper()
	var f facts
	var errs [5]error
	ctx := t.Context()
	f.author, errs[0] = repo.Author(ctx)
	f.head, errs[1] = repo.Head(ctx)
	f.branch, errs[2] = repo.Branch(ctx)
	f.tag, errs[3] = tagsOf(ctx, repo)
	f.remote, errs[4] = repo.Remote(ctx)
	if err := errors.Join(errs[:]...); err != nil {
		t.Fatal(err)
	}
	return f
}

func tagsOf(ctx context.Context, repo *Repo) (string, error) {
	tags, err := repo.Tags(ctx)
	return strings.Join(tags, " "), err
}

func historyOf(t *testing.T, dir, folder string) (map[string][]Commit, error) {
	t.Helper()
	repo, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	history, err := repo.History(t.Context(), folder)
	return history.Commits, err
}

func summary(history map[string][]Commit) map[string][]string {
	all := map[string][]string{}
	for name, commits := range history {
		for _, c := range commits {
			all[name] = append(all[name], fmt.Sprintf("%s %s %s", c.Time.Format(time.RFC3339), c.Author, c.Subject))
		}
	}
	return all
}

// isolate keeps the machine's own git configuration out.
func isolate(t testing.TB) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Fatal("git is not installed")
	}
	t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
	t.Setenv("GIT_CONFIG_NOSYSTEM", "1")
	for _, name := range []string{"GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL"} {
		t.Setenv(name, "") // so that it is restored
		os.Unsetenv(name)
	}
}

func newRepo(t testing.TB) *Repo {
	t.Helper()
	dir := t.TempDir()
	run(t, dir, "init", "-q", "-b", "main")
	repo, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return repo
}

func save(t *testing.T, dir, name, content string) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
		t.Fatal(err)
	}
}

func commit(t *testing.T, dir, message string) {
	t.Helper()
	commitAs(t, dir, "Ada Park <ada@example.org>", "2024-08-31T12:00:00+00:00", message)
}

func commitAs(t *testing.T, dir, author, date, message string) {
	t.Helper()
	run(t, dir, "add", "--all")
	run(t, dir, "-c", "user.name=Committer", "-c", "user.email=committer@example.org",
		"commit", "-q", "--allow-empty-message", "--author="+author, "--date="+date, "-m", message)
}

func run(t testing.TB, dir string, args ...string) {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git %q: %v\n%s", args, err, out)
	}
}

// The versions of a file are those of the commits that changed it, oldest first, and
// one in which it is not there is none.
func TestVersions(t *testing.T) {
	repo := newRepo(t)
	dir := repo.Top
	if got, err := repo.Versions(t.Context(), "docs/list.md", 10); err != nil || got != nil {
		t.Errorf("before the first commit: %q, %v", got, err)
	}
	for i, text := range []string{"one\n", "two\n", "", "two\n", "three\n"} {
		if text == "" {
			run(t, dir, "rm", "-q", "docs/list.md")
		} else {
			save(t, dir, "docs/list.md", text)
		}
		save(t, dir, "other", strconv.Itoa(i))
		commit(t, dir, "change")
	}
	got, err := repo.Versions(t.Context(), "docs/list.md", 10)
	if want := "one\n|two\n|two\n|three\n"; err != nil || string(bytes.Join(got, []byte("|"))) != want {
		t.Errorf("%q, %v", got, err)
	}
	if got, err = repo.Versions(t.Context(), "docs/list.md", 2); err != nil || len(got) != 2 || string(got[1]) != "three\n" {
		t.Errorf("the newest two: %q, %v", got, err)
	}
	// It gets another name and changes, then another folder. What is only alike, as the
	// copy beside it, is another file.
	save(t, dir, "docs/long.md", strings.Repeat("a line\n", 9)+"four\n")
	commit(t, dir, "begin")
	run(t, dir, "mv", "docs/long.md", "docs/longer.md")
	save(t, dir, "docs/longer.md", strings.Repeat("a line\n", 9)+"five\n")
	commit(t, dir, "rename")
	save(t, dir, "docs/copy.md", strings.Repeat("a line\n", 9)+"five\n")
	commit(t, dir, "copy")
	run(t, dir, "mv", "docs/longer.md", "[top] ü.md")
	commit(t, dir, "move")
	for file, want := range map[string]int{"[top] ü.md": 3, "docs/longer.md": 2, "docs/copy.md": 1} {
		if got, err = repo.Versions(t.Context(), file, 10); err != nil || len(got) != want {
			t.Errorf("%s: %q, %v", file, got, err)
		}
	}
	if below, err := Open(filepath.Join(dir, "docs")); err != nil {
		t.Error(err)
	} else if got, err = below.Versions(t.Context(), "../[top] ü.md", 2); err != nil || len(got) != 2 || !strings.HasSuffix(string(got[0]), "five\n") {
		t.Errorf("from a folder below: %q, %v", got, err)
	}
	if got, err = repo.Versions(t.Context(), "docs/none.md", 10); err != nil || len(got) != 0 {
		t.Errorf("of a file that never was: %q, %v", got, err)
	}
}

// Reading runs none of the programs that a repository's configuration names.
func TestReadingRunsNoProgram(t *testing.T) {
	repo := newRepo(t)
	dir, ran := repo.Top, filepath.Join(t.TempDir(), "ran")
	save(t, dir, "docs/list.md", "one\n")
	save(t, dir, ".gitattributes", "*.md diff=named filter=named\n*.txt filter=other=named\n")
	save(t, dir, "docs/list.txt", "one\n")
	gitIn(t, dir, "add", ".")
	gitIn(t, dir, "commit", "-qm", "one")
	program := filepath.Join(dir, ".git", "program")
	if err := os.WriteFile(program, []byte("#!/bin/sh\necho \"$0\" >> '"+ran+"'\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, hook := range []string{"post-index-change", "fsmonitor-watchman", "reference-transaction", "post-checkout"} {
		if err := errors.Join(os.MkdirAll(filepath.Join(dir, ".git/named"), 0o777), os.Symlink(program, filepath.Join(dir, ".git/named", hook))); err != nil {
			t.Fatal(err)
		}
	}
	run(t, dir, "config", "core.hooksPath", filepath.Join(dir, ".git/named"))
	for _, key := range []string{"core.fsmonitor", "core.pager", "core.editor", "diff.external", "diff.named.textconv", "diff.named.command", "gpg.program", "core.sshCommand", "pager.log", "core.askPass", "credential.helper",
		"filter.named.clean", "filter.named.smudge", "filter.other=named.process"} {
		run(t, dir, "config", key, program)
	}
	run(t, dir, "config", "log.showSignature", "true")
	run(t, dir, "config", "filter.named.required", "true")
	save(t, dir, "docs/list.md", "two\n")
	save(t, dir, "docs/list.txt", "two\n")
	ctx := t.Context()
	head, err := repo.Head(ctx)
	if err != nil {
		t.Fatal(err)
	}
	_, err1 := repo.History(ctx, "docs")
	_, err2 := repo.Uncommitted(ctx, "docs")
	_, err3 := repo.Modified(ctx, "")
	_, err4 := repo.Versions(ctx, "docs/list.md", 10)
	_, err5 := repo.Facts(ctx)
	_, err6 := repo.Log(ctx, []string{head}, "")
	_, err7 := repo.Staged(ctx)
	_, err8 := repo.Index(ctx)
	_, err9 := repo.Hashes(ctx, []string{"docs/list.md", "docs/list.txt"})
	if err := errors.Join(err1, err2, err3, err4, err5, err6, err7, err8, err9); err != nil {
		t.Error(err)
	}
	if by, err := os.ReadFile(ran); err == nil {
		t.Errorf("programs ran:\n%s", by)
	}
}

// Reading fetches nothing into a partial clone: nobody may answer, and it would wait.
func TestReadingFetchesNothing(t *testing.T) {
	from := newRepo(t)
	save(t, from.Top, "docs/list.md", strings.Repeat("a line\n", 9)+"one\n")
	commit(t, from.Top, "begin")
	save(t, from.Top, "docs/list.md", strings.Repeat("a line\n", 9)+"two\n")
	run(t, from.Top, "mv", "docs/list.md", "docs/new.md")
	commit(t, from.Top, "rename")
	run(t, from.Top, "config", "uploadpack.allowFilter", "true")
	parent := t.TempDir()
	asked, program := filepath.Join(parent, "asked"), filepath.Join(parent, "program")
	if err := os.WriteFile(program, []byte("#!/bin/sh\necho asked >> '"+asked+"'\nexit 1\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, remote := range []string{"ssh://nobody.invalid/x.git", "file://" + filepath.ToSlash(from.Top), "ext::" + program} {
		for filter, want := range map[string]error{"tree:0": ErrPartial, "blob:none": nil} {
			dir := t.TempDir()
			run(t, parent, "clone", "-q", "--filter="+filter, "file://"+filepath.ToSlash(from.Top), dir)
			for key, value := range map[string]string{"remote.origin.url": remote, "remote.origin.uploadpack": program, "core.sshCommand": program,
				"protocol.allow": "always", "protocol.ext.allow": "always"} {
				run(t, dir, "config", key, value)
			}
			repo, err := Open(dir)
			if err != nil {
				t.Fatal(err)
			}
			history, err := repo.History(t.Context(), "docs")
			if !errors.Is(err, want) {
				t.Errorf("%s: the error is %v", filter, err)
			}
			if want == nil && (!history.Exact || len(history.Commits["docs/new.md"]) != 1) { // the text before is not there to compare
				t.Errorf("%s: %+v", filter, history)
			}
			if _, err := repo.Versions(t.Context(), "docs/new.md", 10); !errors.Is(err, ErrPartial) {
				t.Errorf("%s: of former texts the error is %v", filter, err)
			}
		}
	}
	if _, err := os.Stat(asked); err == nil {
		t.Error("a remote was asked")
	}
}

func TestUntracked(t *testing.T) {
	isolate(t)
	repo := newRepo(t)
	for _, name := range []string{"committed", "staged", "ignored", "new", "a [b]/new", "other", ".gitignore"} {
		save(t, repo.Top, name, "ignored\n")
		if name == "committed" {
			commit(t, repo.Top, "begin")
		}
	}
	run(t, repo.Top, "add", "staged")
	got, err := repo.Untracked(t.Context(), "committed", "staged", "ignored", "new", "a [b]/new", "missing", "no/folder")
	if slices.Sort(got); err != nil || !slices.Equal(got, []string{"a [b]/new", "new"}) {
		t.Errorf("%q, %v", got, err)
	}
}
