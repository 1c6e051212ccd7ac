package project

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/deploysite/deploysite/internal/problem"
)

func TestEveryKeyIsRead(t *testing.T) {
	source := `# Everything at once.
title = "Deployments of the accounts team"
base_url = "https://example.org/deployments/"
repository = "https://git.example.org/acme/accounts.git/"
forge = "forgejo"
branch = "trunk"
service = "accounts"
environment = "staging"
timezone = "Europe/Stockholm"
output = "../site"
theme = "plain"
records = "ops/records/"
template = "ops/checklist.md"
process = "ops/process.md"
documents = "ops/runbooks/"
language = "sv"
production = ["live"]
briefing = false
reading = ["docs/guide.md", "2024-08-31-14-30"]

[search]
enabled = false
stemming = "english"

[metrics]
hotfix = ["emergency"]
week = "sunday"

[[people]]
name = "Håkan Lindqvist"
aliases = ["hakan", "hlindqvist"]
email = "hakan@example.org"

[[people]]
name = "Ada Park"
`
	got, problems := ParseConfig(Default(), ConfigName, []byte(source))
	if len(problems) > 0 {
		t.Fatalf("unexpected problems: %v", problems)
	}
	stockholm, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		t.Fatal(err)
	}
	want := Config{
		Title:       "Deployments of the accounts team",
		BaseURL:     "https://example.org/deployments",
		Repository:  "https://git.example.org/acme/accounts",
		Forge:       Forgejo,
		Branch:      "trunk",
		Service:     "accounts",
		Environment: "staging",
		Location:    stockholm,
		Output:      "../site",
		Theme:       "plain",
		Records:     "ops/records",
		Template:    "ops/checklist.md",
		Process:     "ops/process.md",
		Documents:   "ops/runbooks",
		Language:    "sv",
		Production:  []string{"live"},
		Reading:     []string{"docs/guide.md", "2024-08-31-14-30"},
		Search:      Search{Enabled: false, Stemming: EnglishStemming},
		Metrics:     Metrics{Hotfix: []string{"emergency"}, Week: "sunday"},
		People: []Person{
			{Name: "Håkan Lindqvist", Aliases: []string{"hakan", "hlindqvist"}, Email: "hakan@example.org"},
			{Name: "Ada Park"},
		},
	}
	if diff := cmp.Diff(want, got, sameZone, inFile); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

var sameZone = cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() })

// inFile leaves out where the keys stand.
var inFile = cmpopts.IgnoreUnexported(Config{})

func TestAnEmptyFileGivesTheDefaults(t *testing.T) {
	for _, source := range []string{"", "\ufeff", "# nothing yet\n", "\r\n\r\n"} {
		got, problems := ParseConfig(Default(), ConfigName, []byte(source))
		if len(problems) > 0 {
			t.Errorf("%q: unexpected problems: %v", source, problems)
		}
		if diff := cmp.Diff(Default(), got, sameZone, inFile, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%q: -want +got\n%s", source, diff)
		}
	}
}

