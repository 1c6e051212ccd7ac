package adopt

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/BurntSushi/toml"
	"go.yaml.in/yaml/v4"

	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
	"github.com/deploysite/deploysite/tasks"
)

func look(t testing.TB, fsys fs.FS, facts Facts) *Plan {
	t.Helper()
	plan, err := Look(context.Background(), fsys, project.Default(), facts)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// repository is a file system with files of a name and a content.
func repository(files ...string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for i := 0; i < len(files); i += 2 {
		fsys[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	return fsys
}

func (p *Plan) content(name string) string {
	for _, f := range p.Files {
		if f.Path == name {
			return string(f.Content)
		}
	}
	return ""
}

func (p *Plan) finding(kind string) (paths []string) {
	for _, f := range p.Found {
		if f.Kind == kind {
			paths = append(paths, f.Path)
		}
	}
	return paths
}

// TestChecklistsByOtherNames has names that public repositories use.
func TestChecklistsByOtherNames(t *testing.T) {
	const boxes = "# Deployment\n\n- [ ] a\n- [ ] b\n- [ ] c\n"
	for _, name := range []string{
		"docs/DEPLOYMENT_CHECKLIST.md", "DEPLOYMENT_CHECKLIST.md", "RELEASE_CHECKLIST.md", "docs/release-checklist.md", "docs/DeploymentChecklist.md",
		"docs/checklists/deployment.md", "doc/deploy_checklist.md", "ops/deploy/checklist.md", "docs/deployment/CHECKLIST.md", "docs/pre-deployment-checklist.md",
		"docs/production-checklist.md", "docs/go-live-checklist.md", "docs/runbooks/deploy.md", "docs/runbooks/release-runbook.md",
		".github/RELEASE_CHECKLIST.md", ".github/ISSUE_TEMPLATE/release-checklist.md", "docs/release-check-list.md", "docs/Deployment-Checkliste.md",
		"docs/Checkliste Inbetriebnahme.md", "docs/checklist-de-déploiement.md", "docs/checklist-deploiement.md", "docs/check-list-mise-en-production.md",
		"docs/リリース手順書.md", "docs/デプロイチェックリスト.md", "docs/部署检查清单.md", "docs/배포-체크리스트.md", "docs/чек-лист-деплоя.md",
	} {
		content := boxes
		if strings.Contains(name, "runbooks/deploy.md") || strings.Contains(name, "checklists/") {
			content += "- [ ] d\n- [ ] e\n"
		}
		plan := look(t, repository(name, content), Facts{})
		if got := plan.finding("checklist"); !slices.Equal(got, []string{name}) {
			t.Errorf("%s: found %q; left %v", name, got, plan.Left)
		}
		if !strings.Contains(plan.content("deploysite.toml"), "template = "+quoted(name)) {
			t.Errorf("%s: deploysite.toml is %s", name, plan.content("deploysite.toml"))
		}
	}
}

func TestNoChecklists(t *testing.T) {
	for _, name := range []string{"docs/onboarding-checklist.md", "docs/code-review-checklist.md", "node_modules/x/DEPLOYMENT_CHECKLIST.md", "vendor/x/deploy-checklist.md",
		"docs/testdata/deploy-checklist.md", "CHANGELOG.md", "docs/redeployer.md", "docs/2024-08-31-deployment.md", "docs/deployment-checklist.pdf", "src/deployment.go"} {
		plan := look(t, repository(name, "# x\n\n- [ ] a\n- [ ] b\n"), Facts{})
		if got := plan.finding("checklist"); got != nil || plan.content("docs/deployment-checklist.md") == "" {
			t.Errorf("%s is taken for a checklist", name)
		}
	}
}

func TestProcessesByOtherNames(t *testing.T) {
	for _, name := range []string{"docs/deployment.md", "DEPLOYING.md", "docs/how-we-deploy.md", "RELEASING.md", "docs/release-process.md", "docs/Deployment-Prozess.md",
		"docs/runbooks/deploy.md", "docs/deployment-guide.md", "docs/デプロイフロー.md", "docs/リリースマニュアル.md", "docs/发布流程.md", "docs/部署手册.md"} {
		plan := look(t, repository(name, "# Deployments\n\nFirst this, then that.\n"), Facts{})
		if got := plan.finding("process"); !slices.Equal(got, []string{name}) {
			t.Errorf("%s: found %q", name, got)
		}
	}
}

func TestRecordsInOtherFolders(t *testing.T) {
	const record = "# Deployment\n\n- [x] a\n"
	for folder, names := range map[string][]string{
		"docs/deployments":     {"2024-08-31.md", "2024-08-30-v1.md"},
		"deploys":              {"20240831_1430.md"},
		"deployments":          {"2024/2024-08-31.md", "2023/2023-08-31.md"},
		"runbooks/log":         {"2024-08-31-deploy.md"},
		"docs/deploy-logs":     {"2024-08-31.md"},
		"docs/ops/rollouts":    {"api/2024-08-31.md", "web/2024-08-31.md"},
		"docs/releases":        {"2024-08-31.md"},
		"docs/リリース記録":          {"2024年8月31日.md"},
		"deployments/records":  {"2024-08-31.md"},
		"docs/deploy/history":  {"2024-08-31.md"},
		"ops/notes":            {"deploy-2024-08-31.md"},
		"reports/deployments":  {"2024-08-31.md"},
		"deployment/checklist": {"DC-2024-08-31-production.md"},
	} {
		fsys := fstest.MapFS{}
		for _, name := range names {
			fsys[folder+"/"+name] = &fstest.MapFile{Data: []byte(record)}
		}
		plan := look(t, fsys, Facts{})
		want := "records = " + quoted(folder)
		if folder == "deployment/checklist" {
			want = `records = "deployment"`
		}
		if !strings.Contains(plan.content("deploysite.toml"), want) {
			t.Errorf("%s: deploysite.toml is %q", folder, plan.content("deploysite.toml"))
		}
	}
}

func TestNoRecords(t *testing.T) {
	for _, name := range []string{"_posts/2024-08-31-deploy.md", "content/blog/2024-08-31-release.md", "docs/meetings/2024-08-31-release.md", "docs/adr/2024-08-31-deployments.md",
		"docs/notes/2024-08-31.md", "docs/deployments/2024.md", "docs/incidents/2024-08-31-deploy.md", "2024-08-31-deploy.md",
		"reports/pages/deploy_baseline_2026-08-02.md", "docs/audits/2024-08-31-deploy.md", "relatorios/deploy-2024-08-31.md"} {
		if plan := look(t, repository(name, "- [x] a\n"), Facts{}); strings.Contains(plan.content("deploysite.toml"), "records") {
			t.Errorf("%s is taken for a record: %s", name, plan.content("deploysite.toml"))
		}
	}
	notes := repository("docs/releases/2024-08-31.md", "# What is new\n\nNothing.\n", "docs/releases/2024-09-30.md", "# What is new\n")
	if plan := look(t, notes, Facts{}); plan.content("deploysite.toml") != "" {
		t.Errorf("release notes are taken for records: %s", plan.content("deploysite.toml"))
	}
}

// TestReportsOnIncidents has folders of postmortems and the like, which are named, and
// others that hold none.
func TestReportsOnIncidents(t *testing.T) {
	for want, names := range map[string][]string{
		`docs/postmortems: 2 reports on incidents, such as 2024-08-30-disk.md, which are no records of deployments. If the site is to show them, put records = "docs/postmortems" into deploysite.toml`: {
			"docs/postmortems/2024-08-30-disk.md", "docs/postmortems/2024-08-31.md", "docs/postmortems/README.md", "docs/postmortems/template.md"},
		`ops/incident-reports: 3 reports on incidents, such as INC-0041.md, which are no records of deployments. If the site is to show them, put records = "ops/incident-reports" into deploysite.toml, and the day into their names`: {
			"ops/incident-reports/INC-0041.md", "ops/incident-reports/INC-0042.md", "ops/incident-reports/INC-0043.markdown"},
		`docs/incidents: 2 reports on incidents, such as 2024-08-30-disk.qmd, which are no records of deployments. If the site is to show them, put records = "docs/incidents" into deploysite.toml, and write them in Markdown`: {
			"docs/incidents/2024-08-30-disk.qmd", "docs/incidents/2024-08-31.html.md.erb", "docs/incidents/index.qmd"},
		`doku/vorfälle: 2 reports on incidents, such as 30.08.2024.md, which are no records of deployments. If the site is to show them, put records = "doku/vorfälle" into deploysite.toml`: {
			"doku/vorfälle/30.08.2024.md", "doku/vorfälle/31.08.2024.md"},

		"": {"docs/incidents/2024-08-31.md", "incident-api/docs/01-start.md", "incident-api/docs/02-end.md", "docs/incident-response/severity.md",
			"docs/incident-response/roles.md", "docs/outages/2024-08-31.png", "docs/outages/2024-09-01.png"},
	} {
		var files []string
		for _, name := range names {
			files = append(files, name, "# A\n")
		}
		got := ""
		for _, f := range look(t, repository(files...), Facts{}).Left {
			if f.Kind == "records" {
				got += f.Path + ": " + f.Text
			}
		}
		if got != want {
			t.Errorf("%q has\n%q, want\n%q", names, got, want)
		}
	}
}

func TestRecordsThatAreThereStay(t *testing.T) {
	fsys := repository("deployments/checklists/2024-08-31-14-30-deployment.md", "- [x] a\n",
		"docs/deployments/2024-08-30.md", "- [x] a\n", "docs/deployments/2024-08-29.md", "- [x] a\n")
	plan := look(t, fsys, Facts{})
	named := slices.ContainsFunc(plan.Left, func(left Finding) bool { return strings.Contains(left.Text, "only deployments/checklists is read") })
	if plan.content("deploysite.toml") != "" || !named {
		t.Errorf("left %+v, %s", plan.Left, plan.content("deploysite.toml"))
	}
	configured := look(t, fsys, Facts{Configured: true})
	if configured.content("deploysite.toml") != "" {
		t.Error("a configuration that is there is planned anew")
	}
}

func TestLogs(t *testing.T) {
	for name, content := range map[string]string{
		"DEPLOYMENT_LOG.md":              "# Log\n\n## 2024-08-31 – v1\n\n## [2024-08-30] v0\n",
		"docs/deployments.md":            "| Date | Version |\n|---|---|\n| 2024-08-31 | v1 |\n| 2024-08-30 | v0 |\n",
		"docs/deploy-history.md":         "- 31.08.2024: v1\n- 30.08.2024: v0\n",
		"docs/Deployment-Protokoll.md":   "### Deployment 2024-08-31\n\n### Deployment 2024-08-30\n",
		"docs/デプロイ履歴.md":                 "## 2024年8月31日\n\n## 2024年8月30日\n",
		"ops/deploy/journal/releases.md": "* **2024/08/31**\n* **2024/08/30**\n",
	} {
		plan := look(t, repository(name, content), Facts{})
		if got := plan.finding("log"); !slices.Equal(got, []string{name}) ||
			!strings.Contains(strings.Join(plan.Next(), "\n"), "deploysite import "+text.ShellQuote(name)) {
			t.Errorf("%s: found %v, next %q", name, plan.Found, plan.Next())
		}
	}
	if plan := look(t, repository("CHANGELOG.md", "## 2024-08-31\n\n## 2024-08-30\n"), Facts{}); plan.finding("log") != nil {
		t.Error("a changelog is taken for a log of deployments")
	}
}

// TestWorkflowsAreYAML renders every template in every way that a plan can.
func TestWorkflowsAreYAML(t *testing.T) {
	n := 0
	for _, name := range []string{"github.yml", "gitlab.yml", "forgejo.yml"} {
		for bits := range 8 {
			w := workflow{Branch: `re"lease/*`, Paths: []string{"a: b/**", "docs/リリース.md", "'x'"}, Output: "deployment-site", Tool: "mise's.toml", Runner: "docker",
				Publish: bits&1 > 0, Strict: bits&2 > 0, Codeberg: bits&4 > 0, Check: "test", Deploy: "deploy"}
			var b strings.Builder
			if err := workflowTemplates.ExecuteTemplate(&b, name, w); err != nil {
				t.Fatal(err)
			}
			var got map[string]any
			if err := yaml.Unmarshal([]byte(b.String()), &got); err != nil {
				t.Fatalf("%s %d: %v\n%s", name, bits, err, b.String())
			}
			checkWorkflow(t, name, w, got, b.String())
			n++
		}
	}
	if n != 24 {
		t.Errorf("%d workflows", n)
	}
}

func checkWorkflow(t *testing.T, name string, w workflow, got map[string]any, text string) {
	t.Helper()
	jobs, publish := got, "pages"
	if name != "gitlab.yml" {
		jobs, publish = got["jobs"].(map[string]any), "publish"
	}
	if (jobs[publish] != nil) != w.Publish {
		t.Errorf("%s: publishes: %v, want %v", name, jobs[publish] != nil, w.Publish)
	}
	if strings.Contains(text, "--strict --output") != w.Strict {
		t.Errorf("%s: strict is not %v", name, w.Strict)
	}
	// Without the whole history there is no audit trail, and a strict build fails.
	if checkouts := strings.Count(text, "actions/checkout@"); checkouts != strings.Count(text, "fetch-depth: 0") || checkouts == 0 && !strings.Contains(text, `GIT_DEPTH: "0"`) {
		t.Errorf("%s: does not fetch the whole history", name)
	}
	for _, line := range strings.Split(text, "\n") {
		if strings.HasSuffix(line, " ") {
			t.Errorf("%s: %q ends in a space", name, line)
		}
	}
	if name == "gitlab.yml" || !w.Publish {
		return
	}
	on := got["on"].(map[string]any)
	if branches := fmt.Sprint(on["push"].(map[string]any)["branches"]); branches != "["+w.Branch+"]" {
		t.Errorf("%s: branches %s", name, branches)
	}
	if paths := fmt.Sprint(on["pull_request"].(map[string]any)["paths"]); paths != fmt.Sprint(w.Paths) {
		t.Errorf("%s: paths %s", name, paths)
	}
}

func TestStages(t *testing.T) {
	for pipeline, want := range map[string][2]string{
		"":                                       {"test", "deploy"},
		"stages: [build, ship]":                  {"build", "ship"},
		"stages: [a, test, deploy, z]":           {"test", "deploy"},
		"stages: [":                              {"test", "deploy"},
		"x: !reference [a, b]\nstages: [only]\n": {"only", "only"},
	} {
		if check, deploy := stages([]byte(pipeline)); check != want[0] || deploy != want[1] {
			t.Errorf("%q: %s, %s", pipeline, check, deploy)
		}
	}
}

// TestStartersAreGoodRecords holds the documents to what the site expects.
func TestStartersAreGoodRecords(t *testing.T) {
	r := records.Parse("docs/deployment-checklist.md", Checklist(), records.Options{})
	if len(r.Problems) > 0 || len(r.Steps) < 15 {
		t.Errorf("%d steps, problems %v", len(r.Steps), r.Problems)
	}
	for _, s := range r.Steps {
		if s.State != records.Pending || s.Label == s.Text || s.Section == "If it goes wrong" {
			t.Errorf("step %+v", s)
		}
	}
	if Checklist()[0] = 'x'; Checklist()[0] != '#' {
		t.Error("the built-in checklist can be changed")
	}
	if text := starterProcess("docs/deployment-process.md", "ops/Die Liste (neu).md"); !strings.Contains(text, "[checklist](../ops/Die%20Liste%20%28neu%29.md)") {
		t.Error(text)
	}
}

func TestMiseContent(t *testing.T) {
	for version, want := range map[string]string{"0.1.0": "0.1.0", "devel": "latest", "0.2.0-0.20261125160000-abcdef012345": "latest", "": "latest"} {
		plan := look(t, repository("x", ""), Facts{Version: version, Forge: "gitlab"})
		var c miseConfig
		if _, err := toml.Decode(plan.content("mise.toml"), &c); err != nil {
			t.Fatal(err)
		}
		if step := strings.Join(plan.Next(), "\n"); strings.Contains(step, "put a version in place of") != (want == latest) {
			t.Errorf("%s: next %s", version, step)
		}
		if c.Tools["deploysite"] != want || c.Plugins["deploysite"] != pluginURL || !strings.HasSuffix(plan.content("mise.toml"), tasks.Block()) {
			t.Errorf("%s: %+v", version, c)
		}
	}
}

// A file in another markup among the records is a problem of theirs, and named once; so is
// one elsewhere.
func TestOtherMarkupIsNamedOnce(t *testing.T) {
	for name, want := range map[string]int{
		"deployments/checklists/2024-08-30.rst": 1, "deployments/checklists/2023/2023-08-30-v1.adoc": 1, "docs/deployments/2024-08-30.rst": 1, "deployments/checklists/2024-08-30.txt": 1,
		"deployments/checklists/notes.rst": 0, "docs/guide.rst": 0,
	} {
		plan := look(t, repository("deployments/checklists/2024-08-31.md", "# Deployment\n\n- [x] a\n", name, "Deployment\n"), Facts{})
		said := 0
		for _, f := range plan.Left {
			said += strings.Count(f.Path+" "+f.Text, filepath.Base(name))
		}
		if said != want {
			t.Errorf("%s is named %d times: %v", name, said, plan.Left)
		}
	}
}

// A log that was imported is no next step any more; another one is.
func TestImportedLogIsNoStep(t *testing.T) {
	for from, is := range map[string]bool{"DEPLOYMENT_LOG.md": false, "docs/DEPLOYMENT_LOG.md": true, "other.md": true, "": true} {
		files := []string{"DEPLOYMENT_LOG.md", "# Deployment log\n\n## 2024-08-31 v1\n\n- done\n\n## 2024-08-30 v0\n\n- done\n"}
		if from != "" {
			files = append(files, "deployments/checklists/2024-08-31-deployment.md", "---\nimported_from: "+from+"\nimported_id: text-1\n---\n\n# v1\n")
		}
		plan := look(t, repository(files...), Facts{})
		if next := strings.Join(plan.Next(), "\n"); strings.Contains(next, "deploysite import") != is || len(plan.finding("log")) != 1 {
			t.Errorf("%q: %s\n%v", from, next, plan.Found)
		}
	}
}

// What an earlier adoption wrote and nobody gave to git is named again.
func TestUntrackedIsNamed(t *testing.T) {
	for _, untracked := range [][]string{{"mise.toml", ".config/mise/conf.d/deploysite.toml"}, {".gitlab-ci.yml"}, nil} {
		asked := []string{}
		plan := look(t, repository("mise.toml", "[tools]\ndeploysite = \"0.1.0\"\n", "x/y.go", ""), Facts{Git: true, NoCI: true, Untracked: func(names ...string) []string {
			asked = names
			return untracked
		}})
		next := strings.Join(plan.Next(), "\n")
		for _, name := range untracked {
			if !slices.Contains(asked, name) || strings.Count(next, " "+name) != 1 {
				t.Errorf("%s is not named once: %s", name, next)
			}
		}
		if strings.Contains(next, "y.go") || untracked == nil && strings.Contains(next, "mise.toml ") {
			t.Error(next)
		}
	}
}

func TestApplyNeverReplaces(t *testing.T) {
	dir := t.TempDir()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	plan := look(t, root.FS(), Facts{})
	// Somebody else is quicker.
	if err := os.WriteFile(filepath.Join(dir, "mise.toml"), []byte("theirs"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "deployments"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	plan.Apply(root)
	if plan.Count(Written) != 3 || plan.Count(Blocked) != 1 || plan.Count(Failed) != 1 {
		t.Errorf("%+v", plan.Files)
	}
	if content, _ := os.ReadFile(filepath.Join(dir, "mise.toml")); string(content) != "theirs" {
		t.Errorf("mise.toml is %q", content)
	}
	left, err := filepath.Glob(filepath.Join(dir, "*", ".new-file-*"))
	if more, _ := filepath.Glob(filepath.Join(dir, ".new-file-*")); err != nil || len(left)+len(more) > 0 {
		t.Errorf("left behind: %q %q", left, more)
	}
}

// TestSurveyIsBounded has a folder with more names than are looked at; what is
// in upper folders is found all the same.
func TestSurveyIsBounded(t *testing.T) {
	fsys := fstest.MapFS{"docs/DEPLOYMENT_CHECKLIST.md": {Data: []byte("- [ ] a\n")}, "node_modules/a/DEPLOYMENT_CHECKLIST.md": {}}
	for i := range 100 {
		fsys[fmt.Sprintf("src/deep/%d.md", i)] = &fstest.MapFile{}
	}
	for _, limit := range []int{50, 1000} {
		tree, err := survey(context.Background(), fsys, limit)
		if err != nil || tree.cut != (limit == 50) || !slices.Contains(tree.files, "docs/DEPLOYMENT_CHECKLIST.md") {
			t.Errorf("%d: cut %v, %d files, %v", limit, tree.cut, len(tree.files), err)
		}
		if len(tree.files) != map[int]int{50: 50 - 4, 1000: 101}[limit] {
			t.Errorf("%d: %d files", limit, len(tree.files))
		}
	}
}

func TestLookEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Look(ctx, repository("a", ""), project.Default(), Facts{}); err == nil {
		t.Error("a look goes on after it was cancelled")
	}
}

// BenchmarkLook looks at a repository of 50,000 files on the disk.
func BenchmarkLook(b *testing.B) {
	dir := b.TempDir()
	for i := range 500 {
		folder := filepath.Join(dir, "src", fmt.Sprint(i%20), fmt.Sprint(i))
		if err := os.MkdirAll(folder, 0o777); err != nil {
			b.Fatal(err)
		}
		for j := range 100 {
			if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("deploy-%d.md", j)), []byte("# x\n\n- [ ] a\n"), 0o666); err != nil {
				b.Fatal(err)
			}
		}
	}
	for b.Loop() {
		look(b, os.DirFS(dir), Facts{})
	}
}

// TestMixedLists: of a checklist with and without boxes it is said what was passed over.
func TestMixedLists(t *testing.T) {
	const six = "# Release\n\n- [ ] a\n- [ ] b\n- [ ] c\n- [ ] d\n- [ ] e\n- [ ] f\n"
	for content, want := range map[string]string{
		six + "\n## After\n\n1. g\n2. h\n": "RELEASE_CHECKLIST.md:12: lists with and without boxes are mixed: 6 of 8 list items are steps",
		six:                                "",
		"# Release\n\n- a\n- b\n- c\n":     "",
		six + "\n## Contacts\n\n- Ada\n":   "",
	} {
		got := ""
		for _, left := range look(t, repository("RELEASE_CHECKLIST.md", content), Facts{}).Left {
			if left.Kind == "checklist" {
				got += left.Path + ": " + left.Text
			}
		}
		if before, _, _ := strings.Cut(got, ", the others"); before != want {
			t.Errorf("%q: %q, want %q", content, got, want)
		}
	}
}

// TestProjectBelow has an empty deploysite.toml in a folder, and shares the checklist:
// all that init writes, it writes at once.
func TestProjectBelow(t *testing.T) {
	facts := Facts{Git: true, Configured: true, Below: "services/web", Document: func(name string) ([]byte, error) {
		if name != "../../docs/deployment-checklist.md" {
			return nil, fs.ErrNotExist
		}
		return []byte("# Checklist\n\n- [ ] Migrate\n"), nil
	}}
	files := repository("deploysite.toml", "")
	var names []string
	for _, f := range look(t, files, facts).Files {
		names = append(names, f.Path)
		files[f.Path] = &fstest.MapFile{Data: f.Content}
	}
	if !slices.Contains(names, "deployments/checklists/.gitkeep") {
		t.Errorf("writes %q", names)
	}
	config := project.Default()
	config.Template = "../../docs/deployment-checklist.md"
	plan, err := Look(context.Background(), files, config, facts)
	if err != nil || len(plan.Files) > 0 {
		t.Errorf("writes %+v later, %v", plan.Files, err)
	}
}

// TestChecklistsOfServices names the other way to keep their history.
func TestChecklistsOfServices(t *testing.T) {
	const checklist = "# Checklist\n\n- [ ] Migrate\n"
	plan := look(t, repository("services/api/docs/deployment-checklist.md", checklist, "services/web/docs/deployment-checklist.md", checklist), Facts{})
	if len(plan.Left) == 0 || plan.Left[0].Path != "services/web/docs/deployment-checklist.md" || !strings.Contains(plan.Left[0].Text, "a project in each") {
		t.Errorf("%+v", plan.Left)
	}
}

// The one with steps is taken, and not one that is empty or put away by its name.
func TestLikeliestHasSteps(t *testing.T) {
	plan := look(t, repository("docs/deployment-checklist-old.md", "", ".github/ISSUE_TEMPLATE/release-checklist.md", "# Release\n\n- [ ] Tag\n- [ ] Announce\n"), Facts{})
	if got := plan.finding("checklist"); len(got) == 0 || got[0] != ".github/ISSUE_TEMPLATE/release-checklist.md" {
		t.Errorf("took %+v", got)
	}
}

// A document that is called a checklist is one without boxes too, if its form tells steps;
// prose under that name is none, nor are steps under another name.
func TestCalledAChecklist(t *testing.T) {
	const guide, boxes = "docs/functions-deployment-guide.md", "# Guide\n\n- [ ] a\n- [ ] b\n- [ ] c\n- [ ] d\n- [ ] e\n"
	const list = "# Deploy\n\n1. Open the pull request\n2. Merge it\n3. Watch the errors\n"
	for name, content := range map[string]string{
		"docs/deploy-checklist.md": list, "docs/Deployment-Checkliste.md": list,
		"docs/release-checklist.md": "# Release\n\nWe merge, and then we look.\n", "docs/deploy-steps.md": list,
	} {
		want := name
		if !strings.Contains(content, "1.") || strings.Contains(name, "steps") {
			want = guide
		}
		plan := look(t, repository(guide, boxes, name, content), Facts{})
		if got := plan.finding("checklist"); len(got) == 0 || got[0] != want {
			t.Errorf("%s: took %v", name, got)
		}
	}
}

// An application's own public/ is neither built into nor ignored, also where a
// deploysite.toml says nothing of it.
func TestForeignPublic(t *testing.T) {
	plan := look(t, repository("public/index.html", "<p>shop", "deploysite.toml", "language = 'de'\n"), Facts{Git: true, Configured: true})
	if got := plan.content(".gitignore"); strings.Contains(got, "/public/") || !strings.Contains(got, "/deployment-site/") {
		t.Errorf("ignores:\n%s", got)
	}
	if steps := strings.Join(plan.Next(), "\n"); !strings.Contains(steps, `put output = "deployment-site" into deploysite.toml`) {
		t.Errorf("next:\n%s", steps)
	}
}

// A document on a part is not taken for the process of everything.
func TestIsOfPart(t *testing.T) {
	for name, want := range map[string]bool{
		"DEPLOY.md": false, "docs/how-we-deploy.md": false, "docs/ops/deployment-guide.md": false, "docs/production-deployment.md": false, "DeploymentGuide.md": false,
		"docs/Bereitstellungsprozess.md": false, "docs/guide-de-deploiement.md": false, "docs/デプロイ手順.md": false, "runbooks/release-process-v2.md": false,
		"apps/portal/DEPLOY.md": true, "charts/bot/deployment-guide.md": true, "EDGE_FUNCTION_DEPLOY.md": true, "docs/deploy-billing-plugin.md": true, "docs/DeployOptimizations.md": true,
	} {
		if got := isOfPart(name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
