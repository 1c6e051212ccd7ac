package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/records"
)

const folder = "deployments/checklists"

func project(names ...string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for _, name := range names {
		fsys[folder+"/"+name] = &fstest.MapFile{Data: []byte("- [x] a\n")}
	}
	return fsys
}

func mustLoad(t *testing.T, fsys fs.FS, each func(*records.Record)) *History {
	t.Helper()
	h, err := Load(context.Background(), fsys, folder, records.Options{}, each)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func ids(h *History) (list []string) {
	for _, r := range h.Records {
		list = append(list, r.ID)
	}
	return list
}

func TestLoadOrder(t *testing.T) {
	h := mustLoad(t, project("2024-08-31-14-30-deployment.md", "2024-08-31-14-30-2-deployment.md",
		"2025-01-02-03-04-deployment.md", "2024-02-30-10-00-deployment.md"), nil)
	want := []string{"2025-01-02-03-04", "2024-08-31-14-30-2", "2024-08-31-14-30", "2024-02-30-10-00"}
	if diff := cmp.Diff(want, ids(h)); diff != "" {
		t.Error(diff)
	}
	if h.Records[0].File != folder+"/2025-01-02-03-04-deployment.md" || h.Records[0].Document.Root == nil {
		t.Errorf("the first is %+v", h.Records[0])
	}
}

func TestLoadChoosesFiles(t *testing.T) {
	fsys := project("2024-08-31-14-30-deployment.md", "README.md", "index.md", "_draft.md", ".hidden.md", "picture.png",
		"notes.md", "2024-09-01-10-00-Ab.md", "2024-09-01-10-00-aB.md", "2024-09-02-10-00-deployment.md/x")
	fsys[folder+"/2024-09-03-10-00-deployment.md"] = &fstest.MapFile{Data: []byte("target"), Mode: fs.ModeSymlink}
	fsys[folder+"/2024-09-04-10-00-deployment.md"] = &fstest.MapFile{Mode: fs.ModeNamedPipe}
	fsys[folder+"/2024-09-05-10-00-deployment.md"] = &fstest.MapFile{Data: make([]byte, records.MaxSize+1)}
	h := mustLoad(t, fsys, nil)
	if diff := cmp.Diff([]string{"2024-09-01-10-00-Ab", "2024-08-31-14-30"}, ids(h)); diff != "" {
		t.Error(diff)
	}
	var got []string
	for _, p := range h.Problems {
		got = append(got, strings.TrimPrefix(p.File, folder+"/")+": "+p.Message)
	}
	want := []string{
		"2024-09-01-10-00-aB.md: not read: it has the same ID as 2024-09-01-10-00-Ab.md",
		"2024-09-02-10-00-deployment.md: not read: it is a folder, not a regular file",
		"2024-09-03-10-00-deployment.md: not read: it is a symbolic link to a file that is not there",
		"2024-09-04-10-00-deployment.md: not read: it is a named pipe, not a regular file",
		"2024-09-05-10-00-deployment.md: not read: it has more than 4 MiB",
		"notes.md: the file is not read: its name is not a record's: it holds no date",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestNamesThatDifferInCase cannot both be checked out on macOS and Windows.
func TestNamesThatDifferInCase(t *testing.T) {
	h := mustLoad(t, project("2024-08-31-14-30-Deployment.md", "2024-08-31-14-30-deployment.md"), nil)
	if len(h.Problems) != 1 || h.Problems[0].Rule != problem.SameID || len(ids(h)) != 1 {
		t.Errorf("%+v, of %v", h.Problems, ids(h))
	}
}

// TestLoadFoldersBelow has records by year and by service, and what else lies
// about in such folders.
func TestLoadFoldersBelow(t *testing.T) {
	fsys := project("2025-01-02-03-04-deployment.md", "2024/2024-08-31-14-30-deployment.md", "2024/08/2024-08-30.md", "2024/notes.md",
		"checkout/2024-08-31-14-30-deployment.md", "images/a.png", "templates/a.md", "templates/b.md", "_drafts/2024-08-29.md",
		"2023/2024-08-31-14-30-deployment.md", "1/2/3/4/5/6/7/8/9/2024-08-31.md")
	h := mustLoad(t, fsys, nil)
	if diff := cmp.Diff([]string{"2025-01-02-03-04", "checkout.2024-08-31-14-30", "2024-08-31-14-30", "2024-08-30"}, ids(h)); diff != "" {
		t.Error(diff)
	}
	var got []string
	for _, p := range h.Problems {
		got = append(got, strings.TrimPrefix(p.File, folder+"/")+": "+p.Message)
	}
	want := []string{
		"1/2/3/4/5/6/7/8/9: what is in this folder is not read: it lies more than 8 folders deep",
		"2024/2024-08-31-14-30-deployment.md: not read: it has the same ID as 2023/2024-08-31-14-30-deployment.md",
		"2024/notes.md: the file is not read: its name is not a record's: it holds no date",
		"templates: nothing in this folder is read: a.md and 1 more have no record's name",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	names, err := Folder{FS: fsys, Dir: folder}.Names()
	if err != nil || len(names) != 4 || names[0] != "2025-01-02-03-04-deployment.md" || names[3] != "2024/08/2024-08-30.md" {
		t.Errorf("names %q, %v", names, err)
	}
	r, err := Folder{FS: fsys, Dir: folder}.Read("checkout/2024-08-31-14-30-deployment.md")
	if err != nil || r.ID != "checkout.2024-08-31-14-30" || r.Name != "checkout/2024-08-31-14-30-deployment.md" {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestLoadNothing(t *testing.T) {
	for name, fsys := range map[string]fs.FS{"no project": fstest.MapFS{}, "no folder": fstest.MapFS{"deployments/x": {}}, "empty": project("README.md")} {
		if h := mustLoad(t, fsys, nil); len(h.Records)+len(h.Problems) > 0 {
			t.Errorf("%s: %+v", name, h)
		}
	}
}

func TestLoadLinkedFolder(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "elsewhere/checklists"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("elsewhere", filepath.Join(dir, "deployments")); err != nil {
		t.Skip(err)
	}
	if _, err := Load(context.Background(), os.DirFS(dir), folder, records.Options{}, nil); err == nil || !strings.Contains(err.Error(), "deployments is a symbolic link") {
		t.Errorf("error %v", err)
	}
}

// TestLoadRealFiles has what a map cannot hold: files without permission, and
// loops of links.
func TestLoadRealFiles(t *testing.T) {
	dir := t.TempDir()
	checklists := filepath.Join(dir, folder)
	if err := os.MkdirAll(checklists, 0o777); err != nil {
		t.Fatal(err)
	}
	write := func(name string, mode fs.FileMode) {
		if err := os.WriteFile(filepath.Join(checklists, name), []byte("- [x] a\n"), mode); err != nil {
			t.Fatal(err)
		}
	}
	write("2024-08-31-14-30-deployment.md", 0o666)
	loop := filepath.Join(checklists, "2024-08-31-15-30-deployment.md")
	if err := os.Symlink(loop, loop); err != nil {
		t.Skip(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	h := mustLoad(t, root.FS(), nil)
	if len(h.Records) != 1 || len(h.Problems) != 1 || h.Problems[0].File != folder+"/2024-08-31-15-30-deployment.md" {
		t.Errorf("records %v, problems %v", ids(h), h.Problems)
	}
}

func TestLoadUnreadableFile(t *testing.T) {
	fsys := failingFS{project("2024-08-31-14-30-deployment.md", "2024-08-31-15-30-deployment.md"), "2024-08-31-15-30-deployment.md"}
	h := mustLoad(t, fsys, nil)
	if len(h.Records) != 1 || len(h.Problems) != 1 {
		t.Fatalf("records %v, problems %v", ids(h), h.Problems)
	}
	want := folder + "/2024-08-31-15-30-deployment.md: error: not read: permission denied; make it readable, or remove it"
	if got := h.Problems[0].String(); got != want || h.Problems[0].Rule != problem.Unreadable {
		t.Errorf("got %s, %s", got, h.Problems[0].Rule)
	}
}

// A file that is gone before it is read was never there.
func TestLoadRemovedFile(t *testing.T) {
	fsys := vanishingFS{project("2024-08-31-14-30-deployment.md", "2024-08-31-15-30-deployment.md"), "2024-08-31-15-30-deployment.md"}
	if h := mustLoad(t, fsys, nil); len(h.Records) != 1 || len(h.Problems) != 0 {
		t.Fatalf("records %v, problems %v", ids(h), h.Problems)
	}
}

// vanishingFS lists a file that is not there when it is opened.
type vanishingFS failingFS

func (f vanishingFS) Open(name string) (fs.File, error) {
	if strings.HasSuffix(name, f.name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return f.MapFS.Open(name)
}

// Linked files and folders are read where they are the project's, and named where
// they are not.
func TestLoadFollowsLinks(t *testing.T) {
	top := t.TempDir()
	dir := filepath.Join(top, "project")
	write := func(name string) {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte("- [x] a\n"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	link := func(to, name string) {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Skip(err)
		}
	}
	for _, name := range []string{"2024-01-01", "2023/2023-01-01", "2023/deep/2023-01-02"} {
		write(folder + "/" + name + ".md")
	}
	write("old/2022-01-01.md")
	write("old/sub/2022-01-02.md")
	write("other/2021-01-01.md")
	write("../outside/2020-01-01.md")
	link("../../old", folder+"/archive")
	link("archive", folder+"/twice") // old again
	link("../../other/2021-01-01.md", folder+"/2021-01-01.md")
	link("2023", folder+"/latest") // read anyway
	link("..", folder+"/up")
	link("../..", folder+"/2023/root")
	link("../../../outside", folder+"/outside")
	link("../../../../outside/../project/old", folder+"/round")
	link(filepath.Join(dir, "old"), folder+"/absolute")
	link("circle", folder+"/circle")
	link("gone", folder+"/nowhere")
	link("../other", "old/other") // two folders that lead to each other
	link("../old", "other/old")
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	for name, fsys := range map[string]fs.FS{"os.Root": root.FS(), "os.DirFS": os.DirFS(dir)} {
		h := mustLoad(t, fsys, nil)
		want := []string{"2024-01-01", "2023-01-02", "2023-01-01", "2022-01-02", "2022-01-01", "2021-01-01", "2021-01-01"} // the last of two links, so of two services
		got := ids(h)
		for i, id := range got {
			got[i] = id[len(id)-len("2024-01-01"):] // without the folder that a service may have
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		var said []string
		for _, p := range h.Problems {
			said = append(said, strings.TrimPrefix(p.File, folder+"/")+": "+strings.TrimPrefix(p.Message, "not read: it is a symbolic link"))
		}
		wantSaid := []string{
			"2023/root:  to a folder around it",
			"absolute: , and it is not relative, so it leads elsewhere in a copy of the project",
			"archive/other/old:  to a folder that is read as archive",
			"circle: , and it leads in a circle",
			"nowhere: , and nothing is there where it leads",
			"outside: , and it leads out of the project",
			"round: , and it leads out of the project",
			"twice:  to a folder that is read as archive",
			"up:  to a folder around it",
		}
		if diff := cmp.Diff(wantSaid, said); diff != "" {
			t.Errorf("%s: -want +got:\n%s", name, diff)
		}
	}
}

// failingFS refuses to open the file of one name.
type failingFS struct {
	fstest.MapFS
	name string
}

func (f failingFS) Open(name string) (fs.File, error) {
	if strings.HasSuffix(name, f.name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return f.MapFS.Open(name)
}

func TestLoadCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Load(ctx, project("2024-08-31-14-30-deployment.md"), folder, records.Options{}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

// TestLoadLetsTreesGo: each sees every record whole, and what is kept of many
// records is small.
func TestLoadLetsTreesGo(t *testing.T) {
	fsys := fstest.MapFS{}
	source := oneRecord(t)
	const n = 2000
	for i := range n {
		fsys[fmt.Sprintf("%s/2024-08-31-14-30-%d-deployment.md", folder, i+2)] = &fstest.MapFile{Data: source}
	}
	var mu sync.Mutex
	var seen []string
	before := heapBytes()
	h := mustLoad(t, fsys, func(r *records.Record) {
		mu.Lock()
		defer mu.Unlock()
		if r.Document.Root != nil && len(r.Source) > 0 && r.Steps[0].Node != nil && r.Sections[0].Node != nil {
			seen = append(seen, r.ID)
		}
	})
	perRecord := (heapBytes() - before) / n
	want := ids(h)
	slices.Sort(want)
	slices.Sort(seen)
	if diff := cmp.Diff(want, seen); diff != "" || len(seen) != n {
		t.Errorf("not each record was seen once with its tree: %d of %d", len(seen), n)
	}
	for _, r := range h.Records {
		if r.Source != nil || r.Document.Root != nil || r.Steps[0].Node != nil || r.Sections[0].Node != nil {
			t.Fatalf("%s still holds its tree", r.ID)
		}
	}
	if perRecord > 16<<10 {
		t.Errorf("%d bytes are kept for a record of %d bytes", perRecord, len(source))
	}
	runtime.KeepAlive(h)
}

// oneRecord is a record with everything that one has.
func oneRecord(t testing.TB) []byte {
	t.Helper()
	source, err := os.ReadFile("../records/testdata/records/design.txtar")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := bytes.Cut(source, []byte("-deployment.md --\n"))
	record, _, _ := bytes.Cut(rest, []byte("-- want --\n"))
	return record
}

func heapBytes() int64 {
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// TestLoadTakesNoDocumentForARecord has the checklist and the process document of a project among its records.
func TestLoadTakesNoDocumentForARecord(t *testing.T) {
	fsys := project("2024-08-31.md", "checklist.md", "2024-01-01-how-we-deploy.md", "TEMPLATE.md", "other.md")
	h, err := Load(t.Context(), fsys, folder, records.Options{Documents: []string{folder + "/checklist.md", folder + "/2024-01-01-how-we-deploy.md", "other.md"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"2024-08-31"}, ids(h)); diff != "" {
		t.Error(diff)
	}
	if len(h.Problems) != 1 || h.Problems[0].File != folder+"/other.md" {
		t.Errorf("%+v", h.Problems)
	}
}
