package site

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/deploysite/deploysite/internal/problem"
)

const twoRecords = `
-- deployments/checklists/2024-08-30-09-00-deployment.md --
# Shop v1
- [x] **Backup**
-- deployments/checklists/2024-08-31-14-30-deployment.md --
# Shop v2
- [x] **Backup**
`

func gitIn(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.Command("git", append([]string{"-c", "user.name=Ada Park", "-c", "user.email=ada@example.org"}, args...)...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git %q: %v\n%s", args, err, out)
	}
}

// committed is a project with one record a commit, and one that is not committed.
func committed(t *testing.T) string {
	t.Helper()
	t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
	t.Setenv("GIT_CONFIG_NOSYSTEM", "1")
	files := txtar.Parse([]byte(twoRecords)).Files
	root := write(t, files)
	gitIn(t, root, "init", "-q", "-b", "main")
	for _, f := range files {
		gitIn(t, root, "add", f.Name)
		gitIn(t, root, "commit", "-q", "-m", "docs: "+filepath.Base(f.Name))
	}
	addNew(t, root)
	return root
}

func addNew(t *testing.T, root string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(root, "deployments", "checklists", "2024-09-01-10-00-deployment.md"), []byte("- [x] a\n"), 0o666); err != nil {
		t.Fatal(err)
	}
}

const (
	oldest = "records/2024-08-30-09-00/index.html"
	newest = "records/2024-08-31-14-30/index.html"
	begun  = "records/2024-09-01-10-00/index.html" // not committed
)

func TestWhatIsNotKnownIsNotCalledUncommitted(t *testing.T) {
	for _, test := range []struct {
		name    string
		change  func(t *testing.T, root string) string // of the project, which it may put elsewhere
		pages   map[string]string                      // what a page says of its trail
		problem string                                 // "" where there is none
	}{
		{"whole", func(t *testing.T, root string) string { return root },
			map[string]string{oldest: "docs: 2024-08-30", newest: "docs: 2024-08-31", begun: "not committed yet"}, ""},
		{"shallow", func(t *testing.T, root string) string {
			clone := filepath.Join(t.TempDir(), "clone")
			gitIn(t, root, "clone", "-q", "--depth=1", "file://"+filepath.ToSlash(root), clone)
			addNew(t, clone)
			return clone
		}, map[string]string{oldest: "from a shallow clone, which lacks the commits of this record", newest: "shallow clone", begun: "not committed yet"},
			"not wholly, of 2 records: this is a shallow clone; fetch the whole history: git fetch --unshallow; in a pipeline fetch-depth: 0, or GIT_DEPTH"},
		{"shallow, with newer changes", func(t *testing.T, root string) string {
			clone := filepath.Join(t.TempDir(), "clone")
			gitIn(t, root, "clone", "-q", "--depth=1", "file://"+filepath.ToSlash(root), clone)
			file := filepath.Join(clone, "deployments", "checklists", "2024-08-31-14-30-deployment.md")
			if err := os.WriteFile(file, []byte("# Shop v2\n- [x] **Backup** done\n"), 0o666); err != nil {
				t.Fatal(err)
			}
			gitIn(t, clone, "commit", "-q", "-a", "-m", "docs: later")
			return clone
		}, map[string]string{newest: "lacks the older commits of this record"}, "shallow clone"},
		{"shallow, but all records are newer", func(t *testing.T, root string) string {
			clone := filepath.Join(t.TempDir(), "clone")
			gitIn(t, root, "rm", "-q", "-r", "--cached", ".")
			gitIn(t, root, "commit", "-q", "-m", "docs: none")
			gitIn(t, root, "clone", "-q", "--depth=1", "file://"+filepath.ToSlash(root), clone)
			write := filepath.Join(clone, "deployments", "checklists")
			if err := os.CopyFS(write, os.DirFS(filepath.Join(root, "deployments", "checklists"))); err != nil {
				t.Fatal(err)
			}
			gitIn(t, clone, "add", ".")
			gitIn(t, clone, "commit", "-q", "-m", "docs: again")
			return clone
		}, map[string]string{oldest: "docs: again"}, ""},
		{"no repository", func(t *testing.T, root string) string {
			if err := os.RemoveAll(filepath.Join(root, ".git")); err != nil {
				t.Fatal(err)
			}
			return root
		}, map[string]string{oldest: "outside a git repository", begun: "outside a git repository"}, ""},
		{"no git", func(t *testing.T, root string) string {
			t.Setenv("PATH", t.TempDir())
			return root
		}, map[string]string{oldest: "built without git", begun: "built without git"}, "git is not installed; install it"},
		{"another user", func(t *testing.T, root string) string {
			t.Setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
			return root
		}, map[string]string{oldest: "belongs to another user", begun: "belongs to another user"}, "so git does not read it; if you trust it: git config --global --add safe.directory /"},
		{"a hook of another repository", func(t *testing.T, root string) string {
			other := t.TempDir()
			gitIn(t, other, "init", "-q")
			t.Setenv("GIT_DIR", filepath.Join(other, ".git"))
			return root
		}, map[string]string{oldest: "led to another repository", begun: "led to another repository"}, "unset GIT_DIR"},
		{"a hook of its own", func(t *testing.T, root string) string {
			t.Setenv("GIT_DIR", filepath.Join(root, ".git"))
			return root
		}, map[string]string{oldest: "docs: 2024-08-30", begun: "not committed yet"}, ""},
		{"records in a repository of their own", func(t *testing.T, root string) string {
			gitIn(t, root, "init", "-q", "deployments")
			return root
		}, map[string]string{oldest: "Git could not be asked", begun: "Git could not be asked"}, "a repository of its own"},
		{"added by a merge itself", func(t *testing.T, root string) string {
			gitIn(t, root, "checkout", "-q", "-b", "side", "HEAD~1")
			gitIn(t, root, "commit", "-q", "--allow-empty", "-m", "side")
			gitIn(t, root, "checkout", "-q", "main")
			gitIn(t, root, "merge", "-q", "--no-commit", "--no-ff", "side")
			gitIn(t, root, "add", ".")
			gitIn(t, root, "commit", "-q", "-m", "merge")
			return root
		}, map[string]string{begun: "<bdi>merge</bdi>"}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, out := load(t, test.change(t, committed(t)))
			for file, want := range test.pages {
				_, trail, _ := strings.Cut(page(t, out, file), `id="audit"`)
				if !strings.Contains(trail, want) || !strings.Contains(want, "not committed") && strings.Contains(trail, "not committed yet") {
					t.Errorf("%s does not say %q: %s", file, want, trail)
				}
			}
			switch {
			case test.problem == "" && len(s.Problems) > 0:
				t.Errorf("problems %v", s.Problems)
			case test.problem != "" && (len(s.Problems) != 1 || !strings.Contains(s.Problems[0].String(), test.problem)):
				t.Errorf("problems %v, want %s", s.Problems, test.problem)
			}
		})
	}
}

