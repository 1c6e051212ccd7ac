package project

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEveryKeyOfASourceIsRead(t *testing.T) {
	config, problems := ParseConfig(Default(), ConfigName, []byte(`[[source]]
name = "Scores-API"
path = "../scores-api/"
service = "scores"
environment = "staging"
records = "ops/records/"
template = "ops/checklist.md"
process = "ops/process.md"
repository = "https://git.example.org/acme/scores.git"
forge = "forgejo"
branch = "trunk"
timezone = "Europe/Stockholm"

[[source]]
path = "checkouts/Storefront Web"
`))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if s := config.Sources[0]; s.Name != "scores-api" || s.Path != "../scores-api" {
		t.Errorf("the first is %q in %q", s.Name, s.Path)
	}
	want := Config{Service: "scores", Environment: "staging", Records: "ops/records",
		Template: "ops/checklist.md", Process: "ops/process.md", Repository: "https://git.example.org/acme/scores", Forge: Forgejo, Branch: "trunk"}
	got := Config{}.with(&config.Sources[0], Config{})
	if got.Location.String() != "Europe/Stockholm" {
		t.Errorf("zone %v", got.Location)
	}
	got.Location = nil
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(Config{}, keyPositions{})); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if name := config.Sources[1].Name; name != "storefront-web" {
		t.Errorf("the second is called %q", name)
	}
}

func TestProblemsOfSources(t *testing.T) {
	for source, want := range map[string]string{
		"[[source]]\nname = 'a'":                                                "1:1: error: a source without a path",
		"[[source]]\npath = ''":                                                 "2:1: error: path must not be empty",
		"[[source]]\npath = 'a\\b'":                                             `2:1: error: path must be written with /, not as "a\\b"`,
		"[[source]]\npath = 7":                                                  "2:1: error: path must be a string, not a number",
		"[[source]]\npath = 'a'\nnmae = 'b'":                                    `3:1: error: unknown key "nmae"; did you mean "name"?`,
		"[[source]]\npath = 'a'\ntitle = 'b'":                                   `3:1: error: unknown key "title"; write it at the top of the file, above the first line with a [`,
		"[[source]]\npath = 'a'\nname = '../b'":                                 `3:1: error: name must be up to 64 letters a to z, digits and hyphens, not "../b"`,
		"[[source]]\npath = 'a'\nname = 'Größe'":                                `3:1: error: name must be`,
		"[[source]]\npath = 'a'\nname = 'NUL'":                                  `3:1: error: name must not be "NUL"`,
		"[[source]]\npath = 'a'\nname = '-a'":                                   `3:1: error: name must be`,
		"[[source]]\npath = 'a/日本'":                                             `2:1: error: "a/日本" does not tell the source's name; add name = "…"`,
		"[[source]]\npath = '..'":                                               `2:1: error: ".." does not tell the source's name`,
		"[[source]]\npath = 'x/a'\n[[source]]\npath = 'y/A'":                    `3:1: error: name "a" is already that of source 1; give one of them another name`,
		"[[source]]\npath = 'x'\nname='a'\n[[source]]\npath = './x/'\nname='b'": `5:1: error: path "x" is already that of source 1; remove one of the two`,
		"[[source]]\npath = 'x'\nrecords = '../y'":                              `3:1: error: records must stay inside the project`,
		"[source]\npath = 'x'":                                                  "1:1: error: source must be tables, not a table",
		"source = ['x']":                                                        "1:1: error: source must be tables, not a list",
		"[[sorce]]\npath = 'x'":                                                 `1:1: error: unknown key "sorce"; did you mean "source"?`,
	} {
		_, problems := ParseConfig(Default(), "f", []byte(source))
		if got := printed(problems); len(got) != 1 || !strings.HasPrefix(got[0], "f:"+want) {
			t.Errorf("%q: %q, want %q", source, got, want)
		}
	}
}

// sources makes a project in the folder site, beside other folders.
func sources(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		write(t, filepath.Join(dir, filepath.FromSlash(name)), content)
	}
	return dir
}

func TestWhatASourceSaysCountsFirst(t *testing.T) {
	dir := sources(t, map[string]string{
		"site/deploysite.toml": `
service = "not of the sources"
repository = "https://example.org/site"
timezone = "Asia/Tokyo"
records = "ops"
language = "sv"
[[source]]
path = "../a"
records = "here"
[[source]]
path = "../b"
service = "from the list"
`,
		"a/here/x":          "",
		"b/deploysite.toml": "service = 'own'\nrepository = 'https://example.org/b'\ntimezone = 'UTC'\nlanguage = 'de'\n",
	})
	p, problems, err := Open(filepath.Join(dir, "site"))
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	a, b := p.Sources()[0], p.Sources()[1]
	if c := a.Config; c.Service != "" || c.Repository != "" || c.Location.String() != "Asia/Tokyo" || c.Records != "here" || c.Language != "sv" {
		t.Errorf("a: %+v", c)
	}
	if c := b.Config; c.Service != "from the list" || c.Repository != "https://example.org/b" || c.Location.String() != "UTC" || c.Records != "ops" || c.Language != "sv" {
		t.Errorf("b: %+v", c)
	}
	if got := b.Shown("ops/x.md"); got != "../b/ops/x.md" {
		t.Errorf("people find it at %s", got)
	}
	if alone, _, err := OpenAlone(filepath.Join(dir, "site")); err != nil || alone.HasSources() {
		t.Error("OpenAlone opens sources", err)
	}
}

