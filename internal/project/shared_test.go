package project

import (
	"os"
	"path/filepath"
	"testing"
)

// TestRepositoryPath has paths of a checklist that may lie above the project.
func TestRepositoryPath(t *testing.T) {
	for path, want := range map[string]string{
		"docs/a.md": "docs/a.md", "../a.md": "../a.md", "../../docs/./b/../a.md": "../../docs/a.md", "./a.md": "a.md", "..a.md": "..a.md", "../..a.md": "../..a.md",
		"": "", "..": "", "../": "", "../..": "", "/a.md": "", "..//a.md": "", `..\a.md`: "", "a/../../b.md": "", "../a/../../b.md": "", "../../": "", "..//etc/passwd": "",
	} {
		got, err := repositoryPath(path)
		if (err != nil) != (want == "") || err == nil && got != want {
			t.Errorf("%q: %q, %v; want %q", path, got, err, want)
		}
	}
}

// TestReadDocument: nothing outside of the repository is read.
func TestReadDocument(t *testing.T) {
	dir := t.TempDir()
	for name, content := range map[string]string{
		"secret.md": "secret", "repo/.git/HEAD": "", "repo/docs/c.md": "shared", "repo/a/b/own.md": "own", "alone/own.md": "own",
	} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, link := range [][2]string{{"repo/a/b/in.md", "../../docs/c.md"}, {"repo/a/b/out.md", "../../../secret.md"}, {"repo/up", ".."}, {"alone/out.md", "../secret.md"}} {
		if err := os.Symlink(filepath.FromSlash(link[1]), filepath.Join(dir, filepath.FromSlash(link[0]))); err != nil {
			t.Skip("no symbolic links: ", err)
		}
	}
	for _, test := range []struct{ project, name, want string }{
		{"repo/a/b", "own.md", "own"}, {"repo/a/b", "../../docs/c.md", "shared"}, {"repo/a/b", "in.md", "shared"}, {"repo", "docs/c.md", "shared"}, {"alone", "own.md", "own"},
		{"repo/a/b", "out.md", ""}, {"repo/a/b", "../../../secret.md", ""}, {"repo/a/b", "../../up/secret.md", ""}, {"repo/a/b", "../../docs", ""}, {"repo/a/b", "../../no.md", ""},
		{"alone", "../secret.md", ""}, {"alone", "out.md", ""},
	} {
		p := &Project{Root: filepath.Join(dir, filepath.FromSlash(test.project))}
		got, err := p.ReadDocument(test.name, 100)
		if string(got) != test.want || (err != nil) != (test.want == "") {
			t.Errorf("%s, %s: %q, %v", test.project, test.name, got, err)
		}
		if there := p.Exists(test.name); test.want != "" && !there {
			t.Errorf("%s, %s is not there", test.project, test.name)
		}
	}
}