// TestAllProblemsAtOnce also shows that a key with a problem keeps its default
// while its neighbours are read.
func TestAllProblemsAtOnce(t *testing.T) {
	source := `titel = "Deployments"
service = "accounts"
timezone = "Europe/Stokholm"
  branch = 7
records = "../elsewhere"
template = "/etc/passwd"
theme = "../default"
base_url = "example.org"
repository = "https://ada:hunter2@example.org/x"
forge = "sourcehut"
production = ["live", 3]
language = "not a language"
note = """
title = "inside a string"
""" # still the same line
output = ""
reading = "docs/guide.md"
[[people]]
name = "Ada Park"
aliases = ["ada"]
[[people]]
name = "Amara Okafor"
aliases = [
  "amara",
  "ADA",
]
mail = "amara@example.org"
[[people]]
email = "nobody"
[colours]
dark = true
[search]
enabled = "no"
stemming = "german"
stem = true
[metrics]
week = "Monday"
`
	got, problems := ParseConfig(Default(), ConfigName, []byte(source))
	want := []string{
		`deploysite.toml:1:1: error: unknown key "titel"; did you mean "title"?`,
		`deploysite.toml:3:1: error: timezone must be a time zone that is known, not "Europe/Stokholm"; write a name of the IANA time zone database, such as "Europe/Stockholm"`,
		`deploysite.toml:4:3: error: branch must be a string, not a number; write branch = "…"`,
		`deploysite.toml:5:1: error: records must stay inside the project, which "../elsewhere" does not; write a folder, such as "deployments/checklists"`,
		`deploysite.toml:6:1: error: template must stay inside the project, which "/etc/passwd" does not; write a file, such as "docs/deployment-checklist.md"`,
		`deploysite.toml:7:1: error: theme must be the name of a folder, not "../default"; write the name of a folder in themes/`,
		`deploysite.toml:8:1: error: base_url must be an http or https address, not "example.org"; write the whole address, such as "https://example.org/deployments"`,
		`deploysite.toml:9:1: error: repository must not hold a user name or password; write the address of its page, such as "https://github.com/acme/accounts"`,
		`deploysite.toml:10:1: error: forge must be a forge that is known, not "sourcehut"; write one of "github", "gitlab", "forgejo", "gitea", "bitbucket"`,
		`deploysite.toml:11:1: error: production entry 2 must be a string, not a number; write a list, such as ["production", "prod"]`,
		`deploysite.toml:12:1: error: language must be a language tag, not "not a language"; write a language tag, such as "en" or "pt-BR"`,
		`deploysite.toml:13:1: error: unknown key "note"; known keys are audit, base_url, branch, briefing, check, documents, environment, forge, language, metrics, output, people, process, production, reading, records, repository, search, secrets, service, source, template, theme, timezone, title`,
		`deploysite.toml:16:1: error: output must not be empty; write the folder for the site, such as "public"`,
		`deploysite.toml:17:1: error: reading must be a list of strings, not a string; write record IDs, such as ["2024-08-31-14-30"]`,
		`deploysite.toml:23:1: error: "ADA" is already a name of Ada Park; remove one of the two`,
		`deploysite.toml:27:1: error: unknown key "mail"; did you mean "email"?`,
		`deploysite.toml:28:1: error: a person without a name; add name = "…", as the site should show it`,
		`deploysite.toml:29:1: error: email must be an e-mail address, not "nobody"; write an address, such as "ada@example.org"`,
		`deploysite.toml:30:1: error: unknown key "colours"; known keys are audit, base_url, branch, briefing, check, documents, environment, forge, language, metrics, output, people, process, production, reading, records, repository, search, secrets, service, source, template, theme, timezone, title`,
		`deploysite.toml:33:1: error: enabled must be true or false, not a string; write enabled = false to have no search`,
		`deploysite.toml:34:1: error: stemming must be a language that is known, not "german"; write one of "english", "none"`,
		`deploysite.toml:35:1: error: unknown key "stem"; known keys are enabled, stemming`,
		`deploysite.toml:37:1: error: week must be a day that is known, not "Monday"; write the day that a week begins with, such as "monday"`,
	}
	if diff := cmp.Diff(want, printed(problems)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if got.Service != "accounts" || got.Records != Default().Records || got.Location != time.UTC {
		t.Errorf("service %q, records %q, zone %v", got.Service, got.Records, got.Location)
	}
}

// TestDocumentsAreOneFolder keeps a whole repository from being read.
func TestDocumentsAreOneFolder(t *testing.T) {
	for source, want := range map[string]string{
		`documents = "."`:     `deploysite.toml:1:1: error: documents must be a folder of the project, not all of it; write a folder of the project, such as "docs/runbooks"`,
		`documents = "../up"`: `deploysite.toml:1:1: error: documents must stay inside the project, which "../up" does not; write a folder of the project, such as "docs/runbooks"`,
	} {
		config, problems := ParseConfig(Default(), ConfigName, []byte(source))
		if got := printed(problems); len(got) != 1 || got[0] != want || config.Documents != "" {
			t.Errorf("%s: %q, documents %q", source, got, config.Documents)
		}
	}
}

func printed(problems []problem.Problem) []string {
	var all []string
	for _, p := range problems {
		all = append(all, p.String())
	}
	return all
}

func TestStemmingFollowsTheLanguage(t *testing.T) {
	for source, want := range map[string]Stemming{
		"": EnglishStemming, `language = "en-GB"`: EnglishStemming, `language = "sv"`: NoStemming,
		"[search]\nstemming = \"none\"": NoStemming, "language = \"sv\"\n[search]\nstemming = \"english\"": EnglishStemming,
	} {
		config, problems := ParseConfig(Default(), ConfigName, []byte(source))
		if got := config.Stemming(); got != want || len(problems) > 0 {
			t.Errorf("%q: stemming is %q, want %q; %v", source, got, want, problems)
		}
	}
}

func TestWhatIsNotTOMLIsReportedInPlace(t *testing.T) {
	for _, test := range []struct{ name, source, want string }{
		{"unclosed string", "title = \"Deployments\nbranch = \"main\"\n", "deploysite.toml:1:"},
		{"duplicate key", "title = \"å\"\ntitle = \"b\"\n", "deploysite.toml:2:1: "},
		{"YAML", "title: Deployments\n", "deploysite.toml:1:"},
		{"NUL", "title = \"a\x00b\"\n", "deploysite.toml:1:"},
		{"invalid UTF-8", "title = \"\xff\"\n", "deploysite.toml:1:"},
		{"UTF-16", "\xff\xfet\x00i\x00", "deploysite.toml:1:"},
		{"deep", "title = " + strings.Repeat("[", maxConfig-20), "deploysite.toml:1:"},
		{"key of many parts", strings.Repeat("a.", 10_000) + "b = 1", "deploysite.toml:1:402: error: it is nested more than 32 deep"},
		{"tables in tables", strings.Repeat("a = {", 10_000), "deploysite.toml:1:165: error: it is nested more than 32 deep"},
		{"large", strings.Repeat("#\n", maxConfig), "deploysite.toml: error: larger than 64 KiB"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, problems := ParseConfig(Default(), ConfigName, []byte(test.source))
			if len(problems) != 1 || !strings.HasPrefix(problems[0].String(), test.want) {
				t.Fatalf("want one problem at %s, got %v", test.want, problems)
			}
			if problems[0].Hint == "" {
				t.Error("the problem does not say what to do next")
			}
		})
	}
}

