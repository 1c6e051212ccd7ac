package git

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Git's own switch stands in for another user's folder.
const otherOwner = "GIT_TEST_ASSUME_DIFFERENT_OWNER"

func TestARepositoryOfAnotherUser(t *testing.T) {
	isolate(t)
	repo := newRepo(t)
	save(t, repo.Top, "a.md", "one\n")
	commit(t, repo.Top, "first")
	t.Setenv(otherOwner, "1")
	_, err := Open(repo.Top)
	if !errors.Is(err, ErrOtherUser) || !Unavailable(err) || !strings.Contains(err.Error(), "git config --global --add safe.directory "+repo.Top) {
		t.Errorf("error %v", err)
	}
	named := filepath.Join(t.TempDir(), "Ada's shop")
	if err := os.Rename(repo.Top, named); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(named); err == nil || !strings.HasSuffix(err.Error(), `/Ada'\''s shop'`) {
		t.Errorf("a name that a shell parts: %v", err)
	}
	if err := os.Rename(named, repo.Top); err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(t.TempDir(), "config")
	t.Setenv("GIT_CONFIG_GLOBAL", config)
	run(t, t.TempDir(), "config", "--global", "safe.directory", repo.Top)
	if _, err := Open(repo.Top); err != nil {
		t.Errorf("as the error says: %v", err)
	}
}

// TestHooks has what hooks have in their environment, seen from their own
// repository and from others.
func TestHooks(t *testing.T) {
	isolate(t)
	ours, other := newRepo(t), newRepo(t)
	for _, repo := range []*Repo{ours, other} {
		save(t, repo.Top, "shop/records/a.md", "one\n")
		commit(t, repo.Top, "first")
	}
	plain, linked := t.TempDir(), filepath.Join(t.TempDir(), "linked")
	run(t, ours.Top, "worktree", "add", "-q", "-b", "other", linked)
	run(t, ours.Top, "clone", "-q", "--bare", ".", filepath.Join(plain, "bare.git"))
	for _, test := range []struct {
		name, dir, cwd string
		env            map[string]string
		err            error
	}{
		{"its own", ours.Top, "", map[string]string{"GIT_DIR": filepath.Join(ours.Top, ".git")}, nil},
		{"its own, from a folder below", filepath.Join(ours.Top, "shop"), "", map[string]string{"GIT_DIR": filepath.Join(ours.Top, ".git"), "GIT_INDEX_FILE": "nowhere"}, nil},
		{"its own, relative", filepath.Join(ours.Top, "shop"), ours.Top, map[string]string{"GIT_DIR": ".git"}, nil},
		{"its own, linked", linked, "", map[string]string{"GIT_DIR": filepath.Join(ours.Top, ".git", "worktrees", "linked")}, nil},
		{"work tree alone", filepath.Join(ours.Top, "shop"), ours.Top, map[string]string{"GIT_WORK_TREE": plain}, nil},
		{"another", ours.Top, "", map[string]string{"GIT_DIR": filepath.Join(other.Top, ".git")}, ErrElsewhere},
		{"another work tree", ours.Top, "", map[string]string{"GIT_DIR": filepath.Join(ours.Top, ".git", "worktrees", "linked")}, ErrElsewhere},
		{"a bare one's, as after a push", ours.Top, "", map[string]string{"GIT_DIR": filepath.Join(plain, "bare.git")}, ErrElsewhere},
		{"none, as after a push and cd", ours.Top, ours.Top, map[string]string{"GIT_DIR": "."}, ErrElsewhere},
		{"a folder without one", plain, "", map[string]string{"GIT_DIR": filepath.Join(other.Top, ".git")}, ErrElsewhere},
		{"a work tree elsewhere", plain, "", map[string]string{"GIT_DIR": filepath.Join(other.Top, ".git"), "GIT_WORK_TREE": other.Top}, ErrElsewhere},
		{"both for a folder without one", plain, "", map[string]string{"GIT_DIR": filepath.Join(other.Top, ".git"), "GIT_WORK_TREE": plain}, nil},
		{"nothing set", ours.Top, "", map[string]string{"GIT_DIR": ""}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.cwd != "" {
				t.Chdir(test.cwd)
			}
			for name, value := range test.env {
				t.Setenv(name, value)
			}
			repo, err := Open(test.dir)
			if !errors.Is(err, test.err) || test.err == nil && err != nil {
				t.Fatalf("error %v, want %v", err, test.err)
			}
			if err != nil || test.dir == plain {
				return
			}
			dir := "shop/records"
			if repo.Below() == "shop" {
				dir = "records"
			}
			if history, err := repo.History(t.Context(), dir); err != nil || len(history.Commits[dir+"/a.md"]) != 1 {
				t.Errorf("history %v, %v", history, err)
			}
			if modified, err := repo.Modified(t.Context(), ""); err != nil || len(modified) > 0 {
				t.Errorf("modified %q, %v", modified, err)
			}
		})
	}
}

func TestNothingIsCommittedElsewhere(t *testing.T) {
	isolate(t)
	ours, other := newRepo(t), newRepo(t)
	save(t, ours.Top, "a.md", "one\n")
	save(t, other.Top, "b.md", "one\n")
	commit(t, other.Top, "first")
	t.Setenv("GIT_DIR", filepath.Join(other.Top, ".git"))
	c := Committer{File: filepath.Join(ours.Top, "a.md"), Output: t.Output()}
	if err := c.Commit(t.Context(), "docs: a"); !errors.Is(err, ErrElsewhere) {
		t.Errorf("error %v", err)
	}
}

// A linked work tree is mounted into a container without its repository.
func TestDotGitThatLeadsNowhere(t *testing.T) {
	isolate(t)
	dir := t.TempDir()
	save(t, dir, ".git", "gitdir: /nowhere/.git/worktrees/shop\n")
	if _, err := Open(dir); err == nil || Unavailable(err) {
		t.Errorf("error %v", err)
	}
}

func TestNameOfALinkedWorkTree(t *testing.T) {
	isolate(t)
	origin, base := newRepo(t), t.TempDir()
	save(t, origin.Top, "a.md", "one\n")
	commit(t, origin.Top, "first")
	for _, test := range []struct{ repository, bare, name string }{
		{"shop", "--no-bare", "shop"}, {"store.git", "--bare", "store"}, {"toys/.bare", "--bare", "toys"},
	} {
		main, tree := filepath.Join(base, filepath.FromSlash(test.repository)), filepath.Join(base, "hotfix-of-"+test.name)
		run(t, base, "clone", "-q", test.bare, origin.Top, main)
		run(t, main, "worktree", "add", "-q", "--detach", tree)
		repo, err := Open(tree)
		if err != nil {
			t.Fatal(err)
		}
		if name, folder := repo.Name(""); name != test.name || !folder {
			t.Errorf("%s: %q, %t", test.repository, name, folder)
		}
		if name, folder := repo.Name("https://github.com/acme/accounts"); name != "accounts" || folder {
			t.Errorf("%s with a remote: %q, %t", test.repository, name, folder)
		}
	}
}
