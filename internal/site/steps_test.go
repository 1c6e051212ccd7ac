package site

import (
	"fmt"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

const checklistFile = "docs/deployment-checklist.md"

func stepped(day, body string) txtar.File {
	return txtar.File{Name: "deployments/checklists/2026-06-" + day + "-10-00-deployment.md", Data: []byte("# T" + day + "\n\n" + body)}
}

func TestStepsOfNothing(t *testing.T) {
	_, out := load(t, write(t, nil))
	if html := mainOf(page(t, out, "steps/index.html")); !strings.Contains(html, "No step was found in the records") || strings.Contains(html, "<svg") {
		t.Errorf("without records:\n%s", html)
	}
	_, out = load(t, write(t, []txtar.File{stepped("01", "nothing but words\n")}))
	if html := mainOf(page(t, out, "steps/index.html")); !strings.Contains(html, "No step was found in the records") {
		t.Errorf("without steps:\n%s", html)
	}
	_, out = load(t, write(t, []txtar.File{{Name: checklistFile, Data: []byte("- [ ] **A**\n")}}))
	if html := mainOf(page(t, out, "steps/index.html")); !strings.Contains(html, `#step-a">A</a>`) || strings.Contains(html, "<svg") {
		t.Errorf("a checklist alone:\n%s", html)
	}
}

// A count leads to exactly the records that it was counted from: those in which the
// step has its former name are among them, and one that has it twice is there once.
func TestStepCountsLeadToRecords(t *testing.T) {
	_, out := load(t, write(t, []txtar.File{
		{Name: checklistFile, Data: []byte("- [ ] **Other**\n- [ ] **New** <!-- was: old -->\n")},
		stepped("01", "- ❌ **Old**\n"), stepped("02", "- ✅ **New**\n- ❌ **New**\n"), stepped("03", "- ✅ **New**\n- ⏭️ **Other**\n"),
	}))
	main := mainOf(page(t, out, "steps/index.html"))
	if !strings.Contains(main, `<td data-column="Failed"><a href="../timeline/index.html?step=1f">2</a> <small>of 3</small>`) {
		t.Errorf("the step did not fail in 2 of 3:\n%s", main)
	}
	var found []string
	for _, m := range regexp.MustCompile(`<tr[^>]* data-step="([^"]*)"[^>]*>.*?records/(2026-06-\d\d)`).FindAllStringSubmatch(page(t, out, "timeline/index.html"), -1) {
		found = append(found, m[2]+" "+m[1])
	}
	if diff := gocmp.Diff([]string{"2026-06-03 0s 1d", "2026-06-02 1f", "2026-06-01 1f"}, found); diff != "" {
		t.Errorf("-want +got %s", diff)
	}
}

// Each step of the checklist says beside it how it fared, and why it is there.
func TestChecklistSaysHowStepsFared(t *testing.T) {
	_, out := load(t, write(t, []txtar.File{
		{Name: checklistFile, Data: []byte("- [ ] **Purge <cache>** <!-- 2026-06-01-10-00#tip-purge-it -->\n- [ ] **Read** [it](../deployments/checklists/2026-06-02-10-00-deployment.md)\n- [ ] **Never yet** 2026-06-09\n")},
		stepped("01", "- ❌ **Purge <cache>**\n\n## Tips\n\n- Purge it\n"), stepped("02", "- ✅ **Purge <cache>**\n- ✅ **Read**\n"),
	}))
	main := mainOf(page(t, out, "checklist/index.html"))
	for _, want := range []string{
		`<a class="fared failed" href="#fared-0">failed 1 of 2</a>`, `<a class="fared done" href="#fared-1">done 1 of 1</a>`,
		`<div><a href="../records/2026-06-01-10-00/index.html#tip-purge-it">Purge it</a> <small>1 Jun 2026</small></div>`,
		`<div><a href="../records/2026-06-02-10-00/index.html">T02</a> <small>2 Jun 2026</small></div>`,
	} {
		if !strings.Contains(main, want) {
			t.Errorf("the checklist lacks %s in\n%s", want, main)
		}
	}
	if strings.Contains(main, `href="#fared-2"`) {
		t.Error("a step that no record has is said to have fared somehow")
	}
}

// A step that one commit of the checklist renamed is followed, and what is shown of the
// others says how to tell.
func TestStepsFollowTheChecklistsHistory(t *testing.T) {
	root := write(t, []txtar.File{
		{Name: checklistFile, Data: []byte("- [ ] **Review plan**: read the deployment plan\n- [ ] **Node**\n")},
		stepped("01", "- ❌ **Review plan**\n- ✅ **Node**\n"), stepped("02", "- ✅ **Node**\n"),
	})
	git := func(args ...string) {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-C", root, "-c", "user.name=Ada", "-c", "user.email=ada@example.com"}, args...)...)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Skipf("git %v: %s", args, out)
		}
	}
	change := func(text string) {
		t.Helper()
		writeInto(t, root, txtar.File{Name: checklistFile, Data: []byte(text)})
		git("add", ".")
		git("commit", "-qm", "change")
	}
	git("init", "-q")
	git("add", ".")
	git("mv", checklistFile, "docs/deploy.md")
	git("commit", "-qm", "begin")
	git("mv", "docs/deploy.md", checklistFile)
	git("commit", "-qm", "move")
	change("- [ ] **Read the plan**: read the deployment plan\n- [ ] **First node**\n")
	s, out := load(t, root)
	var lines []string
	for _, l := range s.Steps(StepFilter{})[0].Lines {
		lines = append(lines, fmt.Sprint(l.Key, " ", l.Standing, " ", l.N, " ", l.Former))
	}
	want := []string{"read-the-plan listed 1 [review-plan]", "first-node new 0 []", "node gone 2 []"}
	if diff := gocmp.Diff(want, lines); diff != "" {
		t.Errorf("-want +got %s", diff)
	}
	main := mainOf(page(t, out, "steps/index.html"))
	for _, want := range []string{"First node</a>: no record has it yet", "<code>node</code>", "&lt;!-- was: old-key --&gt;"} {
		if !strings.Contains(main, want) {
			t.Errorf("the page lacks %s in\n%s", want, main)
		}
	}
}