// TestKeysAreFoundInAnySpelling compares places with those of a file in which
// each unknown key is written another way.
func TestKeysAreFoundInAnySpelling(t *testing.T) {
	for _, test := range []struct {
		source string
		want   string
	}{
		{"\"unread\" = 1", "1:1"},
		{"'unread' = 1", "1:1"},
		{"unread.inner = 1", "1:1"},
		{"title = 'a'\r\n\tunread=1\r\n", "2:2"},
		{"title = '''\nunread = 2\n''''\nunread = 1", "4:1"},
		{"title = \"\"\"a \\\"\"\" b\nunread = 2\n\"\"\"\nunread = 1", "4:1"},
		{"production = [ # a ] in a comment\n\"]\",\n]\nunread = 1", "4:1"},
		{"title = '#' # unread = 1\nunread = 1", "2:1"},
		{"unread = {a = 1, b = [2]}", "1:1"},
		{"title = 'a'\n [ unread ]\ntitle = 'b'", "2:2"},
		{"[[unread]]\n[[unread]]", "1:1"},
		{"[\"unread\".inner]", "1:1"},
		{"people = [{name = 'Ada Park', unread = 1}]", "1:1"},
		{"title = 'a' # the end", ""},
		{"people = []", ""},
		{"people = ['Ada Park']", "1:1"},
		{"[people]\nname = 'Ada Park'", "1:1"},
		{"[[people]]\nname = 'Ada Park'\naliases = ['ADA PARK', 'ada', 'ada']\nemail = 'ada@example.org'", ""},
	} {
		_, problems := ParseConfig(Default(), "f", []byte(test.source))
		var got []string
		for _, p := range problems {
			got = append(got, fmt.Sprintf("%d:%d", p.Line, p.Column))
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%q: problems at %v, want %q: %v", test.source, got, test.want, problems)
		}
	}
}

