package serve

import (
	"bytes"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/test/generate"
)

// Each save makes another site. However many there were, the memory in use is that
// of the newest: at most half as much again as after the first build.
func TestSavesKeepNoFormerSite(t *testing.T) {
	root := t.TempDir()
	if err := generate.Project(root, 60, generate.Options{Seed: 4}); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(root, "deployments/checklists/*.md"))
	if err != nil || len(files) != 60 {
		t.Fatal(len(files), err)
	}
	live := NewLive("")
	defer live.Close()
	env := &cli.Env{Dir: root, Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: io.Discard, Getenv: func(string) string { return "" },
		Now: func() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }}
	b := newRebuilder(env, Options{}, live, []string{"http://127.0.0.1/"})
	build := func(changed ...string) {
		b.inputs()
		b.build(t.Context(), changed)
		if len(live.failed) > 0 {
			t.Fatal(live.failed)
		}
		w := httptest.NewRecorder()
		r := httptest.NewRequest("GET", "http://127.0.0.1/index.html", nil)
		live.ServeHTTP(w, r)
		if w.Code != 200 || !bytes.Contains(w.Body.Bytes(), []byte("</html>")) {
			t.Fatal(w.Code, w.Body)
		}
	}
	build()
	first := heapInUse()
	const saves = 25
	for i := range saves {
		file := files[i%len(files)]
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, fmt.Appendf(source, "\nSaved for the %dth time.\n", i), 0o666); err != nil {
			t.Fatal(err)
		}
		build(file)
	}
	if last := heapInUse(); last > first+first/2 {
		t.Errorf("%d saves later %d kB are in use; after the first build it was %d kB", saves, last>>10, first>>10)
	} else {
		t.Logf("in use: %d kB after the first build, %d kB %d saves later", first>>10, last>>10, saves)
	}
}

// heapInUse is how much of the heap is reachable.
func heapInUse() uint64 {
	runtime.GC()
	runtime.GC() // what pools and finalizers still held
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