// While a site is served, a new record is not taken for a committed one, and a clone
// that becomes whole is asked again.
func TestTheTrailOfALiveSite(t *testing.T) {
	root := committed(t)
	clone := filepath.Join(t.TempDir(), "clone")
	gitIn(t, root, "clone", "-q", "--depth=1", "file://"+filepath.ToSlash(root), clone)
	first := loadLive(t, clone, nil)
	if e := first.byID["2024-08-30-09-00"]; e.gap != cutAway {
		t.Errorf("gap %q", e.gap)
	}
	addNew(t, clone)
	second := loadLive(t, clone, first)
	if e := second.byID["2024-09-01-10-00"]; e.gap != uncommitted {
		t.Errorf("gap %q", e.gap)
	}
	gitIn(t, clone, "fetch", "-q", "--unshallow")
	third := loadLive(t, clone, second)
	if e := third.byID["2024-08-30-09-00"]; e.gap != noGap || len(e.Commits) != 1 || len(third.Problems) > 0 {
		t.Errorf("gap %q, %v, %v", e.gap, e.Commits, third.Problems)
	}
}

func TestPreviousIsOfTheSameServiceAndEnvironment(t *testing.T) {
	record := func(day, version, environment, status string) string {
		return "-- deployments/checklists/2024-08-" + day + "-10-00-deployment.md --\n---\nservice: shop\nversion: " + version +
			"\nenvironment: " + environment + "\nstatus: " + status + "\n---\n# Shop " + version + "\n"
	}
	_, out := load(t, write(t, txtar.Parse([]byte("-- deploysite.toml --\nrepository = \"https://github.com/acme/shop\"\n"+
		record("01", "v1.0.0", "production", "succeeded")+record("02", "v1.1.0", "Production", "failed")+
		record("03", "v1.2.0-rc.1", "staging", "succeeded")+record("04", "v1.2.0", "production", "succeeded")+
		record("05", "v1.2.0", "qa", "failed")+record("06", "v1.2.1", "qa", "succeeded"))).Files))
	for day, want := range map[string]string{
		"01": "next 02",
		"02": "next 04 previous 01 compare v1.0.0...v1.1.0",
		"03": "",
		"04": "previous 01 compare v1.0.0...v1.2.0",
		"05": "next 06",
		"06": "previous 05", // it ran nowhere: there is nothing to compare with
	} {
		html := page(t, out, "records/2024-08-"+day+"-10-00/index.html")
		var got []string
		for _, kind := range []string{"Next", "Previous"} {
			if _, after, ok := strings.Cut(html, `<span class="hint">`+kind+`</span> <a href="../../records/2024-08-`); ok {
				got = append(got, strings.ToLower(kind), after[:2])
			}
		}
		if _, after, ok := strings.Cut(html, `https://github.com/acme/shop/compare/`); ok {
			compared, _, _ := strings.Cut(after, `"`)
			got = append(got, "compare", compared)
		}
		if joined := strings.Join(got, " "); joined != want {
			t.Errorf("%s: %q, want %q", day, joined, want)
		}
	}
}

