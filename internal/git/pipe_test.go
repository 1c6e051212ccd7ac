//go:build unix

package git

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Git reads these whatever it is asked, and would wait.
func TestOpenWaitsForNoPipeBelow(t *testing.T) {
	isolate(t)
	for _, name := range []string{".git/HEAD", ".git/config", ".git/index", ".git/packed-refs", ".git/info/exclude", ".gitattributes", ".gitignore", ".mailmap"} {
		dir := newRepo(t).Top
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.Remove(file); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := syscall.Mkfifo(file, 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(dir); err == nil || !strings.Contains(err.Error(), file+" is neither a folder nor a file") {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}

// Where .git is a pipe, git would wait for somebody who writes to it.
func TestOpenWaitsForNoPipe(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(dir, ".git"), 0o666); err != nil {
		t.Fatal(err)
	}
	below := filepath.Join(dir, "docs")
	if err := os.Mkdir(below, 0o777); err != nil {
		t.Fatal(err)
	}
	StateFiles(below)
	if _, err := Open(below); err == nil || !strings.Contains(err.Error(), ".git is neither a folder nor a file") {
		t.Errorf("the error is %v", err)
	}
}

// Git reads these for the files of a folder, and would wait.
func TestReadingWaitsForNoPipe(t *testing.T) {
	isolate(t)
	for _, name := range []string{"docs/.gitignore", "docs/.gitattributes", "docs/below/.gitattributes", "above/.gitignore", "mailmap.file", "core.excludesFile", "core.attributesFile"} {
		repo := newRepo(t)
		save(t, repo.Top, "docs/list.md", "one\n")
		save(t, repo.Top, "docs/below/list.md", "one\n")
		save(t, repo.Top, "above/docs/list.md", "one\n")
		commit(t, repo.Top, "begin")
		save(t, repo.Top, "docs/list.md", "two\n")
		file, folder := filepath.Join(repo.Top, filepath.FromSlash(name)), "docs"
		if strings.HasPrefix(name, "above") {
			folder = "above/docs"
		}
		if err := syscall.Mkfifo(file, 0o666); err != nil {
			t.Fatal(err)
		}
		if key := filepath.Base(file); key[0] != '.' {
			run(t, repo.Top, "config", name, file)
		}
		_, err1 := repo.History(t.Context(), folder)
		_, err2 := repo.Uncommitted(t.Context(), folder)
		_, err3 := repo.Ignores(t.Context(), folder+"/new")
		_, err4 := repo.Untracked(t.Context(), folder+"/new")
		for i, err := range []error{err1, err2, err3, err4} {
			if err == nil || !strings.Contains(err.Error(), file+" is neither a folder nor a file") {
				t.Errorf("%s, %d: the error is %v", name, i, err)
			}
		}
	}
}

// Where git waits for something else, it is ended.
func TestReadingEnds(t *testing.T) {
	isolate(t)
	repo := newRepo(t)
	pipe := filepath.Join(repo.Top, "pipe")
	if err := syscall.Mkfifo(pipe, 0o666); err != nil {
		t.Fatal(err)
	}
	save(t, repo.Top, ".git/config", "[include]\n\tpath = "+pipe+"\n")
	before := briefly
	briefly = 100 * time.Millisecond
	defer func() { briefly = before }()
	if _, err := Open(repo.Top); err == nil || !strings.Contains(err.Error(), "git rev-parse gave no answer within 100ms") {
		t.Errorf("the error is %v", err)
	}
}

// A hook that takes long is named, and an interrupt leaves no commit.
func TestSlowHookIsNamed(t *testing.T) {
	dir := newRepo(t).Top
	save(t, dir, "list.md", "one\n")
	commit(t, dir, "begin")
	save(t, dir, "list.md", "two\n")
	hook := filepath.Join(dir, ".git", "hooks", "pre-commit")
	if err := errors.Join(os.MkdirAll(filepath.Dir(hook), 0o777), os.WriteFile(hook, []byte("#!/bin/sh\nexec sleep 60\n"), 0o777)); err != nil {
		t.Fatal(err)
	}
	ctx, interrupt := context.WithCancel(t.Context())
	var named string
	c := Committer{File: filepath.Join(dir, "list.md"), Output: io.Discard, Patience: 200 * time.Millisecond, Waiting: func(hooks string) {
		named = hooks
		interrupt()
	}}
	head, err := c.Head(t.Context())
	if err == nil {
		err = c.Commit(ctx, "one")
	}
	now, err2 := c.Head(t.Context())
	if err == nil || err2 != nil || now != head || named != "pre-commit" {
		t.Errorf("%v, %v, waited for %q, the commit is %s, and was %s", err, err2, named, now, head)
	}
	if err := errors.Join(os.Remove(hook), c.Commit(t.Context(), "two")); err != nil { // no lock is left
		t.Error(err)
	}
}
