package exports

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// writeOdd writes a project whose records leave out, repeat and contradict what records
// can: the same ones each time.
func writeOdd(dir string, n int) error {
	folder := filepath.Join(dir, "deployments", "checklists")
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return err
	}
	config := "timezone = \"America/New_York\"\nrepository = \"https://forge.example.com/acme/odd\"\n"
	if err := os.WriteFile(filepath.Join(dir, "deploysite.toml"), []byte(config), 0o666); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(dir, "docs"), 0o777); err != nil {
		return err
	}
	checklist := "# Checklist\n\n## Build\n\n- [ ] **Migrate**: look\n- [ ] **Smoke**: look\n\n## Habits\n"
	for _, habit := range habits {
		checklist += fmt.Sprintf("\n- [ ] **%s**: as ever", habit)
	}
	if err := os.WriteFile(filepath.Join(dir, "docs", "deployment-checklist.md"), []byte(checklist+"\n- [ ] **Nobody did this**: yet\n"), 0o666); err != nil {
		return err
	}
	o := odd{rand.New(rand.NewPCG(1, 2)), nil}
	begin := time.Date(2025, time.August, 1, 0, 0, 0, 0, time.UTC)
	for range n { // many at once, then none for days
		if begin = begin.Add(time.Duration(o.IntN(60)) * time.Minute); o.in(10) {
			begin = begin.AddDate(0, 0, 8)
		}
		at := begin.Add(time.Duration(o.IntN(600)) * time.Minute)
		id := at.Format("2006-01-02-15-04")
		if err := os.WriteFile(filepath.Join(folder, id+"-deployment.md"), []byte(o.record(at)), 0o666); err != nil {
			return err
		}
		o.before = append(o.before, id)
	}
	return nil
}

type odd struct {
	*rand.Rand
	before []string // the IDs of earlier records, and of some that began a little later
}

// one is one of several texts.
func (o odd) one(of ...string) string { return of[o.IntN(len(of))] }

// in is true once in n times.
func (o odd) in(n int) bool { return o.IntN(n) == 0 }

func (o odd) record(at time.Time) string {
	var b strings.Builder
	add := func(key, value string) { fmt.Fprintf(&b, "%s: %s\n", key, value) }
	zone := time.FixedZone("", 1800*(o.IntN(30)-15))
	moment := func(t time.Time) string { return o.one(t.In(zone).Format(time.RFC3339), t.Format(time.DateOnly)) }
	if !o.in(4) {
		moment = func(t time.Time) string { return t.In(zone).Format(time.RFC3339) }
	}
	b.WriteString("---\n")
	add("title", o.one("a deployment", "=1+1", "@all: \"look\"", "käse; brot"))
	add("date", moment(at))
	if !o.in(6) {
		add("finished", moment(at.Add(time.Duration(o.IntN(6000)-200)*time.Minute)))
	}
	add("service", o.one("web", "Web", "api", "[web, api]", "[api, WEB, batch]", "[]", "api", "batch"))
	add("environment", o.one("production", "Production", "prod", "[production, live]", "staging", "[staging, production]", "[]"))
	add("status", o.one("succeeded", "succeeded", "succeeded", "failed", "rolled-back", "cancelled", "in-progress"))
	if !o.in(3) {
		add("version", o.one("v1.2.3", "2026.1+b", "a/b c"))
		add("commit", fmt.Sprintf("%040x", o.Uint64()))
	}
	add("tags", o.one("[]", "[hotfix]", "[Hotfix, x]", "[y]", "[y]"))
	for _, key := range []string{"rollback_of", "fixes"} {
		if len(o.before) > 0 && o.in(6) {
			add(key, o.before[max(0, len(o.before)-1-o.IntN(12))])
		}
	}
	b.WriteString("---\n")
	for range o.IntN(4) {
		fmt.Fprintf(&b, "\n## %s\n\n", o.one("Build", "Deploy", "Verify"))
		for range 1 + o.IntN(4) {
			at = at.Add(time.Duration(o.IntN(500)-20) * time.Minute)
			fmt.Fprintf(&b, "- %s **%s**: look%s\n", o.one("✅", "❌", "❌", "⏭️", "🔄", "[ ]"), o.one("Migrate", "Smoke", "Canary"),
				o.one("", fmt.Sprintf(" <!-- %s ada -->", at.Format(time.RFC3339)), fmt.Sprintf(" <!-- %s ada -->", at.In(zone).Format(time.RFC3339))))
		}
	}
	if o.in(3) { // all marked at the end, or nearly
		b.WriteString("\n## Habits\n\n")
		for i, habit := range habits {
			mark := "✅"
			if i == 0 && !o.in(20) {
				mark = "⏭️"
			}
			fmt.Fprintf(&b, "- %s **%s**: as ever <!-- %s %s -->\n", mark, habit, at.Add(time.Duration(o.IntN(12)*i)*time.Second).Format(time.RFC3339), o.one("ada", "ada", "Bo"))
		}
	}
	fmt.Fprintf(&b, "\n## Issues\n\n- %s\n- %s\n", o.one("The cache was cold.", "=SUM(A1)", "A tab\there, a quote \" there"), o.thought())
	fmt.Fprintf(&b, "\n## %s\n\n- %s\n", o.one("Lessons learned", "Tips", "What went well"), o.thought())
	return b.String()
}

// habits are steps that are always done, but for the first.
var habits = []string{"Fax the plan", "Backup", "Ring the bell", "Tell support", "Look at the graphs", "Close the door"}

// thought is one of some sixty.
func (o odd) thought() string {
	return fmt.Sprintf("%s the %s before the %s", o.one("Warm", "Ask for", "Count", "Stop"), o.one("cache", "queue", "people", "backup", "index"), o.one("start", "migration", "weekend"))
}
