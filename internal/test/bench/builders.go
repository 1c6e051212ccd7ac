package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// builder turns a project into a site.
type builder struct {
	name string
	// command returns what to run. What it takes to get ready, such as copying
	// the records to where hugo reads them, happens here and is not measured.
	command func(ctx context.Context, source, out string) (*exec.Cmd, error)
}

// builderNames are in the order in which they are shown.
var builderNames = []string{"deploysite", "deploysite-search", "again", "changed", "added", "hugo", "hugo-lists", "hugo-pagefind", "floor", "floor-alike", "copy", "git-status"}

// prepare compiles or finds the builders. Those that are not to be had are
// missing from the list and named in the error.
func prepare(ctx context.Context, o options, work string, stderr io.Writer) ([]builder, error) {
	makers := map[string]func() (builder, error){
		"deploysite":        func() (builder, error) { return newDeploysite(ctx, "deploysite", false, work) },
		"deploysite-search": func() (builder, error) { return newDeploysite(ctx, "deploysite-search", true, work) },
		"hugo":              func() (builder, error) { return newHugo(ctx, "hugo", "production", o.hugo, work, stderr) },
		"hugo-lists":        func() (builder, error) { return newHugo(ctx, "hugo-lists", "lists", o.hugo, work, stderr) },
		"floor":             newFloor,
		"again":             func() (builder, error) { return newAgain(ctx, "again", work, nil) },
		"changed":           func() (builder, error) { return newAgain(ctx, "changed", work, changeOne) },
		"added":             func() (builder, error) { return newAgain(ctx, "added", work, addOne) },
		"hugo-pagefind":     func() (builder, error) { return newHugoPagefind(ctx, o.hugo, work, stderr) },
		"floor-alike":       func() (builder, error) { return newFloorAlike(ctx, work) },
		"copy":              func() (builder, error) { return newCopy(ctx, work) },
		"git-status":        newGitStatus,
	}
	var builders []builder
	var missing []error
	for _, name := range builderNames {
		if len(o.only) > 0 && !slices.Contains(o.only, name) {
			continue
		}
		b, err := makers[name]()
		if err != nil {
			missing = append(missing, fmt.Errorf("%s is not measured: %w", name, err))
			continue
		}
		builders = append(builders, b)
	}
	return builders, errors.Join(missing...)
}

// compile compiles this tool.
func compile(ctx context.Context, work string) (binary string, err error) {
	binary = filepath.Join(work, "deploysite.exe")
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", binary, module+"/cmd/deploysite")
	if output, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, output)
	}
	return binary, nil
}

func configure(source string, search bool) error {
	return os.WriteFile(filepath.Join(source, "deploysite.toml"), fmt.Appendf(nil, "[search]\nenabled = %v\n", search), 0o644)
}

// newDeploysite is this tool, with or without the search, for which the others
// build nothing.
func newDeploysite(ctx context.Context, name string, search bool, work string) (builder, error) {
	binary, err := compile(ctx, work)
	if err != nil {
		return builder{}, err
	}
	return builder{name, func(ctx context.Context, source, out string) (*exec.Cmd, error) {
		if err := configure(source, search); err != nil {
			return nil, err
		}
		return exec.CommandContext(ctx, binary, "-C", source, "build", "-o", out), nil
	}}, nil
}

const module = "github.com/deploysite/deploysite"

// projectRoot is the folder of go.mod.
func projectRoot(ctx context.Context) (string, error) {
	output, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", module).Output()
	if err != nil {
		return "", fmt.Errorf("go list -m %s: %w; run the benchmark inside the project", module, err)
	}
	return strings.TrimSpace(string(output)), nil
}

// recordFiles lists the records of a project.
func recordFiles(source string) ([]string, error) {
	files, err := filepath.Glob(filepath.Join(source, "deployments", "checklists", "*-deployment.md"))
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("%s: %w", source, os.ErrNotExist)
	}
	return files, err
}

// recordID is the name of a record's file without its ending.
func recordID(file string) string {
	return strings.TrimSuffix(filepath.Base(file), "-deployment.md")
}
