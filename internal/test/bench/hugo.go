package main

import (
	"context"
	"embed"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
)

// hugoVersion is the one that is compared with, so that figures of different
// days and machines speak of the same thing.
const hugoVersion = "v0.165.0"

//go:embed all:hugosite
var hugoSite embed.FS

// newHugo is hugo on the site in hugosite. The environment "lists" leaves out all
// but record, taxonomy and list pages.
func newHugo(ctx context.Context, name, environment, path, work string, stderr io.Writer) (builder, error) {
	binary, err := findHugo(ctx, path, stderr)
	if err != nil {
		return builder{}, err
	}
	return builder{name, func(ctx context.Context, source, out string) (*exec.Cmd, error) {
		site, cache := filepath.Join(work, "hugo-site"), filepath.Join(work, "hugo-cache")
		if err := writeHugoSite(source, site, cache); err != nil {
			return nil, err
		}
		return exec.CommandContext(ctx, binary, "build", "--quiet", "--environment", environment, "--source", site, "--destination", out,
			"--cacheDir", cache, "--noBuildLock"), nil
	}}, nil
}

// writeHugoSite copies the records, as they are, to where hugo reads them.
func writeHugoSite(source, site, cache string) error {
	for _, dir := range []string{site, cache} {
		if err := os.RemoveAll(dir); err != nil {
			return err
		}
	}
	template, err := fs.Sub(hugoSite, "hugosite")
	if err != nil {
		return err
	}
	if err := os.CopyFS(site, template); err != nil {
		return err
	}
	content := filepath.Join(site, "content", "records")
	if err := os.MkdirAll(content, 0o755); err != nil {
		return err
	}
	files, err := recordFiles(source)
	if err != nil {
		return err
	}
	for _, file := range files {
		record, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(content, recordID(file)+".md"), record, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// findHugo takes the hugo that was asked for, else the one on PATH, else the
// one built before; where none is of the right version it builds one.
func findHugo(ctx context.Context, path string, stderr io.Writer) (string, error) {
	if path != "" {
		return path, checkHugo(ctx, path)
	}
	if found, err := exec.LookPath("hugo"); err == nil && checkHugo(ctx, found) == nil {
		return found, nil
	}
	root, err := projectRoot(ctx)
	if err != nil {
		return "", err
	}
	dir := filepath.Join(root, ".cache", "hugo-"+hugoVersion)
	binary := filepath.Join(dir, "hugo")
	if runtime.GOOS == "windows" {
		binary += ".exe"
	}
	if checkHugo(ctx, binary) == nil {
		return binary, nil
	}
	fmt.Fprintf(stderr, "building hugo %s into %s; this takes some minutes\n", hugoVersion, dir)
	if err := installHugo(ctx, dir); err != nil {
		return "", err
	}
	return binary, checkHugo(ctx, binary)
}

func installHugo(ctx context.Context, dir string) error {
	install := exec.CommandContext(ctx, "go", "install", "github.com/gohugoio/hugo@"+hugoVersion)
	install.Env = append(os.Environ(), "GOBIN="+dir, "GOFLAGS=-mod=mod", "CGO_ENABLED=0")
	if output, err := install.CombinedOutput(); err != nil {
		return fmt.Errorf("cannot build hugo %s: %w; build it elsewhere and name it with -hugo PATH\n%s",
			hugoVersion, err, output)
	}
	return nil
}

var hugoVersionLine = regexp.MustCompile(`^hugo (v[0-9.]+)`)

func checkHugo(ctx context.Context, path string) error {
	output, err := exec.CommandContext(ctx, path, "version").Output()
	if err != nil {
		return fmt.Errorf("%s version: %w", path, err)
	}
	match := hugoVersionLine.FindSubmatch(output)
	if match == nil || string(match[1]) != hugoVersion {
		return fmt.Errorf("%s is %q, not hugo %s; name another with -hugo PATH", path, output, hugoVersion)
	}
	return nil
}
