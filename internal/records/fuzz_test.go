package records

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/yuin/goldmark/ast"

	"github.com/deploysite/deploysite/internal/frontmatter"
	"github.com/deploysite/deploysite/internal/text"
)

// addRecords makes the records of testdata/records, and of the legacy project,
// the seeds of a fuzz test, with their twins.
func addRecords(f *testing.F) { addRecordsWith(f, func(source []byte) { f.Add(source) }) }

// addRecordsWith gives each of them to add.
func addRecordsWith(f *testing.F, add func(source []byte)) {
	files, _ := filepath.Glob("testdata/records/*.txtar")
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		add(archive.Files[0].Data)
		add(bytes.ReplaceAll(archive.Files[0].Data, []byte("\n"), []byte("\r\n")))
	}
	for _, c := range allChecklists(f) {
		if len(c.source) < 4<<10 {
			add(c.source)
		}
	}
	legacy, _ := filepath.Glob("../site/testdata/legacy/deployments/checklists/*.md")
	for _, file := range legacy {
		source, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		add(source)
	}
}

// FuzzParse: whatever the file holds, the record has places inside of it, says
// the same each time, and can be written back.
func FuzzParse(f *testing.F) {
	addRecords(f)
	for _, body := range costly {
		f.Add([]byte(body(300)))
	}
	for _, cases := range kinds {
		for _, c := range cases {
			f.Add([]byte("# T\n\n" + c.body))
		}
	}
	f.Fuzz(checkRecord)
}

func checkRecord(t *testing.T, source []byte) {
	kept := bytes.Clone(source)
	r := Parse(recordName1, source, Options{})
	if !bytes.Equal(source, kept) || !bytes.Equal(r.Source, kept) {
		t.Fatal("the source was changed")
	}
	checkSpans(t, r, spansOf(r))
	checkText(t, r)
	if again := Parse(recordName1, source, Options{}); dump(again) != dump(r) {
		t.Errorf("the second time it is another record: %s", cmp.Diff(dump(r), dump(again)))
	}
	checkMarks(t, r)
	checkPositions(t, r)
	checkTree(t, r)
	checkFrontMatter(t, r)
}

// Fragments of records; a fuzzer that changes single bytes seldom finds them.
var (
	bodyFragments = []string{"- ", "* ", "1. ", "> ", "  ", "    ", "\t", "\n", "\n", "\n\n", "\r\n", "[x] ", "[ ]", "✅", "✅ ",
		"❌", "⏭️", "[-] ", ":x: ", "**", "_", "`", "```\n", "|", "|-|-|\n", "---\n", "===\n", "# ", "## Issues\n", "### Issue #1: a\n",
		"## Tips\n", "## Metrics\n", "- **Status**: ok\n", "Date: 2024-08-31\n", "Operator: ada, b\n", "<!-- 2024-08-31T14:30:00Z Ada -->",
		"<!-- ", "-->", "<div>", "<img>", "[a](b)", "[a]: b\n", "[^1]", "[^1]: ", "![", "](", "(", ":", " ", "é", "word", "None", "TBD",
		"|a|Done|\n|-|-|\n", "|x| ✅ |\n", "|y|[ ]|\n", "|[x] z|", "|-|\n", "☐ ", "☑", "### [ ] h\n", "[ ] h\n---\n", "<ul>\n", "<li>", "</li>\n", "</ul>\n",
		"<input type=\"checkbox\"> ", "<tr><td>", "<p>[ ] ", "⬜ Pending", "<br>\n",
		"-[ ] ", "\\[ \\] ", "\\[x\\]", "[ x ] ", "[?] ", "[/] ", "**[x]** ", "~~", "~~gone~~", "• [ ] ", "［ ］", "🔲 ", "[ ]:",
		"\\", "&amp;", "http://a.bc ", "\ufeff", "\x00", "\xff", "~~", "<"}
	matterFragments = []string{"title: ", "date: ", "links:\n", "tags: ", "a: ", "  b: ", "- ", "[", "]", "{", "}", ", ", "\"", "'", "''",
		"\\\"", "|\n", ">-\n", "  text\n", "\n", "\n", "\r\n", "# c\n", " #c", "é", "2024-08-31", "no", "1.10", "&x ", "*x", "!!str ", "? ",
		": ", "\u2028", "\u0085", "...\n", "---\n", "+++\n", "k = ", "\"\"\"", "'''", "[t]\n", "[[t]]\n", "a.b = 1\n", "\t", "null", "~",
		"<<: ", "\"k\": ", "1", "true", "\x01", "%", "@", "|2\n", "\ufeff"}
)

