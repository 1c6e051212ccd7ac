package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"
)

// settle is longer than a build waits until it relies on the times of files.
const settle = 2500 * time.Millisecond

// newAgain is this tool on a site that it has built before, after somebody edited the
// records; edit may be nil.
func newAgain(ctx context.Context, name, work string, edit func(files []string) error) (builder, error) {
	binary, err := compile(ctx, work)
	if err != nil {
		return builder{}, err
	}
	return builder{name, func(ctx context.Context, source, out string) (*exec.Cmd, error) {
		source, err := copied(source)
		if err == nil {
			err = configure(source, true)
		}
		if err != nil {
			return nil, err
		}
		build := func() *exec.Cmd { return exec.CommandContext(ctx, binary, "-C", source, "build", "-o", out) }
		for range 2 { // the second looks at the bytes once, and the third only at times
			time.Sleep(settle)
			if err := build().Run(); err != nil {
				return nil, err
			}
		}
		if edit != nil {
			files, err := recordFiles(source)
			if err == nil {
				err = edit(files)
			}
			if err != nil {
				return nil, err
			}
		}
		time.Sleep(settle)
		return build(), nil
	}}, nil
}

// copied is a copy of the records beside them, made anew.
func copied(source string) (string, error) {
	to := source + "-edited"
	if err := os.RemoveAll(to); err != nil {
		return "", err
	}
	return to, os.CopyFS(to, os.DirFS(source))
}

// changeOne adds a line to the record in the middle.
func changeOne(files []string) error {
	f, err := os.OpenFile(files[len(files)/2], os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString("\nOne more line.\n")
	return errors.Join(err, f.Close())
}

// addOne adds a record to the end.
func addOne(files []string) error {
	content, err := os.ReadFile(files[0])
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(filepath.Dir(files[0]), "2039-01-01-10-00-deployment.md"), content, 0o644)
}

// newCopy copies a site of ours, as a user would who publishes it.
func newCopy(ctx context.Context, work string) (builder, error) {
	ours, err := newDeploysite(ctx, "copy", true, work)
	if err != nil {
		return builder{}, err
	}
	return builder{"copy", func(ctx context.Context, source, out string) (*exec.Cmd, error) {
		from, err := builtOnce(ctx, ours, source)
		return exec.CommandContext(ctx, "cp", "-r", from, out), err
	}}, nil
}

// builtOnce is a site of ours that is there already, or is built now.
func builtOnce(ctx context.Context, ours builder, source string) (string, error) {
	to := source + "-built"
	if _, err := os.Stat(to); err == nil {
		return to, nil
	}
	command, err := ours.command(ctx, source, to)
	if err != nil {
		return "", err
	}
	return to, command.Run()
}

// newGitStatus asks git whether something has changed among the records.
func newGitStatus() (builder, error) {
	git, err := exec.LookPath("git")
	return builder{"git-status", func(ctx context.Context, source, out string) (*exec.Cmd, error) {
		at, err := copied(source)
		if err != nil {
			return nil, err
		}
		for _, args := range [][]string{{"init", "-q"}, {"add", "."}, {"-c", "user.name=Ada Park", "-c", "user.email=ada@example.org", "commit", "-qm", "docs: all"}, {"status"}} {
			command := exec.CommandContext(ctx, git, args...)
			if command.Dir = at; command.Run() != nil {
				return nil, fmt.Errorf("git %s does not work", args[0])
			}
			time.Sleep(settle / 4)
		}
		command := exec.CommandContext(ctx, git, "status")
		command.Dir = at
		return command, nil
	}}, err
}

// newFloorAlike is the floor with as many files and bytes as our site has, on all
// processors.
func newFloorAlike(ctx context.Context, work string) (builder, error) {
	ours, err := newDeploysite(ctx, "floor-alike", true, work)
	if err != nil {
		return builder{}, err
	}
	self, err := os.Executable()
	return builder{"floor-alike", func(ctx context.Context, source, out string) (*exec.Cmd, error) {
		from, err := builtOnce(ctx, ours, source)
		if err != nil {
			return nil, err
		}
		files, bytes, err := sizeOf(from)
		return exec.CommandContext(ctx, self, floorCommand, source, out, strconv.Itoa(files), strconv.FormatInt(bytes, 10)), err
	}}, err
}

// newHugoPagefind is hugo with fewer pages, and then Pagefind on them.
func newHugoPagefind(ctx context.Context, path, work string, stderr io.Writer) (builder, error) {
	root, err := projectRoot(ctx)
	if err != nil {
		return builder{}, err
	}
	found, err := filepath.Glob(filepath.Join(root, "internal/test/searchbench/npm/node_modules/@pagefind/*/bin/pagefind_extended*"))
	for len(found) > 0 && filepath.Ext(found[0]) != "" && filepath.Ext(found[0]) != ".exe" {
		found = found[1:]
	}
	if err != nil || len(found) == 0 {
		return builder{}, errors.New("there is no Pagefind; run mise run bench-search first, which gets it")
	}
	hugo, err := newHugo(ctx, "hugo-pagefind", "lists", path, work, stderr)
	return builder{"hugo-pagefind", func(ctx context.Context, source, out string) (*exec.Cmd, error) {
		first, err := hugo.command(ctx, source, out)
		if err != nil {
			return nil, err
		}
		const both = `pagefind=$0 out=$1; shift; "$@" && exec "$pagefind" --site "$out" --quiet`
		return exec.CommandContext(ctx, "sh", append([]string{"-c", both, found[0], out}, first.Args...)...), nil
	}}, err
}

// sizeOf counts the files of a folder and their bytes.
func sizeOf(dir string) (files int, bytes int64, err error) {
	err = filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			files, bytes = files+1, bytes+info.Size()
		}
		return err
	})
	return files, bytes, err
}

// enough reports whether as many records have pages as there should be; some builders add
// one, or make no site.
func enough(name string, pages, records int) bool {
	switch name {
	case "git-status":
		return true
	case "added":
		return pages == records+1
	}
	return pages == records
}
