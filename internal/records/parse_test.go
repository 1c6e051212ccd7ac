package records

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/yuin/goldmark/ast"

	"github.com/deploysite/deploysite/internal/problem"
)

const recordName1 = "2024-08-31-14-30-deployment.md"

// designRecord is the example of testdata/records/design.txtar.
func designRecord(t testing.TB) []byte {
	t.Helper()
	source, err := os.ReadFile("testdata/records/design.txtar")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := bytes.Cut(source, []byte("-deployment.md --\n"))
	record, _, _ := bytes.Cut(rest, []byte("-- want --\n"))
	return record
}

// TestTwins: line ends and a byte order mark change nothing in what is read.
func TestTwins(t *testing.T) {
	plain := designRecord(t)
	want := facets(Parse(recordName1, plain, Options{}))
	for name, twin := range map[string][]byte{
		"CRLF":         bytes.ReplaceAll(plain, []byte("\n"), []byte("\r\n")),
		"BOM":          append([]byte("\ufeff"), plain...),
		"BOM and CRLF": append([]byte("\ufeff"), bytes.ReplaceAll(plain, []byte("\n"), []byte("\r\n"))...),
		"no last line": bytes.TrimRight(plain, "\n"),
		"trailing blanks after the delimiters": bytes.Replace(bytes.Replace(plain,
			[]byte("---\n"), []byte("---  \n"), 1), []byte("\n---\n"), []byte("\n---\t\n"), 1),
	} {
		r := Parse(recordName1, twin, Options{})
		if diff := cmp.Diff(want, facets(r)); diff != "" {
			t.Errorf("%s: -plain +twin:\n%s", name, diff)
		}
		if len(r.Problems) > 0 {
			t.Errorf("%s: %v", name, r.Problems)
		}
	}
}

// facets is what a record says, without places.
func facets(r *Record) []string {
	all := []string{r.Title.Value, r.Started.Time.String(), string(r.Status), r.Deployers[0].Value, r.Environment.Value}
	for _, s := range r.Steps {
		all = append(all, string(s.State), s.Key, s.Text, s.By, s.ID)
	}
	for _, m := range r.Metrics {
		all = append(all, m.Label, m.Value.Value)
	}
	return all
}

func TestEncodingProblems(t *testing.T) {
	for _, c := range []struct {
		name, source string
		want         []string // of the problems, in order
		steps        int
	}{
		{"NUL", "---\ntitle: a\x00b\n---\n- [x] a\n- [x] \x00\n", []string{":2:9: error: a byte here is a NUL character, the first of 2; remove it"}, 2},
		{"invalid UTF-8", "- [x] \xc3\x28\n", []string{":1:7: error: a byte here is not valid UTF-8; save the file as UTF-8"}, 1},
		{"lone CR", "- [x] é\ra\n", []string{":1:8: error: a byte here is a carriage return without a line feed; end lines with LF or CR LF"}, 1},
		{"UTF-16, little end first", "\xff\xfe-\x00 \x00", []string{":1:1: error: the file is written in UTF-16; save it as UTF-8"}, 0},
		{"UTF-16, no mark", "\x00-\x00 \x00[\x00x\x00]", []string{":1:1: error: the file is written in UTF-16; save it as UTF-8"}, 0},
		{"BOM does not count as a column", "\ufeff\xff\n", []string{":1:1: error: a byte here is not valid UTF-8; save the file as UTF-8"}, 0},
	} {
		r := Parse(recordName1, []byte(c.source), Options{})
		var got []string
		for _, p := range r.Problems {
			got = append(got, strings.TrimPrefix(p.String(), recordName1))
		}
		if diff := cmp.Diff(c.want, got); diff != "" || len(r.Steps) != c.steps {
			t.Errorf("%s: %d steps, -want +got:\n%s", c.name, len(r.Steps), diff)
		}
	}
}

func TestUTF16IsNotLaidOut(t *testing.T) {
	r := Parse(recordName1, []byte("\xfe\xff\x00#"), Options{})
	if r.Document.Root != nil || r.ID != "2024-08-31-14-30" || r.Started.IsZero() {
		t.Errorf("root %v, ID %s, start %v", r.Document.Root, r.ID, r.Started)
	}
}