func TestPerson(t *testing.T) {
	config := Config{People: []Person{
		{Name: "Ada Park", Aliases: []string{"ada", "apark"}, Email: "ada@example.org"},
		{Name: "Håkan Lindqvist", Aliases: []string{"hakan", "hakan@home.example"}},
	}}
	for in, want := range map[string]string{
		"ada":                              "Ada Park",
		"ADA  PARK ":                       "Ada Park",
		"Ada@Example.org":                  "Ada Park",
		"Somebody Else <ada@example.org>":  "Ada Park",
		"apark <unknown@example.org>":      "Ada Park",
		"hakan@home.example":               "Håkan Lindqvist",
		"Ha\u030akan Lindqvist":            "Håkan Lindqvist", // å as two characters
		"HÅKAN LINDQVIST":                  "Håkan Lindqvist",
		"Amara Okafor":                     "Amara Okafor",
		"Amara Okafor <amara@example.org>": "Amara Okafor",
		"<amara@example.org>":              "amara@example.org",
		"amara@example.org":                "amara@example.org",
		"Adam":                             "Adam",
		"":                                 "",
	} {
		if got := config.Person(in); got != want {
			t.Errorf("Person(%q) = %q, want %q", in, got, want)
		}
	}
	if got := (Config{}).Person(" Ada Park "); got != "Ada Park" {
		t.Errorf("without people: %q", got)
	}
}

func TestForgeOf(t *testing.T) {
	for in, want := range map[string]Forge{
		"https://github.com/acme/accounts":         GitHub,
		"https://gitlab.example.org/acme/accounts": GitLab,
		"https://codeberg.org/acme/accounts":       Forgejo,
		"https://GITEA.example.org/x":              Gitea,
		"https://bitbucket.org/acme/accounts":      Bitbucket,
		"https://git.example.org/github/accounts":  UnknownForge,
		"https://notgithub.com/acme/accounts":      UnknownForge,
		"":                                         UnknownForge,
	} {
		if got := ForgeOf(in); got != want {
			t.Errorf("ForgeOf(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestOpenFindsTheRoot(t *testing.T) {
	for _, test := range []struct {
		name  string
		files []string
		from  string
		want  string
	}{
		{"configuration above", []string{"a/deploysite.toml", "a/.git/HEAD", "a/b/c/x"}, "a/b/c", "a"},
		{"nearest configuration", []string{"a/.git/HEAD", "a/deploysite.toml", "a/b/deploysite.toml", "a/b/c/x"}, "a/b/c", "a/b"},
		{"top of the repository", []string{"a/.git/HEAD", "a/b/c/x"}, "a/b/c", "a"},
		{"a work tree's .git is a file", []string{"a/.git", "a/b/x"}, "a/b", "a"},
		{"a service with its own checklist", []string{"a/.git/HEAD", "a/b/docs/deployment-checklist.md", "a/b/c/x"}, "a/b/c", "a/b"},
		{"a configuration outside the repository", []string{"deploysite.toml", "a/.git/HEAD", "a/b/x"}, "a/b", "a"},
		{"no repository", []string{"a/b/x"}, "a/b", "a/b"},
		{"no repository, configuration above", []string{"a/deploysite.toml", "a/b/x"}, "a/b", "a"},
		{"no repository, records above", []string{"a/deployments/checklists/x", "a/b/x"}, "a/b", "a/b"},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			for _, name := range test.files {
				write(t, filepath.Join(dir, filepath.FromSlash(name)), "")
			}
			p, problems, err := Open(filepath.Join(dir, filepath.FromSlash(test.from)))
			if err != nil || len(problems) > 0 {
				t.Fatal(err, problems)
			}
			if want := filepath.Join(dir, filepath.FromSlash(test.want)); p.Root != want {
				t.Errorf("root %s, want %s", p.Root, want)
			}
			if hasConfig := slices.Contains(test.files, test.want+"/"+ConfigName); (p.ConfigFile != "") != hasConfig {
				t.Errorf("configuration file %q", p.ConfigFile)
			}
		})
	}
}

func TestOpenReadsTheConfiguration(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, ConfigName), "service = \"accounts\"\noutput = \"/srv/site\"\ntimezone = \"Asia/Tokyo\"\ntitel = 1\n")
	p, problems, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(problems) != 1 || problems[0].Line != 4 {
		t.Errorf("problems %v", problems)
	}
	if o := p.Options(); o.Service != "accounts" || o.Location.String() != "Asia/Tokyo" {
		t.Errorf("options %v", o)
	}
	if p.OutputDir() != filepath.FromSlash("/srv/site") || p.RecordsDir() != filepath.Join(dir, "deployments", "checklists") {
		t.Errorf("output %s, records %s", p.OutputDir(), p.RecordsDir())
	}
}