// TestFragments checks records that are put together of fragments; COUNT of
// them, with another SEED if that is set.
func TestFragments(t *testing.T) {
	seed, _ := strconv.ParseUint(os.Getenv("SEED"), 10, 64)
	count, err := strconv.Atoi(os.Getenv("COUNT"))
	if err != nil {
		count = 3000
	}
	rng := rand.New(rand.NewPCG(seed, 1))
	for range count {
		source := fragments(rng)
		if !t.Run("", func(t *testing.T) { checkRecord(t, source); checkTemplate(t, source) }) {
			t.Fatalf("SEED=%d: %q", seed, source)
		}
	}
}

func fragments(rng *rand.Rand) []byte {
	var b bytes.Buffer
	pick := func(from []string, n int) {
		for range rng.IntN(n) {
			b.WriteString(from[rng.IntN(len(from))])
		}
	}
	fences := [][2]string{{"---\n", "\n---\n"}, {"+++\n", "\n+++\n"}, {"{", "}\n"}}
	if i := rng.IntN(len(fences) + 1); i < len(fences) {
		b.WriteString(fences[i][0])
		pick(matterFragments, 20)
		b.WriteString(fences[i][1])
	}
	pick(bodyFragments, 40)
	return b.Bytes()
}

// spansOf is every place that a record tells.
func spansOf(r *Record) map[string][]text.Span {
	spans := map[string][]text.Span{"body": {r.Document.Body}, "front matter": {r.FrontMatter.Span}}
	add := func(name string, s ...text.Span) { spans[name] = append(spans[name], s...) }
	for _, t := range [][]Text{{r.Title, r.Environment, r.Version, r.Commit, r.Branch, r.RollbackOf, r.Fixes, r.Template}, r.Deployers, r.ApprovedBy, r.Services, r.Tags} {
		for _, text := range t {
			add("text", text.Span)
		}
	}
	add("moment", r.Started.Span, r.Finished.Span, r.Reading.Span)
	for _, s := range r.Sections {
		add("section", s.Span)
	}
	for _, s := range r.Steps {
		add("step", s.Span)
		add("mark", s.Own, s.Mark, s.EndMark, s.Stamp)
	}
	for _, n := range r.Notes {
		add("note", n.Span)
	}
	for _, m := range r.Metrics {
		add("metric", m.Span, m.Value.Span)
	}
	for _, l := range r.Links {
		add("link", l.Span)
	}
	var fields func([]frontmatter.Field)
	var value func(frontmatter.Value)
	value = func(v frontmatter.Value) {
		add("value", v.Span)
		for _, item := range v.Items {
			value(item)
		}
		fields(v.Map)
	}
	fields = func(list []frontmatter.Field) {
		for _, field := range list {
			add("name", field.NameSpan)
			value(field.Value)
		}
	}
	fields(r.FrontMatter.Fields)
	return spans
}

func checkSpans(t *testing.T, r *Record, spans map[string][]text.Span) {
	valid := utf8.Valid(r.Source)
	for name, list := range spans {
		for _, s := range list {
			if s.Start < 0 || s.End < s.Start || s.End > len(r.Source) {
				t.Fatalf("%s at %v of %d bytes", name, s, len(r.Source))
			}
			if valid && (!utf8.Valid(r.Source[:s.Start]) || !utf8.Valid(r.Source[:s.End])) {
				t.Errorf("%s at %v cuts a character", name, s)
			}
			back, err := apply(r.Source, Edit{s, string(r.Source[s.Start:s.End])})
			if err != nil || !bytes.Equal(back, r.Source) {
				t.Errorf("%s at %v is not written back: %v", name, s, err)
			}
		}
	}
}