func TestSourcesThatCannotBe(t *testing.T) {
	files := map[string]string{"a/b/x": "", "file": "", "site/sub/x": ""}
	for config, want := range map[string]string{
		"[[source]]\npath = '../a'\nname = 'Scores-API'\n[[source]]\npath = '..'": `5:1: error: ".." does not tell the source's name; add name = "…", such as name = "scores-api-2"`,
		"[[source]]\npath = '../missing'":                                         "2:1: error: there is no folder ../missing; clone the repository there",
		"[[source]]\npath = '../file'":                                            "2:1: error: ../file is not a folder; name the folder of a checkout",
		"[[source]]\npath = '../a'\n[[source]]\npath = '../a/b'":                  `4:1: error: ../a/b and source "a" lie one in the other`,
		"[[source]]\npath = '../a/b'\n[[source]]\npath = '../a'":                  `4:1: error: ../a and source "b" lie one in the other`,
		"[[source]]\npath = '../a'\n[[source]]\npath = '../site/../a/b/..'":       `4:1: error: path "../a" is already that of source 1; remove one of the two`,
		"[[source]]\npath = '../a'\nrecords = 'deploys'":                          "3:1: error: there is no folder ../a/deploys; correct it, or make the folder",
		"[[source]]\npath = '.'\nname = 'own'\n[[source]]\npath = 'sub'":          "",
		"[[source]]\npath = '.'\nname = 'own'\n[[source]]\npath = '../site/sub'":  "",
	} {
		files["site/deploysite.toml"] = config
		dir := sources(t, files)
		_, problems, err := Open(filepath.Join(dir, "site"))
		got := strings.Join(printed(problems), "\n")
		if err != nil || want == "" && got != "" || want != "" && !strings.HasPrefix(got, "deploysite.toml:"+want) {
			t.Errorf("%q: %q, %v; want %q", config, got, err, want)
		}
	}
}

func TestOneFolderByTwoLinks(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("making links needs a privilege")
	}
	dir := sources(t, map[string]string{"a/x": "", "site/deploysite.toml": "[[source]]\npath = '../a'\n[[source]]\npath = '../link'\n"})
	if err := os.Symlink("a", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	_, problems, err := Open(filepath.Join(dir, "site"))
	if got := printed(problems); err != nil || len(got) != 1 || got[0] != `deploysite.toml:4:1: error: ../link is the same folder as source "a"; remove one of the two` {
		t.Errorf("%q, %v", got, err)
	}
}

// TestAMistakeOfOneTeam holds that what is wrong in a source's own configuration
// is told, and stops nobody.
func TestAMistakeOfOneTeam(t *testing.T) {
	dir := sources(t, map[string]string{
		"site/deploysite.toml": "[[source]]\npath = '../a'\n",
		"a/deploysite.toml":    "service = 'own'\ncolour = 1\n[[source]]\npath = '../b'\n",
	})
	p, problems, err := Open(filepath.Join(dir, "site"))
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	got := printed(p.Sources()[0].Problems)
	if len(got) != 2 || !strings.HasPrefix(got[0], `../a/deploysite.toml:2:1: error: unknown key "colour"`) ||
		!strings.HasPrefix(got[1], "../a/deploysite.toml:3:1: warning: the sources of a source are not followed") {
		t.Errorf("%q", got)
	}
	if p.Sources()[0].Config.Service != "own" {
		t.Error("what is right in it does not count")
	}
}

func TestPeopleOfSources(t *testing.T) {
	dir := sources(t, map[string]string{
		"site/deploysite.toml": "[[people]]\nname = 'Ada Park'\naliases = ['ada', 'A. Park']\n[[source]]\npath = '../a'\n[[source]]\npath = '../b'\n",
		"a/deploysite.toml":    "[[people]]\nname = 'Alex Jones'\naliases = ['alex']\n[[people]]\nname = 'A. Park'\naliases = ['ap']\n[[people]]\nname='Håkan Lindqvist'\nemail='hakan@example.org'\n",
		"b/deploysite.toml":    "[[people]]\nname = 'Alex Smith'\naliases = ['alex', 'ada']\n[[people]]\nname='H. Lindqvist'\naliases=['hl']\nemail='hakan@example.org'\n",
	})
	p, problems, err := Open(filepath.Join(dir, "site"))
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	people := NewPeople(p)
	for _, test := range []struct {
		source   int
		in, want string
	}{
		{0, "alex", "Alex Jones"}, {1, "ALEX", "Alex Smith"}, // a login means somebody else in each
		{0, "ada", "Ada Park"}, {1, "ada", "Ada Park"}, // the site's own list comes first
		{0, "ap", "Ada Park"},        // by the name that a source gives
		{1, "hl", "Håkan Lindqvist"}, // an address is one person everywhere
		{1, "Hakan <hakan@example.org>", "Håkan Lindqvist"},
		{1, "ap", "ap"}, {0, " Amara   Okafor <amara@example.org>", "Amara Okafor"}, {0, "amara@example.org", "amara@example.org"},
	} {
		if got := people.Of(p.Sources()[test.source]).Name(test.in); got != test.want {
			t.Errorf("in source %d %q is %q, want %q", test.source+1, test.in, got, test.want)
		}
	}
}

// TestAllMistakesAtOnce tells an unknown key and a folder that is not there in one go.
func TestAllMistakesAtOnce(t *testing.T) {
	dir := t.TempDir()
	content := "titel = \"x\"\n\n[[source]]\npath = \"nowhere\"\n\n[[source]]\nname = \"b\"\n"
	if err := os.WriteFile(filepath.Join(dir, ConfigName), []byte(content), 0o666); err != nil {
		t.Fatal(err)
	}
	_, problems, err := Open(dir)
	var lines []int
	for _, p := range problems {
		lines = append(lines, p.Line)
	}
	if err != nil || !slices.Equal(lines, []int{1, 4, 6}) {
		t.Errorf("%v, %v", problems, err)
	}
}