func TestOpenRefusesWhatIsNoProject(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "file"), "")
	if err := os.MkdirAll(filepath.Join(dir, "odd", ConfigName), 0o777); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"missing", "file", "odd"} {
		if p, _, err := Open(filepath.Join(dir, name)); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: project %v, error %v", name, p, err)
		}
	}
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
		t.Fatal(err)
	}
}

func FuzzParseConfig(f *testing.F) {
	f.Add([]byte("title = \"a\"\n[[people]]\nname = 'Ada Park'\naliases = [\n'ada', # b\n]\n"))
	f.Add([]byte("x = '''\n''''\n[a.\"b\"]\n\"c\".d = {e=[1]}"))
	f.Fuzz(func(t *testing.T, source []byte) {
		_, problems := ParseConfig(Default(), "f", source)
		lines := strings.Count(string(source), "\n") + 1
		for _, p := range problems {
			if len(source) <= maxConfig && (p.Line < 1 || p.Line > lines || p.Column < 1) {
				t.Errorf("a problem outside of the file: %v", p)
			}
		}
	})
}

func TestTheBriefingIsOnOrOff(t *testing.T) {
	for source, want := range map[string]bool{"": true, "briefing = true": true, "briefing = false": false} {
		if got, problems := ParseConfig(Default(), ConfigName, []byte(source)); got.Briefing != want || len(problems) > 0 {
			t.Errorf("%q: %v, %v", source, got.Briefing, problems)
		}
	}
	got, problems := ParseConfig(Default(), ConfigName, []byte(`briefing = "no"`))
	want := []string{`deploysite.toml:1:1: error: briefing must be true or false, not a string; write briefing = true or briefing = false`}
	if diff := cmp.Diff(want, printed(problems)); diff != "" || !got.Briefing {
		t.Errorf("%v (-want +got)\n%s", got.Briefing, diff)
	}
}

func TestParseBaseURL(t *testing.T) {
	for address, want := range map[string]string{
		"https://example.org/deployments/": "https://example.org/deployments",
		"http://localhost:8000":            "http://localhost:8000",
		"example.org":                      `must be an http or https address, not "example.org"; write the whole address, such as "https://example.org/deployments"`,
		"https://ada:secret@example.org":   `must not hold a user name or password; write the whole address, such as "https://example.org/deployments"`,
		"":                                 `must be an http or https address, not ""; write the whole address, such as "https://example.org/deployments"`,
	} {
		got, err := ParseBaseURL(address)
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%q: %s, want %s", address, got, want)
		}
	}
}

func TestWarning(t *testing.T) {
	config, problems := ParseConfig(Default(), ConfigName, []byte("title = \"Shop\"\n  reading = [\"2024-08-31-14-30\"]\n"))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if got, want := config.Warning(problem.UnknownRecord, "reading", "no", "do").String(), "deploysite.toml:2:3: warning: no; do"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
