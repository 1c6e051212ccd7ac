package git

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Index is what is staged in a folder, as a file system: what the next commit has
// there. Files are read when they are opened.
type Index struct {
	files   map[string]*blob // by name
	folders map[string][]fs.DirEntry
	batch   *batch

	Unmerged []string // the files in conflict
}

// Index returns the index below the folder given to [Open]. Close it after use. A file
// in conflict has the contents of our side, with its conflict still to be solved.
func (r *Repo) Index(ctx context.Context) (*Index, error) {
	list, err := r.staged(ctx, "ls-files", "--stage", "-z")
	if err != nil {
		return nil, err
	}
	x := &Index{files: map[string]*blob{}, folders: map[string][]fs.DirEntry{".": nil}}
	for in := (fields{list}); in.rest != ""; {
		facts, name, _ := strings.Cut(in.next(), "\t") // "100644 HASH 0\tNAME"
		part := strings.Fields(facts)
		if len(part) == 3 && part[2] != "0" && !slices.Contains(x.Unmerged, name) {
			x.Unmerged = append(x.Unmerged, name)
		}
		if len(part) != 3 || x.files[name] != nil && part[2] != "2" {
			continue
		}
		x.add(&blob{name: name, hash: part[1], mode: modeOf(part[0])})
	}
	x.batch, err = r.startBatch(ctx)
	return x, err
}

// Staged returns the files in the folder given to [Open] that the index has otherwise
// than the commit that is checked out: new, changed or renamed.
func (r *Repo) Staged(ctx context.Context) (names []string, err error) {
	head, err := r.Head(ctx)
	if err != nil {
		return nil, err
	}
	args := []string{"diff", "--cached", "--name-only", "--diff-filter=d", "--relative", "--no-ext-diff", "-z"}
	if head == "" {
		args = []string{"ls-files", "-z"}
	}
	out, err := r.staged(ctx, args...)
	for in := (fields{out}); in.rest != ""; {
		names = append(names, in.next())
	}
	return names, err
}

// staged runs git with the index that a hook was given: that of "git commit FILE" is
// not the usual one.
func (r *Repo) staged(ctx context.Context, args ...string) (string, error) {
	cmd := r.command(ctx, args...)
	if index := os.Getenv("GIT_INDEX_FILE"); index != "" {
		if !filepath.IsAbs(index) {
			index = filepath.Join(r.Top, index) // hooks run there
		}
		cmd.Env = append(cmd.Env, "GIT_INDEX_FILE="+index)
	}
	return answer(cmd, args[0])
}

func modeOf(octal string) fs.FileMode {
	switch octal {
	case "120000":
		return fs.ModeSymlink | 0o777
	case "160000": // a submodule
		return fs.ModeDir | fs.ModeIrregular
	}
	return 0o644
}

func (x *Index) add(b *blob) {
	if x.files[b.name] == nil {
		x.list(b.name, b)
	}
	x.files[b.name] = b
}

// list lists an entry in its folder, and that in the one above.
func (x *Index) list(name string, e fs.DirEntry) {
	folder := path.Dir(name)
	if _, known := x.folders[folder]; !known {
		x.list(folder, &blob{name: folder, mode: fs.ModeDir | 0o755})
	}
	x.folders[folder] = append(x.folders[folder], e)
}

// Close ends the git that reads the files.
func (x *Index) Close() error { return x.batch.close() }

// Open implements [fs.FS].
func (x *Index) Open(name string) (fs.File, error) {
	if entries, ok := x.folders[name]; ok {
		return &folder{blob: &blob{name: name, mode: fs.ModeDir | 0o755}, entries: entries}, nil
	}
	b, err := x.find("open", name)
	if err != nil {
		return nil, err
	}
	content, err := x.batch.read(b.hash)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return &file{blob: b.sized(len(content)), Reader: bytes.NewReader(content)}, nil
}

// ReadDir implements [fs.ReadDirFS].
func (x *Index) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, ok := x.folders[name]
	if !ok {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: fs.ErrNotExist}
	}
	return slices.SortedFunc(slices.Values(entries), func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) }), nil
}

// Stat implements [fs.StatFS]. It does not read the file, whose size is unknown, and
// does not follow symbolic links.
func (x *Index) Stat(name string) (fs.FileInfo, error) {
	if _, ok := x.folders[name]; ok {
		return &blob{name: name, mode: fs.ModeDir | 0o755}, nil
	}
	return x.find("stat", name)
}