func TestFrontMatterLimits(t *testing.T) {
	deep := strings.Repeat("[", 100) + strings.Repeat("]", 100)
	bomb := "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: [*d,*d,*d,*d,*d,*d,*d,*d,*d]\n"
	for name, source := range map[string]string{
		"YAML, long":    "---\nkey: " + strings.Repeat("a", 64<<10) + "\n---\n- [x] a\n",
		"YAML, deep":    "---\nkey: " + deep + "\n---\n- [x] a\n",
		"YAML, aliases": "---\n" + bomb + "---\n- [x] a\n",
		"YAML, loop":    "---\na: &a [*a]\n---\n- [x] a\n",
		"TOML, deep":    "+++\nkey = " + deep + "\n+++\n- [x] a\n",
		"TOML, dots":    "+++\n" + strings.Repeat("a.", 5000) + "a = 1\n+++\n- [x] a\n",
		"JSON, deep":    "{\"key\": " + deep + "}\n- [x] a\n",
	} {
		r := Parse(recordName1, []byte(source), Options{})
		if len(r.Problems) != 1 || r.Problems[0].Severity != problem.Error || len(r.Steps) != 1 {
			t.Errorf("%s: %d steps, problems %v", name, len(r.Steps), r.Problems)
		}
	}
}

func TestMarkOf(t *testing.T) {
	source := []byte("## What Went Well\n\n- ✅ Zero downtime\n- plain\n")
	r := Parse(recordName1, source, Options{})
	var marks []string
	_ = ast.Walk(r.Document.Root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if item, ok := n.(*ast.ListItem); ok && entering {
			state, raw, ok := MarkOf(item)
			marks = append(marks, strings.TrimSpace(string(state)+" "+string(source[raw.Start:raw.End])))
			if (state == Done) != ok {
				t.Errorf("state %q, ok %v", state, ok)
			}
		}
		return ast.WalkContinue, nil
	})
	if diff := cmp.Diff([]string{"done ✅", ""}, marks); diff != "" {
		t.Error(diff)
	}
	if len(r.Steps) != 0 || len(r.Notes) != 2 || r.Notes[0].Text != "Zero downtime" {
		t.Errorf("steps %v, notes %v", r.Steps, r.Notes)
	}
}

func TestServiceFromConfiguration(t *testing.T) {
	r := Parse(recordName1, []byte("text"), Options{Service: "jump-man"})
	if diff := cmp.Diff([]Text{{Value: "jump-man", From: FromConfig}}, r.Services); diff != "" {
		t.Error(diff)
	}
	if r.Title.Value != "jump-man" {
		t.Errorf("title %q", r.Title.Value)
	}
}

// TestLegacy reads records of a team that knew nothing of this program.
func TestLegacy(t *testing.T) {
	const folder = "../site/testdata/legacy"
	table, err := os.ReadFile(folder + "/expected.tsv")
	if err != nil {
		t.Fatal(err)
	}
	rows := strings.Split(strings.TrimSpace(string(table)), "\n")[1:]
	files, _ := filepath.Glob(folder + "/deployments/checklists/*.md")
	if len(files) != len(rows) {
		t.Errorf("%d records, %d rows", len(files), len(rows))
	}
	for _, row := range rows {
		id, _, _ := strings.Cut(row, "\t")
		source, err := os.ReadFile(folder + "/deployments/checklists/" + id + "-deployment.md")
		if err != nil {
			t.Error(err)
			continue
		}
		if diff := cmp.Diff(row, legacyRow(Parse(id+"-deployment.md", source, Options{}))); diff != "" {
			t.Errorf("%s: -want +got:\n%s", id, diff)
		}
	}
}

func legacyRow(r *Record) string {
	steps, notes := map[State]int{}, map[NoteKind]int{}
	for _, s := range r.Steps {
		steps[s.State]++
	}
	for _, n := range r.Notes {
		notes[n.Kind]++
	}
	var deployers []string
	for _, d := range r.Deployers {
		deployers = append(deployers, d.Value)
	}
	cells := []string{r.ID, strings.Join(deployers, ","), r.Environment.Value, r.Started.Time.Format("2006-01-02 15:04"), string(r.Status), legacyReason(r)}
	for _, n := range []int{steps[Done], steps[StepFailed], steps[StepRunning], steps[Skipped], steps[Pending],
		notes[Well], notes[Issues], notes[Lessons], notes[Tips]} {
		cells = append(cells, strconv.Itoa(n))
	}
	return strings.Join(cells, "\t")
}

func legacyReason(r *Record) string {
	switch {
	case r.StatusFrom == FromBody:
		return "metrics line"
	case r.Status == Failed:
		return "end and a failed step"
	case r.Status == Succeeded:
		return "end and no open step"
	}
	return "otherwise"
}

func BenchmarkParse(b *testing.B) {
	var body strings.Builder
	body.Write(designRecord(b))
	for i := range 20 {
		body.WriteString(strings.ReplaceAll("- ✅ **Step N**: `mise run step-N` answers within *two* seconds, see [the log](https://ci.example.com/N) <!-- 2024-08-31T14:32:10+02:00 Ada Park -->\n", "N", string(rune('a'+i))))
	}
	source := []byte(strings.Replace(body.String(), "### Deployment Metrics", "## More steps", 1))
	b.SetBytes(int64(len(source)))
	b.ReportAllocs()
	for b.Loop() {
		Parse(recordName1, source, Options{})
	}
}
