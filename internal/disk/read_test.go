package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func TestReadOpensRegularFilesOnly(t *testing.T) {
	dir := t.TempDir()
	file, link := filepath.Join(dir, "file"), filepath.Join(dir, "link")
	if err := os.WriteFile(file, []byte("1234"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("file", link); err != nil {
		t.Skip(err)
	}
	fsys := os.DirFS(dir)
	if content, err := Read(fsys, "file", 4); err != nil || string(content) != "1234" {
		t.Errorf("%q, %v", content, err)
	}
	for _, name := range []string{"link", "."} {
		if content, err := Read(fsys, name, 4); !errors.As(err, new(NotRegular)) {
			t.Errorf("%s: %q, %v", name, content, err)
		}
	}
	if _, err := Read(fsys, "none", 4); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if content, err := ReadLinked(fsys, "link", 4); err != nil || string(content) != "1234" {
		t.Errorf("through a link: %q, %v", content, err)
	}
	if content, err := ReadFile(link, 3); !errors.As(err, new(TooLarge)) || string(content) != "1234" {
		t.Errorf("a large file: %q, %v", content, err)
	}
	if _, err := ReadFile(dir, 3); err == nil || err.Error() != "it is a folder, not a regular file" {
		t.Errorf("a folder: %v", err)
	}
}
