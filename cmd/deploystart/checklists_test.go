package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestChecklists takes each checklist of internal/records/testdata/checklists from
// the start of a deployment to the built site.
func TestChecklists(t *testing.T) {
	if testing.Short() {
		t.Skip("sixty deployments")
	}
	deploysite := build(t, "deploysite")
	for name, steps := range stepsOfChecklists(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			script := "any"
			if steps == 0 {
				script = "none"
			}
			testscript.Run(t, testscript.Params{
				Files:               []string{"testdata/checklists/" + script + ".txtar"},
				RequireExplicitExec: true,
				Setup: func(env *testscript.Env) error {
					env.Setenv("DEPLOYSITE", deploysite)
					env.Setenv("LAST", strconv.Itoa(steps))
					env.Setenv("MORE", strconv.Itoa(steps+1))
					if err := prepare(env); err != nil {
						return err
					}
					return copyFile(filepath.Join(env.Cd, "docs/deployment-checklist.md"), filepath.Join(checklistsDir, name+".md"))
				},
			})
		})
	}
}

const checklistsDir = "../../internal/records/testdata/checklists"

// stepsOfChecklists is how many steps each has.
func stepsOfChecklists(t *testing.T) map[string]int {
	table, err := os.ReadFile(filepath.Join(checklistsDir, "steps.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	for line := range strings.Lines(string(table)) {
		if f := strings.Split(line, "\t"); len(f) == 4 {
			counts[f[0]], _ = strconv.Atoi(f[1])
		}
	}
	return counts
}

// build makes another command of this module.
func build(t *testing.T, name string) string {
	path := filepath.Join(t.TempDir(), name)
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	if out, err := exec.Command("go", "build", "-o", path, "../"+name).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return path
}

func copyFile(to, from string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
		return err
	}
	return os.WriteFile(to, data, 0o666)
}