// checkText: what is shown is valid text, and ids are there once each.
func checkText(t *testing.T, r *Record) {
	seen := map[string]bool{}
	id := func(id string) {
		if seen[id] || id == "" || strings.ContainsAny(id, " \t\n\"'<>&#%/\\") {
			t.Errorf("id %q, seen before: %v", id, seen[id])
		}
		seen[id] = true
	}
	for _, s := range r.Sections {
		id(s.ID)
	}
	for _, s := range r.Steps {
		id(s.ID)
		if !s.Stamp.IsZero() && s.At.IsZero() {
			t.Errorf("the stamp at %v has no time", s.Stamp)
		}
	}
	for _, n := range r.Notes {
		id(n.ID)
		if n.Text == "" {
			t.Errorf("the note %s is empty", n.ID)
		}
	}
	if !utf8.ValidString(dumpText(r)) {
		t.Error("a text is not valid UTF-8")
	}
	if r.Status == "" || r.StatusFrom == Unknown || r.StatusReason.Kind == "" || r.Title.IsZero() {
		t.Errorf("status %q from %q, because %v; title %q", r.Status, r.StatusFrom, r.StatusReason, r.Title.Value)
	}
}

func dumpText(r *Record) string {
	var b strings.Builder
	for _, s := range r.Steps {
		b.WriteString(s.Text + s.Label + s.Section + s.By)
	}
	for _, n := range r.Notes {
		b.WriteString(n.Text)
	}
	for _, m := range r.Metrics {
		b.WriteString(m.Label + m.Value.Value)
	}
	return b.String() + r.Title.Value + r.Environment.Value
}

// checkMarks gives a few steps each other state: only the mark's bytes change,
// and it is read as written.
func checkMarks(t *testing.T, r *Record) {
	for i, s := range r.Steps {
		if i == 3 {
			return
		}
		mark := strings.ReplaceAll(strings.ToValidUTF8(string(r.Source[s.Mark.Start:s.Mark.End]), "?"), "\x00", "?") // as it is read
		state, n, ok := ParseMark(mark)
		if !ok || n != len(mark) || state != s.State && s.EndMark.IsZero() && s.State != Skipped {
			t.Fatalf("step %d is %s, its mark is %q", i, s.State, mark)
		}
		if s.Node.Kind() == ast.KindHTMLBlock && s.Mark.Start == blockStart(s.Node) {
			continue // without this tag there is no HTML; MarkStep sees that
		}
		for _, state := range States {
			checkMarkEdit(t, r, i, state)
		}
	}
}

func checkMarkEdit(t *testing.T, r *Record, i int, state State) {
	e := markOnly(r, r.Steps[i], state)
	source, err := apply(r.Source, e)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(source, r.Source[:e.Span.Start]) || !bytes.HasSuffix(source, r.Source[e.Span.End:]) {
		t.Fatal("other bytes were changed")
	}
	after := Parse(recordName1, source, Options{})
	if after.Document.Body.Start != r.Document.Body.Start {
		return // below a line “---” a box looks like YAML; MarkStep sees that
	}
	if len(after.Steps) != len(r.Steps) || after.Steps[i].State != state {
		t.Errorf("step %d set to %s: %d steps instead of %d in %q", i, state, len(after.Steps), len(r.Steps), source)
	}
}

// checkPositions: a problem stands on a line of the file.
func checkPositions(t *testing.T, r *Record) {
	lines := bytes.Count(r.Source, []byte("\n")) + 1
	for _, p := range r.Problems {
		if p.Line > lines || p.Message == "" || p.Hint == "" || p.File != recordName1 {
			t.Errorf("of %d lines: %s", lines, p)
		}
		if strings.Contains(p.Message, "cannot be laid out") {
			t.Errorf("the Markdown library failed: %s", p)
		}
	}
}

// checkTree: the tree's texts are places in the source.
func checkTree(t *testing.T, r *Record) {
	if r.Document.Root == nil {
		return
	}
	_ = ast.Walk(r.Document.Root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if text, ok := n.(*ast.Text); ok && entering {
			if s := text.Segment; s.Start < r.Document.Body.Start || s.Stop > r.Document.Body.End || s.Stop < s.Start {
				t.Errorf("text at %d to %d, body %v", s.Start, s.Stop, r.Document.Body)
			}
		}
		return ast.WalkContinue, nil
	})
}

// FuzzTemplate: whatever a checklist looks like, what is put in front of its steps
// is read as such, and nothing else is changed.
func FuzzTemplate(f *testing.F) {
	addRecords(f)
	f.Fuzz(checkTemplate)
}

