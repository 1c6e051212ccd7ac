package disk

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestGuard: who has a file open for writing is seen, and so is who opens it during
// an exchange, with and without a lease. Who reads does not matter.
func TestGuard(t *testing.T) {
	path := filepath.Join(t.TempDir(), "record.md")
	if err := os.WriteFile(path, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	reader, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	guard, err := Watch(path)
	if err != nil {
		t.Fatal(err)
	}
	if guard.file == nil {
		t.Error("it was not leased")
	}
	opened := make(chan *os.File)
	go func() {
		f, _ := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
		opened <- f
	}()
	for guard.Check(path) == nil { // until the other one is waiting
	}
	if err := guard.Check(path); !errors.As(err, new(Busy)) {
		t.Error(err)
	}
	guard.Release()
	writer := <-opened
	defer writer.Close()
	if _, err := Watch(path); !errors.As(err, new(Busy)) {
		t.Errorf("while it is open for writing: %v", err)
	}
	if name := Writer(path); !strings.HasPrefix(name, "disk.test (process ") {
		t.Errorf("it is written by %q", name)
	}
	if err := new(Guard).Check(path); !errors.As(err, new(Busy)) {
		t.Errorf("without a lease: %v", err)
	}
	writer.Close()
	if err := new(Guard).Check(path); err != nil {
		t.Errorf("a reader: %v", err)
	}
}
