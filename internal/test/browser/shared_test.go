package browser

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
)

// A once makes one thing for each key, when a test first asks for it.
type once[T any] struct{ made sync.Map }

func (o *once[T]) get(t *testing.T, key string, newThing func() (T, error)) T {
	t.Helper()
	thing, _ := o.made.LoadOrStore(key, sync.OnceValues(newThing))
	v, err := thing.(func() (T, error))()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

var (
	sharedDir string // holds what several tests look at
	folders   atomic.Int64

	endMu sync.Mutex
	ends  []func()
)

// newFolder is the path of an empty folder that stays until the last test.
func newFolder() (string, error) {
	dir := filepath.Join(sharedDir, strconv.Itoa(int(folders.Add(1))))
	return dir, os.Mkdir(dir, 0o777)
}

// atEnd calls a function after the last test.
func atEnd(end func()) {
	endMu.Lock()
	defer endMu.Unlock()
	ends = append(ends, end)
}

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "deploysite-browser-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	sharedDir = dir
	status := m.Run()
	for _, end := range slices.Backward(ends) {
		end()
	}
	return status
}
