package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"deploysite": main})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup:               withMise,
		Condition: func(cond string) (bool, error) {
			if cond == "root" { // whom no permission keeps out
				return os.Getuid() == 0, nil
			}
			return false, fmt.Errorf("there is no condition %q", cond)
		},
	})
}

// withMise puts a mise on PATH, since what init says depends on that. $WITHOUT_MISE
// is a PATH that has but git and the commands.
func withMise(env *testscript.Env) error {
	with, without := filepath.Join(env.WorkDir, ".with"), filepath.Join(env.WorkDir, ".without")
	for _, folder := range []string{with, without} {
		if err := os.Mkdir(folder, 0o777); err != nil {
			return err
		}
	}
	name := "mise"
	if runtime.GOOS == "windows" {
		name = "mise.exe"
	}
	if err := os.WriteFile(filepath.Join(with, name), nil, 0o777); err != nil {
		return err
	}
	if git, err := exec.LookPath("git"); err == nil && runtime.GOOS != "windows" {
		if err := os.Symlink(git, filepath.Join(without, "git")); err != nil {
			return err
		}
	}
	commands := filepath.SplitList(env.Getenv("PATH"))[0] // where testscript puts them
	env.Setenv("WITHOUT_MISE", without+string(filepath.ListSeparator)+commands)
	env.Setenv("PATH", with+string(filepath.ListSeparator)+env.Getenv("PATH"))
	return nil
}