// The picture is bounded, its marks stay inside, and names that are too long are cut.
func TestStepGridIsBounded(t *testing.T) {
	var checklist, body strings.Builder
	for i := range 200 {
		fmt.Fprintf(&checklist, "- [ ] **%d %s**\n", i, strings.Repeat("长い名前 ", 12))
		fmt.Fprintf(&body, "- ✅ **%d %s**\n", i, strings.Repeat("长い名前 ", 12))
	}
	files := []txtar.File{{Name: checklistFile, Data: []byte(checklist.String())}}
	for i := range 28 {
		for _, hour := range []string{"10", "11", "12"} {
			files = append(files, txtar.File{Name: fmt.Sprintf("deployments/checklists/2026-02-%02d-%s-00-deployment.md", i+1, hour), Data: []byte(body.String())})
		}
	}
	_, out := load(t, write(t, files))
	main := mainOf(page(t, out, "steps/index.html"))
	svg, _, _ := strings.Cut(main[strings.Index(main, "<svg"):], "</svg>")
	if n := strings.Count(svg, "h0"); n != 50*60 {
		t.Errorf("%d marks, not 50 records × 60 steps", n)
	}
	for _, m := range regexp.MustCompile(`M(-?\d+) \d+h0`).FindAllStringSubmatch(svg, -1) {
		if len(m[1]) > 3 || strings.HasPrefix(m[1], "-") {
			t.Fatalf("a mark at %s", m[1])
		}
	}
	if !strings.Contains(main, "140 more steps are in the table.") {
		t.Error("it is not said how many steps the picture leaves out")
	}
	if len(main) > 1<<20 {
		t.Errorf("the page has %d bytes", len(main))
	}
}
