package main

import (
	"archive/tar"
	"compress/gzip"
	"encoding/json"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// TestReproducible makes the archive of this system from two clones of the last commit:
// the same bytes, and commands that run and say which version they are.
func TestReproducible(t *testing.T) {
	target := runtime.GOOS + "/" + runtime.GOARCH
	if !slices.Contains(targets, target) || runtime.GOOS == "windows" {
		t.Skipf("there is no archive to unpack for %s", target)
	}
	top, err := run(nil, "git", "rev-parse", "--show-toplevel")
	if err != nil {
		t.Fatalf("the test clones the repository that it lies in: %v", err)
	}
	made := map[string]map[string]string{}
	for _, place := range []string{"one", "two/below"} {
		clone, output := filepath.Join(t.TempDir(), place), filepath.Join(t.TempDir(), "dist")
		if _, err := run(nil, "git", "clone", "-q", top, clone); err != nil {
			t.Fatal(err)
		}
		t.Chdir(clone)
		if err := makeRelease(output, target, "", true); err != nil {
			t.Fatal(err)
		}
		made[place] = contents(t, output)
		if err := makeRelease(output, target, "", true); err == nil || !strings.Contains(err.Error(), "holds files already") {
			t.Errorf("a second release into the same folder: %v", err)
		}
		if err := makeRelease(output+"2", target, "", false); err == nil || !strings.Contains(err.Error(), "no tag such as v0.1.0") {
			t.Errorf("a commit without a tag: %v", err)
		}
		if err := os.WriteFile("README.md", nil, 0o666); err != nil {
			t.Fatal(err)
		}
		if err := makeRelease(output+"2", target, "", true); err == nil || !strings.Contains(err.Error(), "not committed") {
			t.Errorf("with a change that is not committed: %v", err)
		}
	}
	if !maps.Equal(made["one"], made["two/below"]) {
		t.Errorf("two clones give different bytes: %v and %v", slices.Sorted(maps.Keys(made["one"])), slices.Sorted(maps.Keys(made["two/below"])))
	}
	for name, data := range made["one"] {
		switch {
		case strings.HasSuffix(name, ".tar.gz"):
			checkArchive(t, data)
		case strings.HasSuffix(name, ".cdx.json"):
			checkSBOM(t, data)
		}
	}
	if len(made["one"]) != 3 {
		t.Errorf("there are %d files, not the archive, its parts and the checksums", len(made["one"]))
	}
}

func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	all, err := os.ReadDir(dir)
	for _, f := range all {
		data, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name()] = string(data)
	}
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func checkArchive(t *testing.T, data string) {
	t.Helper()
	packed, err := gzip.NewReader(strings.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	dir, names := t.TempDir(), map[string]bool{}
	for archive := tar.NewReader(packed); ; {
		header, err := archive.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		names[header.Name] = true
		if !strings.HasPrefix(header.Name, "bin/") {
			continue
		}
		program, _ := io.ReadAll(archive)
		name := filepath.Join(dir, filepath.Base(header.Name))
		if err := os.WriteFile(name, program, header.FileInfo().Mode()); err != nil {
			t.Fatal(err)
		}
		said, err := exec.Command(name, "version").CombinedOutput()
		if err != nil || !strings.Contains(string(said), " 0.0.0-snapshot.") {
			t.Errorf("%s version says %q, %v", header.Name, said, err)
		}
	}
	for _, name := range []string{"bin/deploysite", "bin/deploystart", "LICENSE", "share/man/man1/deploystart-note.1",
		"share/bash-completion/completions/deploysite", "share/zsh/site-functions/_deploystart", "share/fish/vendor_completions.d/deploysite.fish",
		"licences/go/LICENSE", "licences/github.com/yuin/goldmark/LICENSE"} {
		if !names[name] {
			t.Errorf("the archive lacks %s", name)
		}
	}
}

func checkSBOM(t *testing.T, data string) {
	t.Helper()
	var bom struct {
		Format     string `json:"bomFormat"`
		Components []struct{ Name string }
	}
	if err := json.Unmarshal([]byte(data), &bom); err != nil {
		t.Fatal(err)
	}
	if bom.Format != "CycloneDX" || len(bom.Components) < 20 {
		t.Errorf("the list of parts is %q with %d parts", bom.Format, len(bom.Components))
	}
}

// TestLicences knows a licence by its words, and refuses what it does not know.
func TestLicences(t *testing.T) {
	for text, want := range map[string]string{
		"Permission is hereby granted, free of charge,\n  to any person obtaining a copy": "MIT",
		"Apache License\n  Version 2.0, January 2004":                                     "Apache-2.0",
		"All rights reserved. You may not copy this.":                                     "",
		"GNU GENERAL PUBLIC LICENSE Version 3":                                            "",
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "LICENSE.txt"), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		ids, err := module{path: "example.org/m", dir: dir}.licences()
		if strings.Join(ids, " ") != want || (err == nil) != (want != "") {
			t.Errorf("%q is %v, %v; want %q", text, ids, err, want)
		}
	}
	if _, err := (module{path: "example.org/m", dir: t.TempDir()}).licences(); err == nil {
		t.Error("a module without a licence passes")
	}
}
