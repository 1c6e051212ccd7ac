package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// npm is what the npm packages bring.
type npm struct {
	node             string // the program
	pagefind         string // the program
	minisearchModule string
	minisearchScript string

	pagefindVersion, minisearchVersion string
}

// installNPM installs the versions that package-lock.json names, unless they
// are there.
func installNPM(ctx context.Context, root string, stderr io.Writer) (npm, error) {
	dir := filepath.Join(root, "internal", "test", "searchbench", "npm")
	node, err := exec.LookPath("node")
	if err != nil {
		return npm{}, fmt.Errorf("%w; install Node.js", err)
	}
	// "npm ls" fails where a package is missing or of another version.
	if runNPM(ctx, dir, "ls") != nil {
		fmt.Fprintln(stderr, "installing Pagefind and MiniSearch into", dir)
		if err := runNPM(ctx, dir, "ci", "--ignore-scripts", "--no-audit", "--no-fund"); err != nil {
			return npm{}, err
		}
	}
	modules := filepath.Join(dir, "node_modules")
	name := "pagefind_extended"
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	pagefind, err := only(modules, "@pagefind/*/bin/"+name)
	if err != nil {
		return npm{}, err
	}
	found := npm{
		node:             node,
		pagefind:         filepath.Join(modules, filepath.FromSlash(pagefind)),
		minisearchModule: filepath.Join(modules, "minisearch", "dist", "es", "index.js"),
		minisearchScript: filepath.Join(modules, "minisearch", "dist", "umd", "index.js"),
	}
	if found.pagefindVersion, err = packageVersion(modules, "pagefind"); err != nil {
		return npm{}, err
	}
	found.minisearchVersion, err = packageVersion(modules, "minisearch")
	return found, err
}

func packageVersion(modules, name string) (string, error) {
	content, err := os.ReadFile(filepath.Join(modules, name, "package.json"))
	if err != nil {
		return "", err
	}
	var description struct{ Version string }
	err = json.Unmarshal(content, &description)
	return description.Version, err
}

func runNPM(ctx context.Context, dir string, args ...string) error {
	command := exec.CommandContext(ctx, "npm", args...)
	command.Dir = dir
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("npm %s: %w\n%s", strings.Join(args, " "), err, output)
	}
	return nil
}

// projectRoot is the folder of go.mod.
func projectRoot(ctx context.Context) (string, error) {
	output, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", module).Output()
	if err != nil {
		return "", fmt.Errorf("go list -m %s: %w; run the benchmark inside the project", module, err)
	}
	return strings.TrimSpace(string(output)), nil
}

const module = "github.com/deploysite/deploysite"

// compile builds the deploysite that is measured.
func compile(ctx context.Context, work string) (binary string, err error) {
	binary = filepath.Join(work, "deploysite.exe")
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", binary, module+"/cmd/deploysite")
	if output, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, output)
	}
	return binary, nil
}