// TestPreviousOfManyServices: services and environments are the same in other letters,
// and a deployment of several services follows that of each.
func TestPreviousOfManyServices(t *testing.T) {
	for _, test := range []struct{ records, want string }{ // service, environment, status; which is the previous of the last
		{"web prod succeeded; WEB Prod succeeded", "1"},
		{"Café prod succeeded; Cafe\u0301 prod succeeded", "1"},
		{"web prod succeeded; web prod rolled-back; web prod failed; web prod succeeded", "1"},
		{"web prod succeeded; api prod succeeded; web prod succeeded", "1"},
		{"web - succeeded; web - succeeded", "1"},
		{"- prod succeeded; - prod succeeded", "1"},
		{"web prod succeeded; web qa succeeded; web prod succeeded; web qa succeeded", "2"},

		{"web prod succeeded; api prod succeeded", ""},
		{"web qa succeeded; web prod succeeded", ""},
		{"Cafe prod succeeded; Café prod succeeded", ""},
		{"web prod cancelled; web prod succeeded", ""},
		{"web prod in-progress; web prod succeeded", ""},
	} {
		var files []txtar.File
		for i, line := range strings.Split(test.records, "; ") {
			words := strings.Fields(line)
			front := "status: " + words[2] + "\nversion: 1." + strconv.Itoa(i+1) + "\n"
			for j, key := range []string{"service", "environment"} {
				if words[j] != "-" {
					front += key + ": " + words[j] + "\n"
				}
			}
			files = append(files, txtar.File{Name: fmt.Sprintf("deployments/checklists/2024-08-%02d-10-00-deployment.md", i+1), Data: []byte("---\n" + front + "---\n")})
		}
		files = append(files, txtar.File{Name: "deploysite.toml", Data: []byte("repository = \"https://github.com/acme/shop\"\n")})
		_, out := load(t, write(t, files))
		html := page(t, out, fmt.Sprintf("records/2024-08-%02d-10-00/index.html", len(files)-1))
		_, compared, _ := strings.Cut(html, "https://github.com/acme/shop/compare/1.")
		if got, _, _ := strings.Cut(compared, "..."); got != test.want {
			t.Errorf("%s: it is compared with %q, want %q", test.records, got, test.want)
		}
	}
}

