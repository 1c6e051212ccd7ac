package git

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// leading are the variables that lead git to a repository, whatever folder it is
// asked about. Hooks have them.
var leading = []string{"GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR"}

// within are those that only mean something together with them.
var within = []string{"GIT_INDEX_FILE", "GIT_PREFIX"}

// environment is the one in which git answers for the repository that holds a
// folder. Where variables lead to that repository, as in its own hooks, they are
// set anew: a relative one holds for another folder, and GIT_DIR alone makes a work
// tree of any folder. [ErrElsewhere] says that they lead away from it.
func environment(dir string) ([]string, error) {
	if !slices.ContainsFunc(leading, isSet) {
		return without(leading), nil // empty ones lead nowhere, but git would follow them
	}
	led, err := ledTo()
	if errors.Is(err, ErrNoGit) {
		return nil, err
	}
	top := Top(dir)
	switch {
	case err != nil:
	case top != "" && isSame(led, gitDir(top)):
		return append(without(slices.Concat(leading, within)), "GIT_DIR="+gitDir(top), "GIT_WORK_TREE="+top), nil
	case top == "" && isSet("GIT_DIR") && isSet("GIT_WORK_TREE"):
		tree, err := filepath.Abs(os.Getenv("GIT_WORK_TREE"))
		if err == nil && (pathFrom(tree, dir) != "" || isSame(tree, dir)) {
			return append(without(slices.Concat(leading, within)), "GIT_DIR="+led, "GIT_WORK_TREE="+tree), nil
		}
	}
	return nil, fmt.Errorf("%w: %s; unset %[2]s, which a hook may have set", ErrElsewhere, firstSet())
}

// ledTo is the folder of git's files that the variables lead to.
func ledTo() (string, error) {
	cmd := exec.Command("git", "rev-parse", "--absolute-git-dir")
	cmd.Env = append(os.Environ(), "LC_ALL=C") // explain reads the message
	out, err := answer(cmd, "rev-parse")
	return filepath.FromSlash(strings.TrimRight(out, "\r\n")), err
}

func isSet(name string) bool { return os.Getenv(name) != "" }

// firstSet is the variable that leads away.
func firstSet() string { return leading[slices.IndexFunc(leading, isSet)] }

// without is the environment but for some variables.
func without(names []string) []string {
	return slices.DeleteFunc(os.Environ(), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		return slices.Contains(names, name)
	})
}

// isSame reports whether two paths are of one folder.
func isSame(a, b string) bool {
	infoA, errA := os.Stat(a)
	infoB, errB := os.Stat(b)
	return cmp.Or(errA, errB) == nil && os.SameFile(infoA, infoB)
}
