package reference

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
)

// Where the pages are, as seen from the package of a command.
const (
	guideDir = "../../docs/guide/commands"
	manDir   = "../../docs/man"
)

// Check compares the pages in docs/ with those of a command, which make returns
// anew each time. With update it writes them.
func Check(t *testing.T, makeRoot func() *cobra.Command, update bool) {
	t.Helper()
	name := makeRoot().Name()
	compare(t, guideDir, name, ".md", Pages(makeRoot()), update)
	man, err := ManPages(makeRoot())
	if err != nil {
		t.Fatal(err)
	}
	compare(t, manDir, name, ".1", man, update)
}

func compare(t *testing.T, dir, name, ext string, want map[string]string, update bool) {
	t.Helper()
	if update {
		write(t, dir, want)
	}
	there, err := filepath.Glob(filepath.Join(dir, name+"*"+ext))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range there {
		base := filepath.Base(file)
		if want[base] != "" {
			continue
		}
		if !update {
			t.Errorf("%s is of no command; run this test with -update", file)
		} else if err := os.Remove(file); err != nil {
			t.Error(err)
		}
	}
	for base, text := range want {
		got, err := os.ReadFile(filepath.Join(dir, base))
		if err != nil {
			t.Errorf("%v; run this test with -update", err)
		} else if diff := cmp.Diff(string(got), text); diff != "" {
			t.Errorf("%s is not what the command says; run this test with -update (-file +command):\n%s", base, diff)
		}
		if strings.Count(text, "\n") < 10 {
			t.Errorf("%s says nothing:\n%s", base, text)
		}
	}
}

func write(t *testing.T, dir string, pages map[string]string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	for base, text := range pages {
		if err := os.WriteFile(filepath.Join(dir, base), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}