// A page that shows more than is committed says so, next to the commits.
func TestChangesThatAreNotCommitted(t *testing.T) {
	const remark = "changes that are not committed"
	file := func(root string) string {
		return filepath.Join(root, "deployments", "checklists", "2024-08-31-14-30-deployment.md")
	}
	edit := func(t *testing.T, root string) {
		t.Helper()
		if err := os.WriteFile(file(root), []byte("# Shop v2\n- [x] **Backup** twice\n"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for name, change := range map[string]func(t *testing.T, root string){
		"edited": edit,
		"staged": func(t *testing.T, root string) {
			edit(t, root)
			gitIn(t, root, "add", file(root))
		},
		"assumed unchanged": func(t *testing.T, root string) {
			gitIn(t, root, "update-index", "--assume-unchanged", file(root))
			edit(t, root)
		},
		"skipped": func(t *testing.T, root string) {
			gitIn(t, root, "update-index", "--skip-worktree", file(root))
			edit(t, root)
		},
	} {
		t.Run(name, func(t *testing.T) {
			root := committed(t)
			change(t, root)
			s, out := load(t, root)
			for file, want := range map[string]bool{oldest: false, newest: true, begun: false} {
				_, trail, _ := strings.Cut(page(t, out, file), `id="audit"`)
				if got := strings.Contains(trail, remark); got != want {
					t.Errorf("%s: %t, want %t: %s", file, got, want, trail)
				}
			}
			if trail := page(t, out, newest); !strings.Contains(trail, "docs: 2024-08-31") || len(s.Problems) > 0 {
				t.Errorf("the commits are gone: %s %v", trail, s.Problems)
			}
		})
	}
}

// While a site is served, the remark comes with a save and goes with the commit.
func TestChangesOfALiveSite(t *testing.T) {
	root := committed(t)
	const id, file = "2024-08-31-14-30", "deployments/checklists/2024-08-31-14-30-deployment.md"
	first := loadLive(t, root, nil)
	if err := os.WriteFile(filepath.Join(root, file), []byte("# Shop v2\n- [x] **Backup** twice\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	second := loadLive(t, root, first)
	gitIn(t, root, "commit", "-q", "-m", "docs: twice", file)
	third := loadLive(t, root, second)
	if got := []bool{first.byID[id].differs, second.byID[id].differs, third.byID[id].differs}; got[0] || !got[1] || got[2] {
		t.Errorf("clean, saved, committed: %v", got)
	}
}

// The page names the command for quarters that are older than those that it has.
func TestAuditOfEarlierQuarters(t *testing.T) {
	var files []txtar.File
	for _, day := range []string{"2022-05-01", "2022-08-01", "2022-11-01", "2023-02-01", "2023-05-01", "2023-08-01", "2023-11-01", "2024-02-01", "2024-05-01", "2024-08-01"} {
		files = append(files, txtar.File{Name: "deployments/checklists/" + day + "-14-30-deployment.md", Data: []byte("---\nenvironment: production\nstatus: succeeded\n---\n\nx\n")})
	}
	_, out := load(t, write(t, files[3:]))
	if got := page(t, out, "audit/index.html"); strings.Contains(got, "deploysite audit --from") {
		t.Error("a command for an earlier quarter is named, and there is none")
	}
	_, out = load(t, write(t, files))
	if got := page(t, out, "audit/index.html"); !strings.Contains(got, "<code>deploysite audit --from 2022-10-01 --to 2022-12-31</code>") {
		t.Errorf("no command for the earlier quarters in %s", got)
	}
}

// Of a repository that git cannot read nothing is said, with the reason; the site is built.
func TestDamagedRepository(t *testing.T) {
	root := write(t, []txtar.File{{Name: "deployments/checklists/2024-08-31-14-30-deployment.md", Data: []byte("---\nstatus: succeeded\n---\n\nx\n")}})
	gitIn(t, root, "init", "-q")
	if err := os.WriteFile(filepath.Join(root, ".git", "packed-refs"), []byte("garbage"), 0o666); err != nil {
		t.Fatal(err)
	}
	s, out := load(t, root)
	page(t, out, "records/2024-08-31-14-30/index.html")
	if !slices.ContainsFunc(s.Problems, func(p problem.Problem) bool {
		return p.Rule == problem.NoTrail && strings.Contains(p.Message, "packed-refs")
	}) {
		t.Errorf("the problems are %v", s.Problems)
	}
}

// The name of a branch is in the links that edit a page. One that is a secret is in none.
func TestSecretInTheNameOfTheBranch(t *testing.T) {
	root, token := committed(t), "ghp_"+"aBcD1234567890abcdef"+"ghijABCDEFGHIJ12"
	gitIn(t, root, "remote", "add", "origin", "https://github.com/example/shop.git")
	gitIn(t, root, "checkout", "-q", "-b", "fix/"+token)
	s, out := load(t, root)
	if _, shown, _ := strings.Cut(page(t, out, "records/2024-08-31-14-30/index.html"), "<body"); strings.Contains(shown, token) || shown == "" {
		t.Error("the page shows the branch")
	}
	if !slices.ContainsFunc(s.Problems, func(p problem.Problem) bool { return p.Rule == problem.Secret }) {
		t.Errorf("no problem tells of it: %v", s.Problems)
	}
}