func checkTemplate(t *testing.T, source []byte) {
	r := ParseTemplate("t.md", source, Options{})
	if back := withoutBoxes(r); !bytes.Equal(back, source) {
		t.Errorf("%q is %q without the boxes", source, back)
	}
	boxes := 0
	for _, s := range r.Steps {
		if s.State != Pending {
			t.Errorf("a step is %s in %q", s.State, r.Source)
		}
		if slices.ContainsFunc(boxesAt(r.inserted), func(e Edit) bool { return r.InFile(s.Mark.End) == e.Span.Start && r.written(s.Mark) == "[ ]" }) {
			boxes++
		}
	}
	if n := len(r.inserted); boxes < n {
		t.Errorf("%d boxes, %d of them steps in %q", n, boxes, r.Source)
	}
	for _, s := range r.Steps {
		if at := r.InFile(s.Mark.End); at < 0 || at > len(source) {
			t.Errorf("a mark at %d of %d bytes", at, len(source))
		}
	}
	if len(r.Steps) == 0 && r.Document.Root != nil && len(r.Problems) == 0 {
		t.Error("no step, and nobody says so")
	}
	checkComposed(t, source)
}

// checkComposed: in a record each step is open, and it knows what the draft knows.
func checkComposed(t *testing.T, source []byte) {
	content, err := Compose(source, Draft{Title: "Ship", Started: halfPastTwo})
	if err != nil {
		t.Errorf("no record: %v", err)
		return
	}
	r := Parse(recordName1, content, Options{})
	for _, s := range r.Steps {
		if s.State != Pending {
			t.Errorf("a step is %s in %q", s.State, content)
		}
	}
	for _, known := range append(r.Deployers, r.Environment, r.Version, r.Commit, r.Branch, r.RollbackOf) {
		if !known.IsZero() && known.Span.Start < known.Span.End { // else it is nested in a label
			t.Errorf("%q is known in %q", known.Value, content)
		}
	}
	if errorsIn(r) == 0 && (!r.Started.Time.Equal(halfPastTwo.Truncate(time.Second)) || !r.Finished.IsZero() || r.Status != InProgress) {
		t.Errorf("%s from %v to %v in %q", r.Status, r.Started, r.Finished, content)
	}
}

// withoutBoxes takes what was put in out again.
func withoutBoxes(r *Record) []byte {
	var edits []Edit
	for i, at := range r.inserted {
		edits = append(edits, Edit{text.Span{Start: at + i*len(openBox), End: at + (i+1)*len(openBox)}, ""})
	}
	back, _ := apply(r.Source, edits...)
	return back
}

// FuzzFrontMatter: block and body are the whole file, and each value as it
// stands in the file means what was read.
func FuzzFrontMatter(f *testing.F) {
	addRecords(f)
	f.Fuzz(func(t *testing.T, source []byte) {
		checkFrontMatter(t, Parse(recordName1, source, Options{}))
	})
}

func checkFrontMatter(t *testing.T, r *Record) {
	fm, body := r.FrontMatter.Span, r.Document.Body
	if body.End != len(r.Source) || fm.End > body.Start || fm.Start > 3 || body.Start != fm.End && body.Start > 3 {
		t.Fatalf("front matter %v and body %v are not the file of %d bytes", fm, body, len(r.Source))
	}
	for _, field := range r.FrontMatter.Fields {
		checkWritten(t, r, field)
	}
}

// checkWritten puts a value as written into a block of its own.
func checkWritten(t *testing.T, r *Record, f frontmatter.Field) {
	written := cut(r, f.Value.Span)
	if f.Value.Kind != frontmatter.Scalar || strings.HasPrefix(written, "*") || bytes.Contains(r.Source, []byte("!!")) || !utf8.Valid(r.Source) || bytes.IndexByte(r.Source, 0) >= 0 {
		return
	}
	block := map[string]string{"yaml": "---\nk: " + written + "\n---\n", "toml": "+++\nk = " + written + "\n+++\n", "json": `{"k": ` + written + "}\n"}[r.FrontMatter.Format]
	d, _, problems := frontmatter.Parse([]byte(block))
	if len(problems) > 0 || len(d.Fields) != 1 {
		t.Errorf("%s: %q is not read again: %v", f.Name, written, problems)
		return
	}
	got := d.Fields[0].Value.Text
	if strings.TrimRight(got, "\n") != strings.TrimRight(f.Value.Text, "\n") { // a block scalar's last line ends before the span does
		t.Errorf("%s: written %q is %q, was %q", f.Name, written, got, f.Value.Text)
	}
}
