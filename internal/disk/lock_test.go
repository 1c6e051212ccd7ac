package disk

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// ways are a lock on a folder and one on a file.
func ways(t *testing.T) map[string]func(waiting func()) Lock {
	dir, file := t.TempDir(), filepath.Join(t.TempDir(), "lock")
	lockFile := func() (string, error) { return file, nil }
	return map[string]func(func()) Lock{
		"folder": func(waiting func()) Lock {
			return Lock{Folders: []string{filepath.Join(dir, "missing"), dir}, File: lockFile, Patience: 50 * time.Millisecond, Waiting: waiting}
		},
		"file": func(waiting func()) Lock {
			return Lock{File: lockFile, Patience: 50 * time.Millisecond, Waiting: waiting}
		},
	}
}

func TestLockIsHeldByOne(t *testing.T) {
	for name, lock := range ways(t) {
		t.Run(name, func(t *testing.T) {
			unlock, err := lock(func() { t.Error("waits for nobody") }).Take(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			waits := 0
			if _, err := lock(func() { waits++; cancel() }).Take(ctx); !errors.Is(err, context.Canceled) || waits != 1 {
				t.Errorf("the second one: %v after %d waits", err, waits)
			}
			unlock()
			again, err := lock(nil).Take(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			again()
		})
	}
}

func TestLockOnAFolderLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(t.TempDir(), "lock")
	unlock, err := Lock{Folders: []string{dir}, File: func() (string, error) { return file, nil }}.Take(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	unlock()
	if entries, _ := os.ReadDir(dir); len(entries) > 0 {
		t.Errorf("left behind: %v", entries)
	}
}

func TestExchange(t *testing.T) {
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	for _, name := range []string{a, b} {
		if err := os.WriteFile(name, []byte(filepath.Base(name)), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	err := Exchange(a, b)
	if errors.Is(err, errors.ErrUnsupported) {
		t.Skip("SKIPPED, this system cannot exchange two files")
	}
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(a); string(got) != "b" {
		t.Errorf("a holds %q", got)
	}
}