// Lstat implements fs.ReadLinkFS.
func (x *Index) Lstat(name string) (fs.FileInfo, error) { return x.Stat(name) }

// ReadLink implements fs.ReadLinkFS.
func (x *Index) ReadLink(name string) (string, error) {
	b, err := x.find("readlink", name)
	if err != nil {
		return "", err
	}
	if b.mode&fs.ModeSymlink == 0 {
		return "", &fs.PathError{Op: "readlink", Path: name, Err: fs.ErrInvalid}
	}
	target, err := x.batch.read(b.hash)
	return string(target), err
}

func (x *Index) find(op, name string) (*blob, error) {
	b := x.files[name]
	switch {
	case !fs.ValidPath(name):
		return nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	case b == nil:
		return nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist}
	}
	return b, nil
}

// blob is a file in the index; it is its own entry and description.
type blob struct {
	name, hash string
	mode       fs.FileMode
	size       int64
}

func (b *blob) sized(n int) *blob {
	of := *b
	of.size = int64(n)
	return &of
}

func (b *blob) Name() string               { return path.Base(b.name) }
func (b *blob) Size() int64                { return b.size }
func (b *blob) Mode() fs.FileMode          { return b.mode }
func (b *blob) Type() fs.FileMode          { return b.mode.Type() }
func (b *blob) ModTime() time.Time         { return time.Time{} }
func (b *blob) IsDir() bool                { return b.mode.IsDir() }
func (b *blob) Sys() any                   { return nil }
func (b *blob) Info() (fs.FileInfo, error) { return b, nil }

// file is an open file.
type file struct {
	*blob
	*bytes.Reader
}

func (f *file) Size() int64                { return f.blob.size }
func (f *file) Stat() (fs.FileInfo, error) { return f.blob, nil }
func (f *file) Close() error               { return nil }

// folder is an open folder.
type folder struct {
	*blob
	entries []fs.DirEntry
}

func (f *folder) Stat() (fs.FileInfo, error) { return f.blob, nil }
func (f *folder) Close() error               { return nil }
func (f *folder) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: f.name, Err: errors.New("it is a folder")}
}

// ReadDir implements [fs.ReadDirFile].
func (f *folder) ReadDir(n int) (some []fs.DirEntry, err error) {
	if n <= 0 || n > len(f.entries) {
		if n > 0 && len(f.entries) == 0 {
			return nil, io.EOF
		}
		n = len(f.entries)
	}
	some, f.entries = f.entries[:n], f.entries[n:]
	return some, nil
}

// A batch is one git program that hands out objects, one question at a time.
type batch struct {
	mu   sync.Mutex
	in   io.WriteCloser
	out  *bufio.Reader
	wait func() error
	kill func() error
}

func (r *Repo) startBatch(ctx context.Context) (*batch, error) {
	cmd := r.command(ctx, "cat-file", "--batch")
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	b := &batch{in: in, out: bufio.NewReader(out), kill: func() error { return cmd.Process.Kill() }, wait: sync.OnceValue(func() error {
		if err := cmd.Wait(); err != nil {
			return explain("cat-file", err, stderr.String())
		}
		return nil
	})}
	return b, cmd.Start()
}

func (b *batch) read(hash string) ([]byte, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	late := time.AfterFunc(briefly, func() { b.kill() })
	defer late.Stop()
	if _, err := io.WriteString(b.in, hash+"\n"); err != nil {
		return nil, err
	}
	head, err := b.out.ReadString('\n') // "HASH blob SIZE"
	if err != nil {
		return nil, cmp.Or(b.close(), err) // git ended, and says why
	}
	part := strings.Fields(head)
	if len(part) != 3 || part[2] == "missing" {
		return nil, fmt.Errorf("git cat-file: %s", strings.TrimSpace(head))
	}
	size, err := strconv.Atoi(part[2])
	if err != nil {
		return nil, err
	}
	content := make([]byte, size+1) // with the line feed behind it
	_, err = io.ReadFull(b.out, content)
	return content[:size], err
}

func (b *batch) close() error {
	err := b.in.Close()
	return errors.Join(err, b.wait())
}
